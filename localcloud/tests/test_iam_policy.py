"""IAM's policies: wildcards, variables, precedence, conditions, trust, and what is malformed."""

import fnmatch
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localcloud.iam.policy import (
    TRUST_ELEMENTS,
    AccessRequest,
    Decision,
    MalformedPolicyError,
    evaluate,
    read_policy,
)
from localcloud.iam.wildcards import matches

ARN = "arn:aws:execute-api:us-east-1:000000000000:abc/$default/GET/guest/animals"
AUD, AMR = "cognito-identity.amazonaws.com:aud", "cognito-identity.amazonaws.com:amr"
COGNITO = "cognito-identity.amazonaws.com"


def allow(**elements: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": ARN} | elements


def decide(*statements: Any, **known: tuple[str, ...]) -> Decision:
    policy = read_policy({"Version": "2012-10-17", "Statement": list(statements)})
    return evaluate(policy, AccessRequest("execute-api:Invoke", ARN, context=known))


patterns = st.text(alphabet="ab/*?[", max_size=10)
subjects = st.text(alphabet="ab/[\n", max_size=12)


@given(patterns, subjects)
def test_wildcards_match_what_the_shells_do(pattern: str, text: str) -> None:
    expected = re.compile(fnmatch.translate(pattern.replace("[", "[[]")))
    assert matches(pattern, text) == (expected.match(text) is not None)


@given(st.text(), st.text(), st.text())
def test_a_star_is_any_text_and_a_text_without_wildcards_itself(head: str, middle: str, tail: str) -> None:
    plain = [re.sub(r"[*?$]", "+", part) for part in (head, tail)]
    assert matches("*".join(plain), middle.join(plain))
    assert matches(plain[0], plain[0])
    assert not matches(plain[0], plain[0] + "x")


def test_many_wildcards_take_no_time() -> None:
    assert not matches("*a" * 200 + "b", "a" * 5000)


@given(st.text(), patterns)
def test_a_variable_is_its_value_and_never_a_wildcard(value: str, rest: str) -> None:
    values = {"it:sub": (value,)}
    assert matches("a/${It:sub}/*", f"a/{value}/{rest}", values)
    assert matches("${it:sub}", "x", values) == (value == "x")


@pytest.mark.parametrize("values", [{}, {"it:sub": ()}, {"it:sub": ("a", "b")}])
def test_a_variable_without_one_value_matches_nothing(values: dict[str, tuple[str, ...]]) -> None:
    assert not matches("*${it:sub}*", "a", values)


def test_a_dollar_alone_is_a_dollar() -> None:
    assert matches("abc/$default/*", "abc/$default/GET")


# The oracle: each statement as the brute facts of whether its action, its resource and its condition fit.
facts = st.tuples(st.sampled_from(["Allow", "Deny"]), st.booleans(), st.booleans(), st.booleans())


@given(st.lists(facts, min_size=1, max_size=6), st.booleans())
def test_a_matching_deny_wins_and_no_match_is_an_implicit_deny(
    rules: list[tuple[str, bool, bool, bool]], negated: bool
) -> None:
    no = "Not" if negated else ""
    decision = decide(
        *(
            {
                "Effect": effect,
                f"{no}Action": "execute-api:*" if action is not negated else "s3:*",
                f"{no}Resource": ARN if resource is not negated else "x",
                "Condition": {"StringEquals": {"K": "yes" if condition else "no"}},
            }
            for effect, action, resource, condition in rules
        ),
        k=("yes",),
    )
    matching = {effect for effect, *fits in rules if all(fits)}
    if "Deny" in matching:
        assert decision is Decision.EXPLICIT_DENY
    else:
        assert decision is (Decision.ALLOW if matching else Decision.IMPLICIT_DENY)


@pytest.mark.parametrize(
    ("operator", "value", "given_values", "holds"),
    [
        ("StringEquals", "a", ("a",), True),
        ("StringEquals", ["b", "a"], ("a",), True),
        ("StringEquals", "a*", ("ab",), False),
        ("StringEquals", "${other}", ("o",), True),
        ("StringEquals", "a", (), False),
        ("StringEqualsIfExists", "a", (), True),
        ("StringEqualsIfExists", "a", ("b",), False),
        ("StringNotEquals", ["b", "c"], ("a",), True),
        ("StringNotEquals", ["b", "a"], ("a",), False),
        ("StringNotEquals", "a", (), True),
        ("StringEqualsIgnoreCase", "A", ("a",), True),
        ("StringLike", "a*", ("ab",), True),
        ("StringNotLike", "a*", ("ab",), False),
        ("ArnLike", "arn:*:x", ("arn:aws:x",), True),
        ("Bool", True, ("true",), True),
        ("Bool", "false", ("true",), False),
        ("ForAnyValue:StringLike", "unauth*", ("authenticated", "unauthenticated"), True),
        ("ForAnyValue:StringLike", "unauth*", ("authenticated",), False),
        ("ForAnyValue:StringLike", "*", (), False),
        ("ForAnyValue:StringNotEquals", "a", (), False),
        ("ForAnyValue:StringNotEquals", "a", ("a", "b"), True),
        ("ForAllValues:StringEquals", ["a", "b"], ("a", "b"), True),
        ("ForAllValues:StringEquals", ["a", "b"], ("a", "c"), False),
        ("ForAllValues:StringEquals", "a", (), True),
        ("ForAllValues:StringNotEquals", "a", ("b", "a"), False),
    ],
)
def test_conditions(operator: str, value: Any, given_values: tuple[str, ...], holds: bool) -> None:
    decision = decide(allow(Condition={operator: {"Key": value}}), key=given_values, other=("o",))
    assert (decision is Decision.ALLOW) is holds


def test_every_part_of_a_condition_has_to_hold() -> None:
    condition = {"StringEquals": {"a": "1", "b": "2"}, "StringLike": {"c": "3"}}
    assert decide(allow(Condition=condition), a=("1",), b=("2",), c=("3",)) is Decision.ALLOW
    for missing in "abc":
        known = {name: ("x" if name == missing else value,) for name, value in zip("abc", "123", strict=True)}
        assert decide(allow(Condition=condition), **known) is Decision.IMPLICIT_DENY


def trust(**elements: Any) -> dict[str, Any]:
    condition = {"StringEquals": {AUD: "pool"}, "ForAnyValue:StringLike": {AMR: "unauthenticated"}}
    return {
        "Effect": "Allow",
        "Principal": {"Federated": COGNITO},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": condition,
    } | elements


@pytest.mark.parametrize(
    ("statement", "aud", "amr", "trusted"),
    [
        (trust(), "pool", "unauthenticated", True),
        (trust(Principal={"Federated": ["x", COGNITO]}), "pool", "unauthenticated", True),
        (trust(Principal={"Federated": "*"}), "pool", "unauthenticated", True),
        (trust(Principal="*"), "pool", "unauthenticated", True),
        (trust(), "other", "unauthenticated", False),
        (trust(), "pool", "authenticated", False),
        (trust(Principal={"Federated": "accounts.google.com"}), "pool", "unauthenticated", False),
        (trust(Principal={"Service": COGNITO}), "pool", "unauthenticated", False),
        (trust(Action="sts:AssumeRole"), "pool", "unauthenticated", False),
        (trust(Effect="Deny"), "pool", "unauthenticated", False),
    ],
)
def test_a_trust_policy(statement: Any, aud: str, amr: str, trusted: bool) -> None:
    request = AccessRequest(
        "sts:AssumeRoleWithWebIdentity",
        principal=("Federated", COGNITO),
        context={AUD: (aud,), AMR: (amr,)},
    )
    policy = read_policy({"Statement": statement}, TRUST_ELEMENTS)
    assert (evaluate(policy, request) is Decision.ALLOW) is trusted


@pytest.mark.parametrize(
    ("document", "named"),
    [
        (None, "Statement"),
        ([], "Statement"),
        ({"Statement": []}, "Statement"),
        ({"Statement": ["x"]}, "Statement"),
        ({"Statement": [allow(Effect="allow")]}, "Effect"),
        ({"Statement": [allow(Resource=None)]}, "Resource"),
        ({"Statement": [allow(Resource=[])]}, "Resource"),
        ({"Statement": [allow(NotResource="x")]}, "Resource"),
        ({"Statement": [allow(Action=[1])]}, "Action"),
        ({"Statement": [allow(NotAction="x")]}, "Action"),
        ({"Statement": [{"Effect": "Allow", "Action": "*"}]}, "Resource"),
        ({"Statement": [allow(Principal="*")]}, "Principal"),
        ({"Statement": [allow(Condition={})]}, "Condition"),
        ({"Statement": [allow(Condition={"StringEquals": []})]}, "Condition.StringEquals"),
        ({"Statement": [allow(Condition={"StringEquals": {"k": 1}})]}, "Condition.StringEquals.k"),
        ({"Statement": [allow(Condition={"IpAddress": {"aws:SourceIp": "::/0"}})]}, "IpAddress"),
        ({"Statement": [allow(Condition={"Some:StringLike": {"k": "x"}})]}, "Some:StringLike"),
    ],
)
def test_a_malformed_policy_is_refused_by_name(document: Any, named: str) -> None:
    with pytest.raises(MalformedPolicyError, match=named):
        read_policy(document)


@pytest.mark.parametrize("principal", [None, [], {"Federated": 1}, "arn:aws:iam::000000000000:root"])
def test_a_malformed_principal_is_refused(principal: Any) -> None:
    with pytest.raises(MalformedPolicyError, match="Principal"):
        read_policy({"Statement": trust(Principal=principal)}, TRUST_ELEMENTS)
