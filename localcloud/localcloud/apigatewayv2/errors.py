"""An HTTP API's own responses, in place of an integration's."""

import json
from collections.abc import Mapping

from werkzeug.datastructures import Headers

from localcloud.apigatewayv2.response import Response


class HttpApiError(Exception):
    """A response such as 403 `{"message":"Forbidden"}`.

    Args:
        status: The HTTP status.
        message: What the caller reads; never the reason in detail, which goes to the log.
        headers: Headers besides the content type.
    """

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = dict(headers or {})

    def response(self) -> Response:
        """The response, with AWS's JSON."""
        headers = Headers({"content-type": "application/json", **self.headers})
        return Response(
            self.status, headers, json.dumps({"message": self.message}, separators=(",", ":")).encode()
        )


def internal_server_error() -> HttpApiError:
    """500, for whatever is wrong behind the API or in its definition."""
    return HttpApiError(500, "Internal Server Error")


def service_unavailable() -> HttpApiError:
    """503, for an integration that does not respond, or not in time."""
    return HttpApiError(503, "Service Unavailable")
