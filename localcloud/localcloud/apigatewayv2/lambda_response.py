"""Reads what a Lambda function returns, payload format 1.0 or 2.0.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

import base64
import binascii
import json
from typing import Any

from werkzeug.datastructures import Headers

from localcloud.apigatewayv2.response import Answer

_DEFAULT_TYPE = "text/plain;charset=UTF-8"


class MalformedResponseError(ValueError):
    """The function's answer does not have its format."""


def read_response(payload: bytes, version: str) -> Answer:
    """Read a function's answer.

    Args:
        payload: What it returned, as JSON.
        version: The integration's `payloadFormatVersion`.

    Raises:
        MalformedResponseError: The payload is not as the format wants it; says which field.
    """
    try:
        answer = json.loads(payload)
    except ValueError as error:
        raise MalformedResponseError("not JSON") from error
    if version == "2.0" and not (isinstance(answer, dict) and "statusCode" in answer):
        return _inferred(answer, payload)
    if not isinstance(answer, dict):
        raise MalformedResponseError("not an object")
    headers = _headers(answer, version)
    if "content-type" not in headers:
        headers["content-type"] = _DEFAULT_TYPE
    return Answer(_status(answer), headers, _body(answer))


def _inferred(answer: Any, payload: bytes) -> Answer:
    """Anything without a status is the body itself, and JSON."""
    body = answer.encode() if isinstance(answer, str) else payload
    return Answer(200, Headers({"content-type": "application/json"}), body)


def _status(answer: dict[str, Any]) -> int:
    try:
        status = int(answer["statusCode"])
    except (KeyError, TypeError, ValueError) as error:
        raise MalformedResponseError("statusCode") from error
    if not 100 <= status <= 599:
        raise MalformedResponseError("statusCode")
    return status


def _headers(answer: dict[str, Any], version: str) -> Headers:
    headers = Headers()
    single = _object(answer, "headers")
    multiple = _object(answer, "multiValueHeaders") if version == "1.0" else {}
    repeated = {name.lower() for name in multiple}
    for name, value in single.items():
        if name.lower() not in repeated:
            headers.add(name.lower(), _text(value, "headers"))
    for name, values in multiple.items():
        for value in values if isinstance(values, list) else [values]:
            headers.add(name.lower(), _text(value, "multiValueHeaders"))
    for cookie in _list(answer, "cookies") if version == "2.0" else []:
        headers.add("set-cookie", _text(cookie, "cookies"))
    return headers


def _text(value: Any, field: str) -> str:
    """A header's value; one that would start a header of its own is not one."""
    if isinstance(value, bool | int | float):
        return json.dumps(value)
    if not isinstance(value, str) or "\n" in value or "\r" in value:
        raise MalformedResponseError(field)
    return value


def _body(answer: dict[str, Any]) -> bytes:
    body = answer.get("body")
    if body is None:
        return b""
    if not isinstance(body, str):
        raise MalformedResponseError("body")
    if not answer.get("isBase64Encoded"):
        return body.encode("utf-8", "replace")
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error as error:
        raise MalformedResponseError("body") from error


def _object(answer: dict[str, Any], field: str) -> dict[str, Any]:
    value = answer.get(field) or {}
    if not isinstance(value, dict):
        raise MalformedResponseError(field)
    return value


def _list(answer: dict[str, Any], field: str) -> list[Any]:
    value = answer.get(field) or []
    if not isinstance(value, list):
        raise MalformedResponseError(field)
    return value
