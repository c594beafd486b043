"""An answer that the server itself gives, without asking the gateway."""

from http import HTTPStatus

from twisted.web.resource import Resource
from twisted.web.server import Request


class Refusal(Resource):
    """The same answer to any method.

    Args:
        status: The answer's status code.
        content_type: What its body is.
        body: Its body.
    """

    def __init__(self, status: int, content_type: str, body: bytes) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._status = status
        self._content_type = content_type.encode()
        self._body = body

    def render(self, request: Request) -> bytes:
        """Answer."""
        request.setResponseCode(self._status, HTTPStatus(self._status).phrase.encode())
        request.responseHeaders.setRawHeaders(b"Content-Type", [self._content_type])
        return self._body
