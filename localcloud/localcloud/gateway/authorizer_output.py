"""Reads what an authorizer's Lambda function returns.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html
"""

import json
from dataclasses import dataclass
from typing import Any

from localcloud.gateway.policy import read_policy
from localcloud.iam.policy import Policy


class MalformedOutputError(ValueError):
    """The function's output is not an authorizer's; the message says which field."""


@dataclass(frozen=True)
class AuthorizerOutput:
    """An authorizer's answer about a caller.

    Attributes:
        principal_id: who calls.
        policy: what they may call.
        context: what the integration is told about them.
        usage_identifier_key: the API key to meter them by, where the API takes it from its authorizer.
    """

    principal_id: str
    policy: Policy
    context: dict[str, str]
    usage_identifier_key: str | None


def read_output(payload: bytes) -> AuthorizerOutput:
    """Read the function's payload.

    Raises:
        MalformedOutputError: it is not JSON, lacks a field, or a field has the wrong type.
        MalformedPolicyError: the policy is malformed.
    """
    try:
        output = json.loads(payload)
    except ValueError:
        raise MalformedOutputError("the output is not JSON") from None
    if not isinstance(output, dict):
        raise MalformedOutputError("the output is not an object")
    principal, key = output.get("principalId"), output.get("usageIdentifierKey")
    if not isinstance(principal, str) or not principal:
        raise MalformedOutputError("principalId: a text is needed")
    if key is not None and not isinstance(key, str):
        raise MalformedOutputError("usageIdentifierKey: not a text")
    policy = read_policy(output.get("policyDocument"))
    return AuthorizerOutput(principal, policy, _context(output.get("context")), key)


def _context(context: Any) -> dict[str, str]:
    """Every value becomes a text; objects and lists are refused, as by API Gateway."""
    if context is None:
        return {}
    if not isinstance(context, dict):
        raise MalformedOutputError("context: not an object")
    for key, value in context.items():
        if isinstance(value, dict | list):
            raise MalformedOutputError(f"context.{key}: objects and lists are not allowed")
    return {
        key: value if isinstance(value, str) else json.dumps(value)
        for key, value in context.items()
        if value is not None
    }
