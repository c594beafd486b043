"""Reads what an HTTP API's Lambda authorizer returns, in each of the formats.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
"""

import json
from dataclasses import dataclass
from typing import Any

from localcloud.gateway.authorizer_output import MalformedOutputError, read_output
from localcloud.gateway.policy import evaluate, read_policy
from localcloud.iam.policy import Decision, Policy


@dataclass(frozen=True)
class AuthorizerAnswer:
    """An authorizer's answer.

    Attributes:
        verdict: A simple response's yes or no, or else the policy.
        context: What the integration is told.
    """

    verdict: bool | Policy
    context: dict[str, Any]

    def allows(self, arn: str) -> bool:
        """Whether what the ARN names may be called."""
        if isinstance(self.verdict, bool):
            return self.verdict
        return evaluate(self.verdict, arn) is Decision.ALLOW


def read_answer(payload: bytes, version: str, simple: bool) -> AuthorizerAnswer:
    """Read the function's payload.

    Args:
        payload: What it returned.
        version: The authorizer's payload format; 1.0 is as for REST APIs.
        simple: Whether simple responses are enabled, which only 2.0 knows.

    Raises:
        MalformedOutputError: It is not an answer of that format.
        MalformedPolicyError: Its policy is malformed.
    """
    if version != "2.0":
        output = read_output(payload)
        return AuthorizerAnswer(output.policy, dict(output.context))
    answer = _read_object(payload)
    context = answer.get("context") or {}
    if not isinstance(context, dict):
        raise MalformedOutputError("context: not an object")
    verdict = _read_verdict(answer) if simple else read_policy(answer.get("policyDocument"))
    return AuthorizerAnswer(verdict, context)


def _read_verdict(answer: dict[str, Any]) -> bool:
    verdict = answer.get("isAuthorized")
    if not isinstance(verdict, bool):
        raise MalformedOutputError("isAuthorized: true or false is needed")
    return verdict


def _read_object(payload: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(payload)
    except ValueError:
        raise MalformedOutputError("the output is not JSON") from None
    if not isinstance(answer, dict):
        raise MalformedOutputError("the output is not an object")
    return answer
