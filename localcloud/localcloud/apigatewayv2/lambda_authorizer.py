"""Asks an HTTP API's Lambda authorizer.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html

The function's answer is cached by the identity sources, for every route that uses the authorizer: a policy is
evaluated for each. A function that fails with exactly "Unauthorized" is 401, as for REST APIs. It has 10 s:
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
"""

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

from localcloud.apigateway.authorizer_input import call_function
from localcloud.apigatewayv2.authorizer_output import AuthorizerAnswer, read_answer
from localcloud.apigatewayv2.errors import HttpApiError, internal_server_error
from localcloud.apigatewayv2.identity_sources import find_authorizer, read_identity_sources
from localcloud.apigatewayv2.invocation import Invocation
from localcloud.apigatewayv2.lambda_event import build_event
from localcloud.apigatewayv2.lambda_integration import function_arn
from localcloud.gateway.authorizer_output import MalformedOutputError
from localcloud.gateway.result_cache import ResultCache
from localcloud.gateway.time_limit import within
from localcloud.iam.policy import MalformedPolicyError

LOG = logging.getLogger(__name__)

_LIMIT_SECONDS = 10.0
_NOT_IN_EVENT = {"body", "isBase64Encoded", "multiValueHeaders", "multiValueQueryStringParameters"}

type Invoke = Callable[[Invocation, Mapping[str, Any], bytes], tuple[bytes, bool]]
"""Calls an authorizer's function: its payload, and whether it failed. Raises if it could not be called."""


class AuthorizerError(Exception):
    """The authorizer did not decide; the message says why."""


class LambdaAuthorizer:
    """Authorizes invocations; one instance serves every API."""

    def __init__(self, invoke: Invoke) -> None:
        self._invoke = invoke
        self._cache: ResultCache[AuthorizerAnswer] = ResultCache()

    def __call__(self, invocation: Invocation, route: Mapping[str, Any]) -> dict[str, Any]:
        """Ask the function, or the cache.

        Returns:
            dict[str, Any]: `{"lambda": ...}` with the function's context.

        Raises:
            HttpApiError: 401 without the identity sources, 403 if the answer is no, 500 if there is none.
        """
        authorizer = find_authorizer(invocation, route)
        identity = read_identity_sources(invocation, authorizer)
        if identity is None:
            raise HttpApiError(401, "Unauthorized")
        try:
            answer = self._ask(invocation, authorizer, identity)
        except (AuthorizerError, MalformedOutputError, MalformedPolicyError) as error:
            LOG.warning("Authorizer %s: %s", authorizer["authorizerId"], error)
            invocation.logged["authorizer"] = {"error": str(error)}
            raise internal_server_error() from error
        if not answer.allows(invocation.arn):
            raise HttpApiError(403, "Forbidden")
        return {"lambda": answer.context}

    def _ask(
        self, invocation: Invocation, authorizer: Mapping[str, Any], identity: tuple[str, ...]
    ) -> AuthorizerAnswer:
        stage = invocation.stage["stageName"]
        key = (invocation.api.arn, stage, authorizer["authorizerId"], identity)
        if identity and (cached := self._cache.get(key)):
            return cached
        version = authorizer.get("authorizerPayloadFormatVersion") or "1.0"
        payload = self._call(invocation, authorizer, authorizer_event(invocation, version, identity))
        answer = read_answer(payload, version, simple=bool(authorizer.get("enableSimpleResponses")))
        if identity:
            self._cache.put(key, answer, int(authorizer.get("authorizerResultTtlInSeconds") or 0))
        return answer

    def _call(self, invocation: Invocation, authorizer: Mapping[str, Any], event: dict[str, Any]) -> bytes:
        try:
            body = json.dumps(event).encode()
            payload, failed = within(_LIMIT_SECONDS, self._invoke, invocation, authorizer, body)
        except Exception as error:
            raise AuthorizerError(f"its function cannot be called: {error}") from error
        if failed and _error_message(payload) == "Unauthorized":
            raise HttpApiError(401, "Unauthorized")
        if failed:
            raise AuthorizerError("its function failed")
        return payload


def authorizer_event(invocation: Invocation, version: str, identity: tuple[str, ...]) -> dict[str, Any]:
    """Build the function's event: an integration's, without the body, with what is to be authorized.

    Args:
        invocation: The request.
        version: The authorizer's payload format, 1.0 or 2.0.
        identity: The values of its identity sources.
    """
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


def _error_message(payload: bytes) -> Any:
    try:
        return json.loads(payload)["errorMessage"]
    except (ValueError, TypeError, KeyError):
        return None
