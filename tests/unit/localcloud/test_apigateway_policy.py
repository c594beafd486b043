"""Policies of authorizers: what they may say of a method, and what is malformed."""

from typing import Any

import pytest

from localcloud_plugin.apigateway.policy import evaluate, read_policy
from localcloud_plugin.iam.policy import Decision, MalformedPolicyError

ARN = "arn:aws:execute-api:us-east-1:000000000000:abc/v1/GET/partners/dragons"


def statement(effect: str = "Allow", resource: Any = ARN, action: Any = "execute-api:Invoke") -> Any:
    return {"Effect": effect, "Action": action, "Resource": resource}


def decide(*statements: Any, resource: str = ARN) -> Decision:
    return evaluate(read_policy({"Version": "2012-10-17", "Statement": list(statements)}), resource)


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
        (statement("Deny"), Decision.EXPLICIT_DENY),
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
        ({"Statement": [statement() | {"NotAction": "x"}]}, "NotAction"),
        ({"Statement": [statement() | {"Principal": "*"}]}, "Principal"),
    ],
)
def test_a_malformed_policy_is_refused_by_name(document: Any, named: str) -> None:
    with pytest.raises(MalformedPolicyError, match=named):
        read_policy(document)
