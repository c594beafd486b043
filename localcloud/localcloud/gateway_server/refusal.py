"""Responses that the server itself gives, without asking the gateway, as to heads that are too long.

APIs have AWS's limit on request line and header values together, AWS's own services a wider one a line:
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html (without the responses'
words)
"""

import json
from http import HTTPStatus
from typing import Any

from rolo.serving.twisted import HeaderPreservingHTTPChannel
from twisted.web.resource import Resource
from twisted.web.server import Request

_API_BYTES = 10_240


class Refusal(Resource):
    """The same response to any method.

    Args:
        status: Its status code.
        content_type: What its body is.
        body: Its body.
    """

    def __init__(self, status: int, content_type: str, body: bytes) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._status = status
        self._content_type = content_type.encode()
        self._body = body

    def render(self, request: Request) -> bytes:
        """Respond."""
        request.setResponseCode(self._status, HTTPStatus(self._status).phrase.encode())
        request.responseHeaders.setRawHeaders(b"Content-Type", [self._content_type])
        return self._body


def refuse_long_head(request: Request) -> Refusal | None:
    """Refuse an API's request that is beyond the limit."""
    line = len(b"%b %b %b" % (request.method, request.uri, request.clientproto))
    fields = request.requestHeaders.getAllRawHeaders()
    if line + sum(len(value) for _, values in fields for value in values) <= _API_BYTES:
        return None
    status = HTTPStatus(414 if line > _API_BYTES else 431)
    return Refusal(status, "application/json", json.dumps({"message": status.phrase}).encode())


class LimitedChannel(HeaderPreservingHTTPChannel):
    """A connection that gets a response, even if a line has no end."""

    MAX_LENGTH = 2**16
    totalHeadersSize = 2**20  # noqa: N815 - Twisted's name

    def lineLengthExceeded(self, line: bytes) -> None:  # noqa: ARG002, N802 - Twisted's name
        """Respond, then read and drop what is still sent: closing at once would take the response away."""
        channel: Any = self
        status = HTTPStatus(431 if channel._receivedHeaderSize else 414)
        head = f"HTTP/1.1 {status} {status.phrase}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
        channel.transport.write(head.encode())
        channel.dataReceived = lambda _: None
        channel.setTimeout(5)
