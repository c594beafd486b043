"""Reads what a Lambda function returns, payload format 1.0 or 2.0.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

import base64
import binascii
import json
from typing import Any

from werkzeug.datastructures import Headers

from localcloud.apigatewayv2.response import Response

_DEFAULT_TYPE = "text/plain;charset=UTF-8"


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
