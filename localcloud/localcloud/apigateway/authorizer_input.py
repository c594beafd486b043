"""Builds the event of an authorizer's Lambda function, and calls the function.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html
"""

from collections.abc import Mapping
from typing import Any

from localstack.services.apigateway.next_gen.execute_api.header_utils import build_multi_value_headers
from localstack.services.apigateway.next_gen.execute_api.helpers import (
    get_lambda_function_arn_from_invocation_uri,
    render_uri_with_stage_variables,
)
from localstack.services.apigateway.next_gen.execute_api.integrations.aws import get_service_factory
from localstack.utils.aws.arns import extract_region_from_arn, get_partition
from localstack.utils.aws.client_types import ServicePrincipal

from localcloud.apigateway.integration_mapping import RequestMapper


def method_arn(context: Any) -> str:
    """The ARN of what is called: `<API's ARN>/<stage>/<verb>/<path>`, the path as in the request."""
    request = context.invocation_request
    return f"{_api_arn(context)}/{context.stage}/{request['http_method']}/{request['path'].lstrip('/')}"


def build_event(context: Any, kind: str, identity: tuple[str, ...]) -> dict[str, Any]:
    """Build the function's event.

    Args:
        context: the invocation.
        kind: TOKEN or REQUEST.
        identity: the values of the identity sources; for TOKEN the token alone.
    """
    event: dict[str, Any] = {"type": kind, "methodArn": method_arn(context)}
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


def call_function(function: str, role: str | None, source_arn: str, event: bytes) -> tuple[bytes, bool]:
    """Call an authorizer's function.

    Args:
        function: its ARN.
        role: the ARN of the role to call it with; none if the function's own policy allows the call.
        source_arn: the authorizer's ARN.
        event: the event, as JSON.

    Returns:
        tuple[bytes, bool]: the payload, and whether the function failed.

    Raises:
        Exception: it cannot be called.
    """
    assumed: Any = role
    client = get_service_factory(extract_region_from_arn(function), assumed).lambda_
    answer = client.request_metadata(
        service_principal=ServicePrincipal.apigateway, source_arn=source_arn
    ).invoke(FunctionName=function, Payload=event)
    return answer["Payload"].read(), "FunctionError" in answer


def _api_arn(context: Any) -> str:
    partition = get_partition(context.region)
    return f"arn:{partition}:execute-api:{context.region}:{context.account_id}:{context.api_id}"
