"""Asks an HTTP API's Lambda authorizer, in each of the formats.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html

The function's result is cached by the identity sources, for every route that uses the authorizer: a policy is
evaluated for each. A function that fails with exactly "Unauthorized" is 401, as for REST APIs. It has 10 s:
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
"""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from localcloud.apigatewayv2.errors import HttpApiError, internal_server_error
from localcloud.apigatewayv2.identity_sources import find_authorizer, read_identity_sources
from localcloud.apigatewayv2.invocation import Invocation
from localcloud.apigatewayv2.lambda_event import build_event
from localcloud.apigatewayv2.lambda_integration import function_arn
from localcloud.gateway import lambda_authorizer
from localcloud.gateway.lambda_authorizer import (
    AuthorizerError,
    MalformedOutputError,
    RefusedError,
    ask_function,
    read_object,
)
from localcloud.gateway.lambda_function import call_function
from localcloud.gateway.policy import evaluate, read_policy
from localcloud.gateway.result_cache import ResultCache
from localcloud.gateway.time_limit import within
from localcloud.iam.policy import Decision, MalformedPolicyError, Policy

LOG = logging.getLogger(__name__)

_LIMIT_SECONDS = 10.0
_NOT_IN_EVENT = {"body", "isBase64Encoded", "multiValueHeaders", "multiValueQueryStringParameters"}

type Invoke = Callable[[Invocation, Mapping[str, Any], bytes], tuple[bytes, bool]]
"""Calls an authorizer's function: its payload, and whether it failed. Raises if it could not be called."""


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


class LambdaAuthorizer:
    """Authorizes invocations; one instance serves every API."""

    def __init__(self, invoke: Invoke) -> None:
        self._invoke = invoke
        self._cache: ResultCache[AuthorizerOutput] = ResultCache()

    def __call__(self, invocation: Invocation, route: Mapping[str, Any]) -> dict[str, Any]:
        """Ask the function, or the cache.

        Returns:
            dict[str, Any]: `{"lambda": ...}` with the function's context.

        Raises:
            HttpApiError: 401 without the identity sources or if the function says so, 403 if it does not
                allow the call, 500 if it does not decide.
        """
        authorizer = find_authorizer(invocation, route)
        identity = read_identity_sources(invocation, authorizer)
        if identity is None:
            raise HttpApiError(401, "Unauthorized")
        try:
            output = self._ask(invocation, authorizer, identity)
        except RefusedError:
            raise HttpApiError(401, "Unauthorized") from None
        except (AuthorizerError, MalformedPolicyError) as error:
            LOG.warning("Authorizer %s: %s", authorizer["authorizerId"], error)
            invocation.logged["authorizer"] = {"error": str(error)}
            raise internal_server_error() from error
        if not output.allows(invocation.arn):
            raise HttpApiError(403, "Forbidden")
        return {"lambda": output.context}

    def _ask(
        self, invocation: Invocation, authorizer: Mapping[str, Any], identity: tuple[str, ...]
    ) -> AuthorizerOutput:
        key = (invocation.api.arn, invocation.stage["stageName"], authorizer["authorizerId"], identity)
        seconds = int(authorizer.get("authorizerResultTtlInSeconds") or 0) if identity else 0
        output, _ = self._cache.find_or_make(
            key, seconds, lambda: self._call(invocation, authorizer, identity)
        )
        return output

    def _call(
        self, invocation: Invocation, authorizer: Mapping[str, Any], identity: tuple[str, ...]
    ) -> AuthorizerOutput:
        version = authorizer.get("authorizerPayloadFormatVersion") or "1.0"
        event = _authorizer_event(invocation, version, identity)
        payload = ask_function(
            lambda: within(_LIMIT_SECONDS, self._invoke, invocation, authorizer, json.dumps(event).encode())
        )
        return read_output(payload, version, simple=bool(authorizer.get("enableSimpleResponses")))


def _authorizer_event(invocation: Invocation, version: str, identity: tuple[str, ...]) -> dict[str, Any]:
    """The function's event: an integration's, without the body, with what is to be authorized."""
    event = {
        name: value for name, value in build_event(invocation, version).items() if name not in _NOT_IN_EVENT
    }
    if version == "2.0":
        own: dict[str, Any] = {"routeArn": invocation.arn, "identitySource": list(identity) or None}
    else:
        sources = ",".join(identity)
        own = {"methodArn": invocation.arn, "identitySource": sources, "authorizationToken": sources}
    return event | {"type": "REQUEST"} | own


def invoke_function(
    invocation: Invocation, authorizer: Mapping[str, Any], event: bytes
) -> tuple[bytes, bool]:
    """Call the function, or the alias or version of it, that `authorizerUri` names."""
    return call_function(
        function_arn(authorizer["authorizerUri"], invocation),
        authorizer.get("authorizerCredentialsArn"),
        f"{invocation.api.arn}/authorizers/{authorizer['authorizerId']}",
        event,
    )


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
