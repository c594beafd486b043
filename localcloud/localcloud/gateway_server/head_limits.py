"""How long a request's line and headers may be, and what is answered beyond that.

APIs have AWS's limit on request line and header values together, AWS's own services a wider one a line:
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html (without the answers' words)
"""

import json
from http import HTTPStatus
from typing import Any

from rolo.serving.twisted import HeaderPreservingHTTPChannel
from twisted.web.server import Request

from localcloud.gateway_server.refusal import Refusal

_API_BYTES = 10_240


def refusal(request: Request) -> Refusal | None:
    """Refuse an API's request that is beyond the limit."""
    line = len(b"%b %b %b" % (request.method, request.uri, request.clientproto))
    fields = request.requestHeaders.getAllRawHeaders()
    if line + sum(len(value) for _, values in fields for value in values) <= _API_BYTES:
        return None
    status = HTTPStatus(414 if line > _API_BYTES else 431)
    return Refusal(status, "application/json", json.dumps({"message": status.phrase}).encode())


class LimitedChannel(HeaderPreservingHTTPChannel):
    """A connection that gets an answer, even if a line has no end."""

    MAX_LENGTH = 2**16
    totalHeadersSize = 2**20  # noqa: N815 - Twisted's name

    def lineLengthExceeded(self, line: bytes) -> None:  # noqa: ARG002, N802 - Twisted's name
        """Answer, then read and drop what is still sent: closing at once would take the answer away."""
        channel: Any = self
        status = HTTPStatus(431 if channel._receivedHeaderSize else 414)
        head = f"HTTP/1.1 {status} {status.phrase}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
        channel.transport.write(head.encode())
        channel.dataReceived = lambda _: None
        channel.setTimeout(5)
