"""Asks the function of a Lambda authorizer, and reads what it returns.

Sources: https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html,
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from localcloud.gateway.lambda_function import error_message
from localcloud.gateway.policy import read_policy
from localcloud.iam.policy import Policy


class AuthorizerError(Exception):
    """The authorizer did not decide; the message says why."""


class FunctionFailedError(AuthorizerError):
    """The authorizer's function failed."""


class MalformedOutputError(AuthorizerError):
    """The function's output is not an authorizer's; the message says which field."""


class RefusedError(Exception):
    """The function says 401, by failing with exactly "Unauthorized"."""


@dataclass(frozen=True)
class AuthorizerOutput:
    """An authorizer's decision about a caller.

    Attributes:
        principal_id: Who calls.
        policy: What they may call.
        context: What the integration is told about them.
        usage_identifier_key: The API key to meter them by, where the API takes it from its authorizer.
    """

    principal_id: str
    policy: Policy
    context: dict[str, str]
    usage_identifier_key: str | None


def ask_function(call: Callable[[], tuple[bytes, bool]]) -> bytes:
    """Call the function, and return its payload.

    Args:
        call: Gives the payload, and whether the function failed; raises if it could not be called.

    Raises:
        AuthorizerError: It could not be called; FunctionFailedError: it failed.
        RefusedError: It says that the caller is not authorized.
    """
    try:
        payload, failed = call()
    except Exception as error:
        raise AuthorizerError(f"its function cannot be called: {error}") from error
    if not failed:
        return payload
    message = error_message(payload)
    if message == "Unauthorized":
        raise RefusedError
    raise FunctionFailedError(f"its function failed: {message}")


def read_output(payload: bytes) -> AuthorizerOutput:
    """Read the payload of a REST API's authorizer, or of an HTTP API's in format 1.0.

    Raises:
        MalformedOutputError: It is not JSON, lacks a field, or a field has the wrong type.
        MalformedPolicyError: The policy is malformed.
    """
    output = read_object(payload)
    principal, key = output.get("principalId"), output.get("usageIdentifierKey")
    if not isinstance(principal, str) or not principal:
        raise MalformedOutputError("principalId: a text is needed")
    if key is not None and not isinstance(key, str):
        raise MalformedOutputError("usageIdentifierKey: not a text")
    policy = read_policy(output.get("policyDocument"))
    return AuthorizerOutput(principal, policy, _context(output.get("context")), key)


def read_object(payload: bytes) -> dict[str, Any]:
    """Parse a payload that has to be a JSON object, or raise MalformedOutputError."""
    try:
        output = json.loads(payload)
    except ValueError:
        raise MalformedOutputError("the output is not JSON") from None
    if not isinstance(output, dict):
        raise MalformedOutputError("the output is not an object")
    return output


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
