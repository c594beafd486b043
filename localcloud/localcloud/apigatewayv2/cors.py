"""CORS, where the API is configured for it.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html

A preflight is served here only if no route takes it: `$default` and ANY routes take OPTIONS too, with their
authorizer, as that page warns of `$default`. The integration's own CORS headers are ignored. Headers need an
`Origin` that is allowed, and in a preflight also `Access-Control-Request-Method`; that the API's own errors
carry them as well is not documented. Whether the verb and headers asked for are allowed is left to the
browser, to which the configured lists are sent.
"""

from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import Headers

from localcloud.apigatewayv2.response import Response

_PREFIX = "access-control-"


def preflight(cors: Mapping[str, Any], headers: Headers) -> Response:
    """Respond to an OPTIONS request that no route takes.

    Args:
        cors: The API's `corsConfiguration`.
        headers: The request's.
    """
    response = Response(204)
    origin = _allowed_origin(cors, headers.get("origin"))
    if origin and "access-control-request-method" in headers:
        response.headers.extend(_common(cors, origin))
        _add_list(response.headers, "allow-methods", cors.get("allowMethods"))
        _add_list(response.headers, "allow-headers", cors.get("allowHeaders"))
        if cors.get("maxAge"):
            response.headers[_PREFIX + "max-age"] = str(cors["maxAge"])
    return response


def replace_cors_headers(cors: Mapping[str, Any], headers: Headers, response: Response) -> None:
    """Put the configured headers in place of the integration's.

    Args:
        cors: The API's `corsConfiguration`.
        headers: The request's.
        response: The integration's, or the API's own.
    """
    for name in {name for name, _ in response.headers if name.lower().startswith(_PREFIX)}:
        response.headers.remove(name)
    origin = _allowed_origin(cors, headers.get("origin"))
    if origin:
        response.headers.extend(_common(cors, origin))


def _common(cors: Mapping[str, Any], origin: str) -> Headers:
    headers = Headers({_PREFIX + "allow-origin": origin})
    if cors.get("allowCredentials"):
        headers[_PREFIX + "allow-credentials"] = "true"
    _add_list(headers, "expose-headers", cors.get("exposeHeaders"))
    return headers


def _add_list(headers: Headers, name: str, values: list[str] | None) -> None:
    if values:
        headers[_PREFIX + name] = ",".join(values)


def _allowed_origin(cors: Mapping[str, Any], origin: str | None) -> str | None:
    """What `Access-Control-Allow-Origin` says to an origin; None if it is not allowed."""
    if not origin:
        return None
    allowed: list[str] = cors.get("allowOrigins") or []
    if "*" in allowed:
        return "*"
    schemes = tuple(each.removesuffix("*") for each in allowed if each in ("https://*", "http://*"))
    return origin if origin in allowed or origin.startswith(schemes) else None
