"""Policies of authorizers: what they may say of a method, and what is malformed."""

from typing import Any

import pytest

from localcloud.gateway.policy import evaluate, read_policy
from localcloud.iam.policy import Decision, MalformedPolicyError

ARN = "arn:aws:execute-api:us-east-1:000000000000:abc/v1/GET/partners/animals"


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
        (statement(resource=ARN.replace("animals", "Animals")), Decision.IMPLICIT_DENY),
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


@pytest.mark.parametrize("element", ["Condition", "NotResource", "NotAction", "Principal"])
def test_what_an_authorizer_may_not_return_is_refused_by_name(element: str) -> None:
    with pytest.raises(MalformedPolicyError, match=element):
        read_policy({"Statement": [statement() | {element: "x"}]})


@pytest.mark.parametrize("document", [None, {"Statement": []}, {"Statement": [{"Effect": "Allow"}]}])
def test_what_is_no_policy_is_refused(document: Any) -> None:
    with pytest.raises(MalformedPolicyError, match="Statement"):
        read_policy(document)
