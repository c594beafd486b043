"""What has a grammar at the OAuth 2.0 endpoints: redirects, scopes, PKCE, pages; and what expires."""

from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markupsafe import Markup

from localcloud.cognito_idp.expiring import Expiring
from localcloud.cognito_idp.hosted_ui import pages
from localcloud.cognito_idp.hosted_ui.authorization_request import (
    InvalidScopeError,
    choose_scopes,
    is_challenge,
    proves,
)
from localcloud.cognito_idp.hosted_ui.responses import with_parameters
from tests.hosted_ui import Pkce

texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)
CALLBACKS = st.sampled_from(
    ["https://site.example/back", "https://site.example/back?from=ui&x=%26", "app://back", "app:back"]
)
VERIFIERS = st.text("abcXYZ019-._~", min_size=43, max_size=128)
ALLOWED = ("openid", "email", "profile", "animals/read", "animals/report")


@given(CALLBACKS, texts, texts)
def test_a_redirect_brings_back_any_state_and_keeps_what_the_address_has(
    callback: str, state: str, code: str
) -> None:
    location = with_parameters(callback, {"state": state, "code": code, "error": None})
    assert location.startswith(callback)
    assert location.isascii()
    assert location.isprintable()
    query = parse_qs(urlsplit(location).query, strict_parsing=True, keep_blank_values=True)
    assert (query.pop("state"), query.pop("code")) == ([state], [code])
    assert query == parse_qs(urlsplit(callback).query)


@given(VERIFIERS, VERIFIERS)
def test_a_challenge_is_proved_by_its_verifier_alone(verifier: str, other: str) -> None:
    challenge = Pkce(verifier).challenge
    assert is_challenge(challenge)
    assert proves(verifier, challenge)
    assert proves(other, challenge) == (other == verifier)


@given(texts)
def test_no_text_proves_a_challenge_it_does_not_have(text: str) -> None:
    assert not proves(text, Pkce().challenge)
    assert not proves(text, text)


def test_a_verifier_and_a_challenge_belong_together() -> None:
    pkce = Pkce()
    assert proves(None, None)
    assert not proves(pkce.verifier, None)
    assert not proves(None, pkce.challenge)
    short = Pkce("a" * 42)
    assert not proves(short.verifier, short.challenge)


@given(st.lists(st.sampled_from(ALLOWED), min_size=1))
def test_scopes_are_those_of_the_request_once_each(asked: list[str]) -> None:
    try:
        scopes = choose_scopes(" ".join(asked), ALLOWED)
    except InvalidScopeError:
        assert "openid" not in asked
        assert {"email", "profile"} & set(asked)
    else:
        assert list(scopes) == list(dict.fromkeys(asked))


@given(texts)
def test_no_text_is_a_scope_that_is_not_allowed(text: str) -> None:
    try:
        assert set(choose_scopes(text, ALLOWED)) <= set(ALLOWED)
    except InvalidScopeError:
        assert text not in ALLOWED or text in ("email", "profile")


@pytest.mark.parametrize("scope", ["openid  email", " openid", "openid ", "openid\temail", 'open"id', "ünid"])
def test_malformed_scopes_are_refused(scope: str) -> None:
    with pytest.raises(InvalidScopeError):
        choose_scopes(scope, [*ALLOWED, scope])


def test_no_scope_is_every_scope() -> None:
    assert choose_scopes(None, ALLOWED) == ALLOWED


class Reader(HTMLParser):
    """Reads a page: its tags, the values of its attributes, and its text."""

    def __init__(self, page: Markup) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.values: list[str | None] = []
        self.text = ""
        self.feed(str(page))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.values += [value for _, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data


@example("password", "0")
@given(texts, texts)
def test_no_text_changes_a_page(text: str, error: str) -> None:
    def read(text: str, error: str) -> Reader:
        url = f"https://ui.example/?{text}"
        field = pages.Field(text, text, (text,), {"id": text, "value": text})
        shown = pages.Form(text, url, (text, text), (field,), text, {text: text}, ((text, url, text),), url)
        return Reader(pages.form(shown, text, error))

    page, plain = read(text, error), read("a", "b")
    assert page.tags == plain.tags
    of_its_own = [value for value in plain.values if value != "a"].count(text)  # such as password
    assert page.values.count(text) == plain.values.count("a") + of_its_own
    assert error in page.text
    for made in (pages.message, lambda title, words: pages.front({title: words})):
        assert Reader(made(text, text)).tags == Reader(made("a", "a")).tags


def test_what_is_kept_expires_and_is_taken_once() -> None:
    now = [1000.0]
    kept: Expiring[str] = Expiring(10, lambda: now[0])
    first = kept.keep("first")
    now[0] += 5
    second = kept.keep("second")
    assert (kept.find(first), kept.find(second), kept.find("")) == ("first", "second", None)
    now[0] += 5
    assert (kept.find(first), kept.take(first), kept.take(second)) == (None, None, "second")
    assert (kept.find(second), kept.take(second)) == (None, None)


def test_of_many_who_take_at_once_one_gets_it() -> None:
    kept: Expiring[str] = Expiring(10)
    for _ in range(20):
        key = kept.keep("code")
        with ThreadPoolExecutor(8) as callers:
            assert sorted(callers.map(lambda _, key=key: str(kept.take(key)), range(8))) == ["None"] * 7 + [
                "code"
            ]
