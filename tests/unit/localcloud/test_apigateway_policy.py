"""Policies of authorizers: wildcards, precedence, and what is malformed."""

import fnmatch
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localcloud_plugin.apigateway.policy import (
    Decision,
    MalformedPolicyError,
    evaluate,
    matches,
    read_policy,
)

ARN = "arn:aws:execute-api:us-east-1:000000000000:abc/v1/GET/partners/dragons"


def statement(effect: str = "Allow", resource: Any = ARN, action: Any = "execute-api:Invoke") -> Any:
    return {"Effect": effect, "Action": action, "Resource": resource}


def decide(*statements: Any, resource: str = ARN) -> Decision:
    return evaluate(read_policy({"Version": "2012-10-17", "Statement": list(statements)}), resource)


patterns = st.text(alphabet="ab/*?[", max_size=10)
subjects = st.text(alphabet="ab/[\n", max_size=12)


@given(patterns, subjects)
def test_wildcards_match_what_the_shells_do(pattern: str, text: str) -> None:
    expected = re.compile(fnmatch.translate(pattern.replace("[", "[[]")))
    assert matches(pattern, text) == (expected.match(text) is not None)


@given(st.text(), st.text(), st.text())
def test_a_star_is_any_text_and_a_text_without_wildcards_itself(head: str, middle: str, tail: str) -> None:
    plain = [part.replace("*", "+").replace("?", "+") for part in (head, tail)]
    assert matches("*".join(plain), middle.join(plain))
    assert matches(plain[0], plain[0])
    assert not matches(plain[0], plain[0] + "x")


def test_many_wildcards_take_no_time() -> None:
    assert not matches("*a" * 200 + "b", "a" * 5000)


effects = st.lists(st.tuples(st.sampled_from(["Allow", "Deny"]), st.booleans()), min_size=1, max_size=6)


@given(effects)
def test_a_matching_deny_wins_and_no_match_is_an_implicit_deny(rules: list[tuple[str, bool]]) -> None:
    decision = decide(*(statement(effect, ARN if matching else "x") for effect, matching in rules))

    matching = {effect for effect, matches_it in rules if matches_it}
    if "Deny" in matching:
        assert decision is Decision.EXPLICIT_DENY
    else:
        assert decision is (Decision.ALLOW if matching else Decision.IMPLICIT_DENY)


@pytest.mark.parametrize(
    ("allowed", "decision"),
    [
        (statement(resource="*"), Decision.ALLOW),
        (statement(resource=["x", ARN]), Decision.ALLOW),
        (statement(resource=ARN.replace("/GET/", "/*/")), Decision.ALLOW),
        (statement(resource=ARN.replace("us-east-1", "*")), Decision.ALLOW),
        (statement(resource=ARN.replace("v1", "v?")), Decision.ALLOW),
        (statement(resource=ARN.replace("dragons", "Dragons")), Decision.IMPLICIT_DENY),
        (statement(resource=ARN.replace("GET", "POST")), Decision.IMPLICIT_DENY),
        (statement(resource=ARN + "/*"), Decision.IMPLICIT_DENY),
        (statement(action="execute-api:*"), Decision.ALLOW),
        (statement(action=["s3:GetObject", "Execute-API:invoke"]), Decision.ALLOW),
        (statement(action="*"), Decision.ALLOW),
        (statement(action="execute-api:ManageConnections"), Decision.IMPLICIT_DENY),
    ],
)
def test_resources_and_actions(allowed: Any, decision: Decision) -> None:
    assert decide(allowed) is decision


def test_one_statement_needs_no_list() -> None:
    assert evaluate(read_policy({"Statement": statement()}), ARN) is Decision.ALLOW


@pytest.mark.parametrize(
    ("document", "named"),
    [
        (None, "Statement"),
        ([], "Statement"),
        ({"Statement": []}, "Statement"),
        ({"Statement": ["x"]}, "Statement"),
        ({"Statement": [statement(effect="allow")]}, "Effect"),
        ({"Statement": [statement(resource=None)]}, "Resource"),
        ({"Statement": [statement(resource=[])]}, "Resource"),
        ({"Statement": [statement(action=[1])]}, "Action"),
        ({"Statement": [statement() | {"Condition": {}}]}, "Condition"),
        ({"Statement": [statement() | {"NotResource": "x"}]}, "NotResource"),
    ],
)
def test_a_malformed_policy_is_refused_by_name(document: Any, named: str) -> None:
    with pytest.raises(MalformedPolicyError, match=named):
        read_policy(document)
