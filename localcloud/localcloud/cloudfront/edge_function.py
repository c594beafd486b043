"""Lambda@Edge: the four events in AWS's shape, and the checks of what a function returns.

Sources: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-event-structure.html,
.../edge-function-restrictions-all.html, .../lambda-requirements-limits.html (sizes) and
.../http-502-lambda-validation-error.html

A function that fails or takes too long is 503 LambdaExecutionError, one that is throttled 503
LambdaLimitExceeded, and what breaks a rule 502 LambdaValidationError.

Left out: logs in the region of the viewer, another body in place of a request's, an origin of another kind.
"""

import base64
import json
import logging
import re
from collections.abc import Mapping
from dataclasses import replace
from http.client import responses as phrases
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from localstack.aws.connect import connect_to
from werkzeug.datastructures import Headers

from localcloud.cloudfront.messages import CloudFrontError, Request, Response

LOG = logging.getLogger(__name__)

LARGEST = {"viewer": 40 * 1024, "origin": 1024 * 1024}
"""Bytes of a body that a function is given or generates, by the kind of its event."""

_HIDDEN = re.compile(
    "connection|expect|keep-alive|proxy-(authenticate|authorization|connection)|trailer|upgrade"
    "|x-accel-(buffering|charset|limit-rate|redirect)|x-amz-cf-.*|x-cache|x-edge-.*|x-forwarded-proto|x-real-ip"
    "|x-amzn-(auth|cf-billing|cf-id|cf-xff|errortype|fle-profile|header-count|header-order"
    "|lambda-integration-tag|requestid)"
)
_READ_ONLY = {
    "viewer-request": ("content-length", "host", "transfer-encoding", "via"),
    "origin-request": (
        *("accept-encoding", "content-length", "if-modified-since", "if-none-match", "if-range"),
        *("if-unmodified-since", "range", "transfer-encoding", "via"),
    ),
    "origin-response": ("transfer-encoding", "via"),
    "viewer-response": ("content-encoding", "content-length", "transfer-encoding", "via", "warning"),
}
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[^\x00-\x08\x0a-\x1f\x7f]*")
_TARGET = re.compile(r"[^\x00-\x20\x7f]*")

type Origin = dict[str, Any]
type Changed = tuple[Request, Origin | None]


class EdgeFunction:
    """The function of one event of a behavior.

    Args:
        association: The event's type, the function's ARN and whether it is given the body.
        config: The event's `config`, without the event's type.
    """

    def __init__(self, association: Mapping[str, Any], config: Mapping[str, str]) -> None:
        self._type, self._arn = association["EventType"], association["LambdaFunctionARN"]
        self._with_body = association.get("IncludeBody", False)
        self._config = {**config, "eventType": self._type}
        self._largest = LARGEST[self._type.partition("-")[0]]

    def change_request(self, request: Request, origin: Origin | None = None) -> Changed | Response:
        """Give it a request; it returns that, changed or not, or a response of its own.

        Raises:
            CloudFrontError: 502 or 503, as above.
        """
        event = self._request_event(request, origin)
        returned = self._call({"request": event})
        if "status" in returned:
            return self._response(returned, Response(0, Headers(), b"", "LambdaGeneratedResponse"))
        if any(returned.get(name, event[name]) != event[name] for name in ("clientIp", "method")):
            raise _invalid("The function tried to change a read-only field.")
        uri, query = returned.get("uri", request.uri), returned.get("querystring", request.query)
        if not (_is_text(uri, _TARGET) and uri.startswith("/") and _is_text(query, _TARGET)):
            raise _invalid("The URI has to begin with a slash; it and the query are texts without spaces.")
        headers = self._headers(returned.get("headers", event["headers"]), request.headers)
        made = replace(request, uri=uri, query=query, headers=headers)
        return made, origin and _changed_origin(origin, returned.get("origin", origin))

    def change_response(self, request: Request, response: Response, origin: Origin | None = None) -> Response:
        """Give it a response; it returns that, changed or not.

        Raises:
            CloudFrontError: 502 or 503, as above.
        """
        given = {
            "headers": _shown(response.headers),
            "status": str(response.status),
            "statusDescription": phrases.get(response.status, ""),
        }
        event = self._request_event(request, origin)
        event.pop("body", None)
        return self._response(self._call({"request": event, "response": given}), response)

    def _call(self, event: dict[str, Any]) -> dict[str, Any]:
        record = {"Records": [{"cf": {"config": self._config, **event}}]}
        try:
            payload, failed = invoke(self._arn, json.dumps(record).encode())
        except (BotoCoreError, ClientError) as error:
            if "TooManyRequestsException" in str(error):
                raise _failed("was throttled", "LambdaLimitExceeded") from error
            raise _failed("is invalid or doesn't have the required permissions") from error
        if failed:
            LOG.warning("%s: %s", self._arn, payload[:500].decode(errors="replace"))
            raise _failed("failed or took too long")
        returned = json.loads(payload or b"null")
        if not isinstance(returned, dict):
            raise _invalid("The function returned an invalid value: an object is needed.")
        return returned

    def _request_event(self, request: Request, origin: Origin | None) -> dict[str, Any]:
        event = {
            "clientIp": request.client_ip,
            "headers": _shown(request.headers),
            "method": request.method,
            "querystring": request.query,
            "uri": request.uri,
        }
        if origin:
            event["origin"] = origin
        if self._with_body:
            event["body"] = {
                "action": "read-only",
                "data": base64.b64encode(request.body[: self._largest]).decode(),
                "encoding": "base64",
                "inputTruncated": len(request.body) > self._largest,
            }
        return event

    def _response(self, returned: dict[str, Any], given: Response) -> Response:
        text = str(returned.get("status", given.status))
        if not re.fullmatch(r"[2-5]\d\d", text):
            raise _invalid("The status code is not valid.")
        if self._type == "viewer-response" and int(text) != given.status:
            raise _invalid("The function tried to change the status of a viewer response.")
        headers = self._headers(returned.get("headers", {}), given.headers)
        body = given.body if self._type == "viewer-response" else self._body(returned, given.body)
        return replace(given, status=int(text), headers=headers, body=body)

    def _body(self, returned: Mapping[str, Any], given: bytes) -> bytes:
        body, encoding = returned.get("body"), returned.get("bodyEncoding", "text")
        if body is None:
            return given
        fits = isinstance(body, str) and encoding in ("text", "base64") and len(body) <= self._largest
        try:
            made = base64.b64decode(body, validate=True) if encoding == "base64" else str(body).encode()
        except ValueError:
            fits = False
        if not fits:
            raise _invalid("The body is not a string, is not an object, or exceeds the maximum size.")
        return made

    def _headers(self, returned: Any, given: Headers) -> Headers:
        """Read what was returned; what it never saw stays."""
        if not isinstance(returned, dict):
            raise _invalid("The headers are not an object.")
        made = Headers([(name, value) for name, value in given if _HIDDEN.fullmatch(name.lower())])
        for name, entries in returned.items():
            if not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
                raise _invalid("Each header entry in the headers object must be an array of objects.")
            if name != name.lower() or not _NAME.fullmatch(name) or _HIDDEN.fullmatch(name):
                raise _invalid("A header is not allowed; their names are in lower case.")
            for each in entries:
                key, value = each.get("key", name), each.get("value")
                if not _is_text(value, _VALUE) or not isinstance(key, str) or key.lower() != name:
                    raise _invalid("A header's key or value is not valid.")
                made.add(key, value)
        # A response that the function generates has none of the origin's to compare with.
        read_only = _READ_ONLY[self._type] if given else ("transfer-encoding", "via", "content-length")
        if any(made.getlist(name) != given.getlist(name) for name in read_only):
            raise _invalid("The function tried to add, delete, or change a read-only header.")
        return made


def invoke(arn: str, event: bytes) -> tuple[bytes, bool]:
    """Invoke a version; gives the payload, and whether the function failed.

    Raises:
        BotoCoreError, ClientError: It cannot be invoked.
    """
    client: Any = connect_to(region_name="us-east-1").lambda_
    principal = "edgelambda.amazonaws.com"
    response = client.request_metadata(service_principal=principal).invoke(FunctionName=arn, Payload=event)
    return response["Payload"].read(), "FunctionError" in response


def _shown(headers: Headers) -> dict[str, list[dict[str, str]]]:
    shown: dict[str, list[dict[str, str]]] = {}
    for name, value in headers:
        if not _HIDDEN.fullmatch(name.lower()):
            shown.setdefault(name.lower(), []).append({"key": name, "value": value})
    return shown


def _changed_origin(given: Origin, returned: Any) -> Origin:
    """The origin with what the function has changed."""
    [(kind, members)] = given.items()
    made = {**members, **returned[kind]} if isinstance(returned, dict) and kind in returned else {}
    if any(not isinstance(made.get(name), type(value)) for name, value in members.items()):
        raise _invalid("The origin is not valid.")
    return {kind: made}


def _is_text(value: Any, pattern: re.Pattern[str]) -> bool:
    return isinstance(value, str) and bool(pattern.fullmatch(value))


def _invalid(why: str) -> CloudFrontError:
    sentence = f"The Lambda function result failed validation: {why}"
    return CloudFrontError(502, sentence, "LambdaValidationError")


def _failed(what: str, result: str = "LambdaExecutionError") -> CloudFrontError:
    sentence = f"The Lambda function associated with the CloudFront distribution {what}."
    return CloudFrontError(503, sentence, result)
