"""Runs a Lambda authorizer, TOKEN or REQUEST, as API Gateway does.

Sources: https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html,
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html,
https://docs.aws.amazon.com/apigateway/latest/api/API_Authorizer.html and
https://repost.aws/knowledge-center/api-gateway-403-error-lambda-authorizer (the wording of refusals)

A failing function is AUTHORIZER_FAILURE; one that cannot be called, or whose output is not an authorizer's,
is AUTHORIZER_CONFIGURATION_ERROR. The policy is cached, not the decision: one result serves every method that
it names. What an update of the function changes shows when the cached results have expired.

Left out: `identity.apiKey` in the input of REQUEST.
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
from localstack.services.apigateway.next_gen.execute_api.header_utils import build_multi_value_headers
from localstack.services.apigateway.next_gen.execute_api.helpers import (
    get_lambda_function_arn_from_invocation_uri,
    render_uri_with_stage_variables,
)
from localstack.utils.aws.arns import get_partition

from localcloud.apigateway.authorization import (
    AuthorizerConfigurationError,
    AuthorizerFailureError,
    log_authorizer,
)
from localcloud.apigateway.identity_sources import (
    UnknownIdentitySourceError,
    read_identity_sources,
)
from localcloud.apigateway.integration_mapping import RequestMapper
from localcloud.apigateway.java_regex import compile_java
from localcloud.gateway.access_log import milliseconds_since
from localcloud.gateway.lambda_authorizer import (
    AuthorizerError,
    AuthorizerOutput,
    FunctionFailedError,
    RefusedError,
    ask_function,
    read_output,
)
from localcloud.gateway.lambda_function import call_function
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
        """Ask the function, or the cache, and apply the result.

        Args:
            context: The invocation; gets `$context.authorizer` and, where it comes from here, the API key.
            authorizer: The API's definition of it.

        Raises:
            UnauthorizedError: An identity source is missing or does not fit, or the function says so.
            AccessDeniedError: The policy does not allow the method.
            AuthorizerFailureError: The function failed.
            AuthorizerConfigurationError: It could not be called, or its output is malformed.
        """
        started = time.monotonic()
        try:
            identity = _identity(context, authorizer)
            output, latency = self._ask(context, authorizer, identity)
            _apply(output, latency, context)
            _decide(output, context)
        except RefusedError:
            raise UnauthorizedError("Unauthorized") from None
        except FunctionFailedError as error:
            raise AuthorizerFailureError(str(error), context) from None
        except (UnknownIdentitySourceError, AuthorizerError, MalformedPolicyError) as error:
            raise AuthorizerConfigurationError(str(error), context) from error
        finally:
            log_authorizer(context, latency=milliseconds_since(started))

    def flush(self, account: str, region: str, api: str, stage: str) -> None:
        """Forget the cached results of a stage."""
        self._cache.discard((account, region, api, stage))

    def _ask(
        self, context: Any, authorizer: Mapping[str, Any], identity: tuple[str, ...]
    ) -> tuple[AuthorizerOutput, int]:
        """The result, and how long the function took for it in milliseconds: 0 if it was cached."""
        key = (context.account_id, context.region, context.api_id, context.stage, authorizer["id"], identity)
        ttl = authorizer.get("authorizerResultTtlInSeconds")
        seconds = DEFAULT_TTL_SECONDS if ttl is None else int(ttl)
        started = time.monotonic()
        output, cached = self._cache.find_or_make(
            key, seconds if identity else 0, lambda: self._call(context, authorizer, identity)
        )
        return output, 0 if cached else milliseconds_since(started)

    def _call(
        self, context: Any, authorizer: Mapping[str, Any], identity: tuple[str, ...]
    ) -> AuthorizerOutput:
        event = build_event(context, authorizer["type"], identity)

        def call() -> tuple[bytes, bool]:
            called = self._invoke(context, authorizer, json.dumps(event).encode())
            log_authorizer(context, integrationStatus=200)
            return called

        return read_output(ask_function(call))


def _method_arn(context: Any) -> str:
    """The ARN of what is called: `<API's ARN>/<stage>/<verb>/<path>`, the path as in the request."""
    request = context.invocation_request
    return f"{_api_arn(context)}/{context.stage}/{request['http_method']}/{request['path'].lstrip('/')}"


def build_event(context: Any, kind: str, identity: tuple[str, ...]) -> dict[str, Any]:
    """Build the function's event.

    Args:
        context: The invocation.
        kind: TOKEN or REQUEST.
        identity: The values of the identity sources; for TOKEN the token alone.
    """
    event: dict[str, Any] = {"type": kind, "methodArn": _method_arn(context)}
    if kind == "TOKEN":
        return event | {"authorizationToken": identity[0]}
    request = context.invocation_request
    headers = request["headers"].copy()
    RequestMapper._set_proxy_headers(headers, context.request)
    headers["X-Amzn-Trace-Id"] = context.trace_id
    return event | {
        "resource": context.resource["path"],
        "path": request["path"],
        "httpMethod": request["http_method"],
        "headers": dict(headers),
        "multiValueHeaders": build_multi_value_headers(headers),
        "queryStringParameters": request["query_string_parameters"],
        "multiValueQueryStringParameters": request["multi_value_query_string_parameters"],
        "pathParameters": request["path_parameters"] or {},
        "stageVariables": context.stage_variables or {},
        "requestContext": context.context_variables,
    }


def invoke_function(context: Any, authorizer: Mapping[str, Any], event: bytes) -> tuple[bytes, bool]:
    """Call the function, or the alias or version of it, that `authorizerUri` names: see `call_function`."""
    uri: Any = render_uri_with_stage_variables(authorizer["authorizerUri"], context.stage_variables)
    return call_function(
        get_lambda_function_arn_from_invocation_uri(uri),
        authorizer.get("authorizerCredentials"),
        f"{_api_arn(context)}/authorizers/{authorizer['id']}",
        event,
    )


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
    decision = evaluate(output.policy, _method_arn(context))
    if decision is Decision.ALLOW:
        return
    suffix = " with an explicit deny" if decision is Decision.EXPLICIT_DENY else ""
    raise AccessDeniedError(f"User is not authorized to access this resource{suffix}")


def _api_arn(context: Any) -> str:
    partition = get_partition(context.region)
    return f"arn:{partition}:execute-api:{context.region}:{context.account_id}:{context.api_id}"
