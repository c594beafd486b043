"""Calls the Lambda function of an AWS_PROXY integration.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html

A function that fails, cannot be called or responds in another format is 500; one that takes longer than the
integration's time is 503 (seen: https://github.com/serverless/serverless/issues/11222), and goes on; an event
that is too large for it is 413.

Left out: integrations with an `integrationSubtype`.
"""

import json
import logging
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from localcloud.apigatewayv2.errors import HttpApiError, internal_server_error, service_unavailable
from localcloud.apigatewayv2.integration_settings import substitute_stage_variables, timeout_seconds
from localcloud.apigatewayv2.invocation import Invocation
from localcloud.apigatewayv2.lambda_event import build_event
from localcloud.apigatewayv2.lambda_response import MalformedResponseError, read_response
from localcloud.apigatewayv2.parameter_mapping import MappedRequest
from localcloud.apigatewayv2.response import Response
from localcloud.gateway.lambda_function import call_function
from localcloud.gateway.time_limit import within

LOG = logging.getLogger(__name__)

_URI = re.compile(r"arn:[^:]+:apigateway:[^:]+:lambda:path/[^/]+/functions/(?P<function>.+)/invocations")


def call_lambda(invocation: Invocation, integration: Mapping[str, Any], mapped: MappedRequest) -> Response:
    """Call the function and read its response.

    Raises:
        HttpApiError: 413, 500 or 503, as above; the log says why.
    """
    version = integration.get("payloadFormatVersion") or "1.0"
    changed = replace(
        invocation,
        headers=mapped.headers,
        raw_query=mapped.query,
        raw_path=mapped.path or invocation.raw_path,
    )
    payload = _invoke(invocation, integration, json.dumps(build_event(changed, version)).encode())
    try:
        return read_response(payload, version)
    except MalformedResponseError as error:
        LOG.warning("%s: no response of format %s: %s", integration["integrationUri"], version, error)
        raise internal_server_error() from error


def function_arn(uri: str, invocation: Invocation) -> str:
    """The function, alias or version that a URI names: its ARN, or that in API Gateway's form of a URI."""
    named = substitute_stage_variables(uri, invocation)
    match = _URI.fullmatch(named)
    return match["function"] if match else named


def _invoke(invocation: Invocation, integration: Mapping[str, Any], event: bytes) -> bytes:
    function = function_arn(integration["integrationUri"], invocation)
    route = invocation.route["routeKey"].replace(" ", "")
    source_arn = f"{invocation.api.arn}/{invocation.stage['stageName']}/{route}"
    role = integration.get("credentialsArn")
    try:
        limit = timeout_seconds(integration)
        payload, failed = within(limit, call_function, function, role, source_arn, event)
    except TimeoutError as error:
        raise service_unavailable() from error
    except (BotoCoreError, ClientError) as error:
        LOG.warning("%s cannot be called: %s", function, error)
        if "RequestEntityTooLargeException" in str(error):
            raise HttpApiError(413, "Request Entity Too Large") from error
        raise internal_server_error() from error
    if failed:
        raise internal_server_error()
    return payload
