"""Reads what an HTTP API's Lambda authorizer returns, in each of the formats.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
"""

from dataclasses import dataclass
from typing import Any

from localcloud.gateway import lambda_authorizer
from localcloud.gateway.lambda_authorizer import MalformedOutputError, read_object
from localcloud.gateway.policy import evaluate, read_policy
from localcloud.iam.policy import Decision, Policy


@dataclass(frozen=True)
class AuthorizerOutput:
    """An authorizer's decision.

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


def read_output(payload: bytes, version: str, simple: bool) -> AuthorizerOutput:
    """Read the function's payload.

    Args:
        payload: What it returned.
        version: The authorizer's payload format; 1.0 is as for REST APIs.
        simple: Whether simple responses are enabled, which only 2.0 knows.

    Raises:
        MalformedOutputError: It does not have that format.
        MalformedPolicyError: Its policy is malformed.
    """
    if version != "2.0":
        output = lambda_authorizer.read_output(payload)
        return AuthorizerOutput(output.policy, dict(output.context))
    given = read_object(payload)
    context = given.get("context") or {}
    if not isinstance(context, dict):
        raise MalformedOutputError("context: not an object")
    verdict = _read_verdict(given) if simple else read_policy(given.get("policyDocument"))
    return AuthorizerOutput(verdict, context)


def _read_verdict(given: dict[str, Any]) -> bool:
    verdict = given.get("isAuthorized")
    if not isinstance(verdict, bool):
        raise MalformedOutputError("isAuthorized: true or false is needed")
    return verdict
