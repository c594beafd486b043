"""Runs a Lambda authorizer, TOKEN or REQUEST, as API Gateway does.

Sources: https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html,
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html,
https://docs.aws.amazon.com/apigateway/latest/api/API_Authorizer.html and
https://repost.aws/knowledge-center/api-gateway-403-error-lambda-authorizer (the wording of refusals)

A failing function is AUTHORIZER_FAILURE; one that cannot be called, or whose output is not an authorizer's,
is AUTHORIZER_CONFIGURATION_ERROR. The policy is cached, not the decision: one answer serves every method that
it names. What an update of the function changes shows when the cached answers have expired.

Left out: FlushStageAuthorizersCache, and `identity.apiKey` in the input of REQUEST.
"""

import json
import re
import time
from collections.abc import Callable, Mapping
from typing import Any

from localstack.services.apigateway.next_gen.execute_api.gateway_response import (
    AccessDeniedError,
    UnauthorizedError,
)

from localcloud.apigateway.authorization import (
    AuthorizerConfigurationError,
    AuthorizerFailureError,
    log_authorizer,
)
from localcloud.apigateway.authorizer_input import build_event, method_arn
from localcloud.apigateway.identity_sources import (
    UnknownIdentitySourceError,
    read_identity_sources,
)
from localcloud.apigateway.java_regex import compile_java
from localcloud.gateway.authorizer_output import (
    AuthorizerOutput,
    MalformedOutputError,
    read_output,
)
from localcloud.gateway.policy import evaluate
from localcloud.gateway.result_cache import ResultCache
from localcloud.iam.policy import Decision, MalformedPolicyError

DEFAULT_TTL_SECONDS = 300

type Invoke = Callable[[Any, Mapping[str, Any], bytes], tuple[bytes, bool]]
"""Calls an authorizer's function: its payload, and whether it failed. Raises if it could not be called."""


class LambdaAuthorizer:
    """Authorizes invocations; one instance serves every API, since its cache is keyed by API and stage."""

    def __init__(self, invoke: Invoke) -> None:
        self._invoke = invoke
        self._cache: ResultCache[AuthorizerOutput] = ResultCache()

    def __call__(self, context: Any, authorizer: Mapping[str, Any]) -> None:
        """Ask the function, or the cache, and apply the answer.

        Args:
            context: the invocation; gets `$context.authorizer` and, where it comes from here, the API key.
            authorizer: the API's definition of it.

        Raises:
            UnauthorizedError: an identity source is missing or does not fit, or the function says so.
            AccessDeniedError: the policy does not allow the method.
            AuthorizerFailureError: the function failed.
            AuthorizerConfigurationError: it could not be called, or its output is malformed.
        """
        started = time.monotonic()
        try:
            identity = _identity(context, authorizer)
            output, latency = self._ask(context, authorizer, identity)
            _apply(output, latency, context)
            _decide(output, context)
        except (UnknownIdentitySourceError, MalformedOutputError, MalformedPolicyError) as error:
            raise AuthorizerConfigurationError(str(error), context) from error
        finally:
            log_authorizer(context, latency=_milliseconds_since(started))

    def _ask(
        self, context: Any, authorizer: Mapping[str, Any], identity: tuple[str, ...]
    ) -> tuple[AuthorizerOutput, int]:
        """The answer, and how long the function took for it in milliseconds: none if it was cached."""
        key = (context.account_id, context.region, context.api_id, context.stage, authorizer["id"], identity)
        if identity and (cached := self._cache.get(key)):
            return cached, 0
        started = time.monotonic()
        output = self._call(context, authorizer, identity)
        if identity:
            ttl = authorizer.get("authorizerResultTtlInSeconds")
            self._cache.put(key, output, DEFAULT_TTL_SECONDS if ttl is None else int(ttl))
        return output, _milliseconds_since(started)

    def _call(
        self, context: Any, authorizer: Mapping[str, Any], identity: tuple[str, ...]
    ) -> AuthorizerOutput:
        event = build_event(context, authorizer["type"], identity)
        try:
            payload, failed = self._invoke(context, authorizer, json.dumps(event).encode())
        except Exception as error:
            raise AuthorizerConfigurationError(f"its function cannot be called: {error}", context) from error
        log_authorizer(context, integrationStatus=200)
        if failed:
            raise _function_error(payload, context)
        return read_output(payload)


def _function_error(payload: bytes, context: Any) -> Exception:
    """A function says 401 by failing with exactly this message."""
    try:
        message = json.loads(payload)["errorMessage"]
    except (ValueError, TypeError, KeyError):
        message = payload.decode(errors="replace")
    if message == "Unauthorized":
        return UnauthorizedError("Unauthorized")
    return AuthorizerFailureError(f"its function failed: {message}", context)


def _identity(context: Any, authorizer: Mapping[str, Any]) -> tuple[str, ...]:
    identity = read_identity_sources(authorizer.get("identitySource"), context)
    if identity is None or not _fits(identity, authorizer, context):
        raise UnauthorizedError("Unauthorized")
    return identity


def _fits(identity: tuple[str, ...], authorizer: Mapping[str, Any], context: Any) -> bool:
    """A TOKEN authorizer has a token, which fits its expression from end to end."""
    if authorizer["type"] != "TOKEN":
        return True
    if len(identity) != 1:
        raise UnknownIdentitySourceError("identitySource: a TOKEN authorizer needs one header")
    expression = authorizer.get("identityValidationExpression")
    try:
        return not expression or compile_java(expression).fullmatch(identity[0]) is not None
    except re.error as error:
        raise AuthorizerConfigurationError(f"identityValidationExpression: {error}", context) from error


def _apply(output: AuthorizerOutput, latency: int, context: Any) -> None:
    context.context_variables["authorizer"] = {
        **output.context,
        "principalId": output.principal_id,
        "integrationLatency": latency,
    }
    log_authorizer(context, integrationLatency=latency)
    if context.deployment.rest_api.rest_api.get("apiKeySource") == "AUTHORIZER":
        context.context_variables["identity"]["apiKey"] = output.usage_identifier_key


def _decide(output: AuthorizerOutput, context: Any) -> None:
    decision = evaluate(output.policy, method_arn(context))
    if decision is Decision.ALLOW:
        return
    suffix = " with an explicit deny" if decision is Decision.EXPLICIT_DENY else ""
    raise AccessDeniedError(f"User is not authorized to access this resource{suffix}")


def _milliseconds_since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
