"""Responses of a Lambda proxy integration, of a REST API or of an HTTP API: one shape serves both.

Sources: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from dragons.errors import InvalidRequestError


def method(event: Mapping[str, Any]) -> str:
    """The HTTP method of a proxy event, of payload format 1.0 or 2.0."""
    if event.get("version") == "2.0":
        return str(event.get("requestContext", {}).get("http", {}).get("method", "GET"))
    return str(event.get("httpMethod", "GET"))


@dataclass(frozen=True)
class Responder:
    """Shapes responses in JSON, with the CORS headers that their caller's origin is entitled to.

    Attributes:
        origins: The origins whose pages may read a REST API's responses.
    """

    origins: tuple[str, ...] = ()

    def json(
        self,
        event: Mapping[str, Any],
        status: int,
        body: Mapping[str, Any],
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> dict[str, Any]:
        """Shape a response. To HEAD, it has the headers of one to GET and no body.

        Args:
            event: The proxy integration's event, of payload format 1.0 or 2.0.
            status: The HTTP status code.
            body: What is sent, as JSON.
            headers: Others of its headers, which pages of an allowed origin may read, too.
        """
        cors = self._cors_headers(event)
        if headers and "Access-Control-Allow-Origin" in cors:
            cors["Access-Control-Expose-Headers"] = ", ".join(headers)
        sent = "" if method(event) == "HEAD" else json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        return {
            "statusCode": status,
            "headers": {"Content-Type": "application/json", **headers} | cors,
            "body": sent,
        }

    def nothing(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Say, with status 204, that it is done."""
        return {"statusCode": 204, "headers": self._cors_headers(event)}

    def invalid(self, event: Mapping[str, Any], error: InvalidRequestError) -> dict[str, Any]:
        """Tell a caller, with status 400, what is wrong with the request."""
        return self.json(event, 400, error.body())

    def _cors_headers(self, event: Mapping[str, Any]) -> dict[str, str]:
        """Name the caller's origin if it is allowed; an HTTP API does that itself, a REST API does not.

        Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
        """
        headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
        origin = headers.get("origin", "")
        if event.get("version") != "2.0" and origin in self.origins:
            return {"Access-Control-Allow-Origin": origin, "Vary": "Origin"}
        return {"Vary": "Origin"}
