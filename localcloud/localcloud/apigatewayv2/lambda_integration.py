"""Calls the Lambda function of an AWS_PROXY integration.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html

A function that fails, cannot be called or responds in another format is 500; one that takes longer than the
integration's time is 503 (seen: https://github.com/serverless/serverless/issues/11222), and goes on; an event
that is too large for it is 413.

Left out: integrations with an `integrationSubtype`.
"""

import base64
import binascii
import json
import logging
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from werkzeug.datastructures import Headers

from localcloud.apigatewayv2.errors import HttpApiError, internal_server_error, service_unavailable
from localcloud.apigatewayv2.invocation import Invocation, substitute_stage_variables, timeout_seconds
from localcloud.apigatewayv2.lambda_event import build_event
from localcloud.apigatewayv2.parameter_mapping import MappedRequest
from localcloud.apigatewayv2.response import Response
from localcloud.gateway.lambda_function import call_function
from localcloud.gateway.time_limit import within

LOG = logging.getLogger(__name__)

_URI = re.compile(r"arn:[^:]+:apigateway:[^:]+:lambda:path/[^/]+/functions/(?P<function>.+)/invocations")
_DEFAULT_TYPE = "text/plain;charset=UTF-8"


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


class MalformedResponseError(ValueError):
    """The function's response does not have its format."""


def read_response(payload: bytes, version: str) -> Response:
    """Read a function's response.

    Args:
        payload: What it returned, as JSON.
        version: The integration's `payloadFormatVersion`.

    Raises:
        MalformedResponseError: The payload is not as the format wants it; says which field.
    """
    try:
        response = json.loads(payload)
    except ValueError as error:
        raise MalformedResponseError("not JSON") from error
    if version == "2.0" and not (isinstance(response, dict) and "statusCode" in response):
        return _inferred(response, payload)
    if not isinstance(response, dict):
        raise MalformedResponseError("not an object")
    headers = _headers(response, version)
    if "content-type" not in headers:
        headers["content-type"] = _DEFAULT_TYPE
    return Response(_status(response), headers, _body(response))


def _inferred(response: Any, payload: bytes) -> Response:
    """Anything without a status is the body itself, and JSON."""
    body = response.encode() if isinstance(response, str) else payload
    return Response(200, Headers({"content-type": "application/json"}), body)


def _status(response: dict[str, Any]) -> int:
    try:
        status = int(response["statusCode"])
    except (KeyError, TypeError, ValueError) as error:
        raise MalformedResponseError("statusCode") from error
    if not 100 <= status <= 599:
        raise MalformedResponseError("statusCode")
    return status


def _headers(response: dict[str, Any], version: str) -> Headers:
    headers = Headers()
    single = _object(response, "headers")
    multiple = _object(response, "multiValueHeaders") if version == "1.0" else {}
    repeated = {name.lower() for name in multiple}
    for name, value in single.items():
        if name.lower() not in repeated:
            headers.add(name.lower(), _text(value, "headers"))
    for name, values in multiple.items():
        for value in values if isinstance(values, list) else [values]:
            headers.add(name.lower(), _text(value, "multiValueHeaders"))
    for cookie in _list(response, "cookies") if version == "2.0" else []:
        headers.add("set-cookie", _text(cookie, "cookies"))
    return headers


def _text(value: Any, field: str) -> str:
    """A header's value; one that would start a header of its own is not one."""
    if isinstance(value, bool | int | float):
        return json.dumps(value)
    if not isinstance(value, str) or "\n" in value or "\r" in value:
        raise MalformedResponseError(field)
    return value


def _body(response: dict[str, Any]) -> bytes:
    body = response.get("body")
    if body is None:
        return b""
    if not isinstance(body, str):
        raise MalformedResponseError("body")
    if not response.get("isBase64Encoded"):
        return body.encode("utf-8", "replace")
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error as error:
        raise MalformedResponseError("body") from error


def _object(response: dict[str, Any], field: str) -> dict[str, Any]:
    value = response.get(field) or {}
    if not isinstance(value, dict):
        raise MalformedResponseError(field)
    return value


def _list(response: dict[str, Any], field: str) -> list[Any]:
    value = response.get(field) or []
    if not isinstance(value, list):
        raise MalformedResponseError(field)
    return value
