"""Who may sign up: domains and their subdomains, however they are written, and words that help."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragons.errors import ConfigurationError
from pre_sign_up.domains import DomainRules, SignUpRefusedError, ascii_domain

ADDRESS_NEEDED = "an e-mail address is needed: sign up with one, or let your identity provider share it"
EVENT = json.loads((Path(__file__).parents[2] / "fixtures/events/pre_sign_up.json").read_text())

labels = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)
domains = st.lists(labels, min_size=2, max_size=3).map(".".join)
mailboxes = st.one_of(
    st.from_regex(r"[A-Za-z0-9.+_-]{1,20}", fullmatch=True), st.just('"a@b"'), st.just("ann@example.org")
)


def passes(rules: DomainRules, email: str) -> bool:
    try:
        rules.check(email)
    except SignUpRefusedError:
        return False
    return True


@given(mailboxes, domains, st.lists(labels, max_size=2), st.data())
def test_a_rule_holds_for_its_domain_and_subdomains_in_any_case(
    mailbox: str, domain: str, below: list[str], data: st.DataObject
) -> None:
    written = "".join(data.draw(st.sampled_from([c.lower(), c.upper()])) for c in ".".join([*below, domain]))
    email = f"{mailbox}@{written}{data.draw(st.sampled_from(['', '.']))}"
    assert passes(DomainRules.of([domain.upper()], []), email)
    assert not passes(DomainRules.of([], [domain]), email)
    assert not passes(DomainRules.of([domain], [domain]), email)


@given(mailboxes, domains, domains, labels)
def test_a_rule_holds_for_no_other_domain(mailbox: str, domain: str, other: str, prefix: str) -> None:
    parts = domain.split(".")
    for stranger in (other, f"{prefix}{domain}", f"{domain}.{other}", ".".join(parts[1:])):
        covered = stranger.split(".")[-len(parts) :] == parts
        assert passes(DomainRules.of([domain], []), f"{mailbox}@{stranger}") is covered
        assert passes(DomainRules.of([], [domain]), f"{mailbox}@{stranger}") is not covered


@pytest.mark.parametrize(
    ("configured", "written"),
    [
        ("bücher.example", "xn--bcher-kva.example"),
        ("xn--bcher-kva.example", "BÜCHER.example"),
        ("example.org", "\uff45\uff58ample\u3002org"),
        ("δράκοι.example", "mail.ΔΡΆΚΟΙ.example"),
    ],
)
def test_a_domain_is_the_same_in_whatever_script_it_is_written(configured: str, written: str) -> None:
    assert passes(DomainRules.of([configured], []), f"ann@{written}")
    assert not passes(DomainRules.of([], [configured]), f"ann@{written}")


def test_a_look_alike_is_another_domain() -> None:
    assert not passes(DomainRules.of(["example.org"], []), "ann@ex\u0430mple.org")  # a Cyrillic a
    assert not passes(DomainRules.of(["strasse.example"], []), "ann@straße.example")


@pytest.mark.parametrize(
    "email",
    [
        "",
        "ann",
        "@example.org",
        "ann@",
        "ann@.",
        "ann@a..b",
        "ann@example.org\n",
        "ann@[192.0.2.7]",
        "a@☃.\u200d",
    ],
)
def test_what_is_no_address_is_refused_whatever_the_rules(email: str) -> None:
    with pytest.raises(SignUpRefusedError, match=f"^{ADDRESS_NEEDED}$"):
        DomainRules().check(email)


@pytest.mark.parametrize(
    "domain",
    ["a" * 63 + ".example", "a_b.example", "a-b.example", ".".join(["a" * 63] * 3 + ["a" * 61])],
)
def test_a_domain_may_be_so_long(domain: str) -> None:
    assert ascii_domain(domain) == domain


@pytest.mark.parametrize(
    "text",
    ["a" * 64 + ".example", "_.example", "-.example", "a b.example", ".".join(["a" * 63] * 3 + ["a" * 62])],
)
def test_what_is_longer_or_has_other_characters_is_no_domain(text: str) -> None:
    assert ascii_domain(text) is None


def test_who_has_no_address_is_refused() -> None:
    from pre_sign_up import handler

    event = EVENT | {"request": {"userAttributes": {}}}
    with pytest.raises(SignUpRefusedError, match=f"^{ADDRESS_NEEDED}$"):
        handler.handler(event, None)


@given(st.text())
def test_any_text_is_a_domain_in_one_form_or_none(text: str) -> None:
    domain = ascii_domain(text)
    assert domain is None or ascii_domain(domain) == domain.lower()


@pytest.mark.parametrize(
    ("email", "told"),
    [
        ("ann@a.spam.example", "addresses at spam.example are not accepted: sign up with another one"),
        ("ann@elsewhere.example", "sign up with an address at example.org or example.com"),
    ],
)
def test_a_refusal_says_what_to_do_and_not_the_address(email: str, told: str) -> None:
    with pytest.raises(SignUpRefusedError) as caught:
        DomainRules.of(["example.org", "example.com"], ["spam.example"]).check(email)
    assert str(caught.value) == told


@pytest.mark.parametrize("wrong", ["ann@example.org", "*.example.org", "https://example.org", ".example.org"])
def test_a_rule_that_is_no_domain_fails_the_deployment(wrong: str) -> None:
    with pytest.raises(ConfigurationError, match="is not a domain"):
        DomainRules.of([], [wrong])


@pytest.mark.parametrize(
    "source", ["PreSignUp_SignUp", "PreSignUp_AdminCreateUser", "PreSignUp_ExternalProvider"]
)
def test_the_handler_holds_everybody_to_the_rules_and_confirms_nobody(
    source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pre_sign_up import handler

    event: dict[str, Any] = EVENT | {"triggerSource": source}
    assert handler.handler(event, None) == event
    assert not any(event["response"].values())
    monkeypatch.setattr(handler, "rules", DomainRules.of([], ["example.org"]))
    with pytest.raises(SignUpRefusedError):
        handler.handler(event, None)
    with pytest.raises(SignUpRefusedError):
        handler.handler(event | {"request": {"userAttributes": {}}}, None)
