"""How long a request's line and headers may be, and what is answered beyond that.

APIs have AWS's limit, with its status codes; the words of the answers are HTTP's, as AWS does not document
them. AWS's own services have a wider one, beyond which Twisted would close the connection without an answer.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html (request line and
header values together)
"""

import json
from http import HTTPStatus
from typing import Any

from rolo.serving.twisted import HeaderPreservingHTTPChannel
from twisted.web.server import Request

from localcloud_plugin.gateway_server.refusal import Refusal

_API_BYTES = 10_240
_SERVICES_BYTES = 64 * 1024
_LINGER_SECONDS = 5


def refusal(request: Request) -> Refusal | None:
    """Refuse an API's request that is beyond the limit."""
    line = len(b"%b %b %b" % (request.method, request.uri, request.clientproto))
    fields = request.requestHeaders.getAllRawHeaders()
    if line + sum(len(value) for _, values in fields for value in values) <= _API_BYTES:
        return None
    status = _status(line > _API_BYTES)
    return Refusal(status, "application/json", json.dumps({"message": status.phrase}).encode())


class LimitedChannel(HeaderPreservingHTTPChannel):
    """A connection that gets an answer, even if its request has no end."""

    MAX_LENGTH = totalHeadersSize = _SERVICES_BYTES  # noqa: N815 - Twisted's names

    def lineLengthExceeded(self, line: bytes) -> None:  # noqa: ARG002, N802 - Twisted's name
        """Answer a line that is too long."""
        self._refuse(_status(self._receivedHeaderSize == 0))

    def _respondToBadRequestAndDisconnect(self) -> None:  # noqa: N802 - Twisted's name
        if self._receivedHeaderSize > self.totalHeadersSize:
            self._refuse(_status(False))
        else:
            super()._respondToBadRequestAndDisconnect()  # type: ignore[no-untyped-call]

    def _refuse(self, status: HTTPStatus) -> None:
        """Answer, then read and drop what is still sent: closing at once would take the answer away."""
        head = f"HTTP/1.1 {status} {status.phrase}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
        connection: Any = self
        connection.transport.write(head.encode())
        connection.clearLineBuffer()
        connection.dataReceived = lambda _: None
        connection.setTimeout(_LINGER_SECONDS)


def _status(line_alone: bool) -> HTTPStatus:
    return HTTPStatus.REQUEST_URI_TOO_LONG if line_alone else HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
