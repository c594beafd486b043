"""Changes requests before, and responses after, an integration.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html

Keys are `append|overwrite|remove:header.x`, the same with `querystring.x` in a request, `overwrite:path` in a
request and `overwrite:statuscode` in a response. A header or parameter that is overwritten with an expression
without a value is removed, so that a caller cannot set it instead.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from werkzeug.datastructures import Headers

from localcloud.apigatewayv2.errors import internal_server_error
from localcloud.apigatewayv2.invocation import Invocation
from localcloud.apigatewayv2.parameter_values import evaluate, request_lookup, response_lookup
from localcloud.apigatewayv2.response import Response

_RESERVED_PREFIXES = ("access-control-", "apigw-", "x-amz-", "x-amzn-")
_RESERVED = frozenset(
    {
        "authorization",
        "connection",
        "content-encoding",
        "content-length",
        "content-location",
        "forwarded",
        "keep-alive",
        "origin",
        "proxy-authenticate",
        "proxy-authorization",
        "te",
        "trailers",
        "transfer-encoding",
        "upgrade",
        "via",
        "x-forwarded-for",
        "x-forwarded-host",
        "x-forwarded-proto",
    }
)


@dataclass
class MappedRequest:
    """What an integration gets in place of the caller's.

    Attributes:
        query: The query string, encoded.
        path: None unless the mapping overwrites it.
    """

    headers: Headers
    query: str
    path: str | None = None


def is_reserved(header: str) -> bool:
    """Whether no mapping may change a header."""
    name = header.lower()
    return name in _RESERVED or name.startswith(_RESERVED_PREFIXES)


def map_request(invocation: Invocation, parameters: Mapping[str, str]) -> MappedRequest:
    """Apply an integration's `requestParameters`; every value is of the request as it came."""
    lookup = request_lookup(invocation)
    mapped = MappedRequest(invocation.headers.copy(), invocation.raw_query)
    query = invocation.query
    for key, template in parameters.items():
        action, _, target = key.partition(":")
        value = None if action == "remove" else evaluate(template, lookup)
        place, _, name = target.partition(".")
        if place == "path":
            mapped.path = value or "/"
        elif place == "querystring":
            query = _change_query(query, action, name, value)
            mapped.query = urlencode(query)
        else:
            _change(mapped.headers, action, name, value)
    return mapped


def map_response(
    invocation: Invocation, parameters: Mapping[str, Mapping[str, str]], response: Response
) -> Response:
    """Apply the `responseParameters` of the response's status.

    Raises:
        HttpApiError: The mapping gives a status that is none (500).
    """
    mapped = Response(response.status, response.headers.copy(), response.body)
    lookup = response_lookup(invocation, response.headers, response.body)
    for key, template in (parameters.get(str(response.status)) or {}).items():
        action, _, target = key.partition(":")
        value = None if action == "remove" else evaluate(template, lookup)
        if target == "statuscode":
            mapped.status = _status(value)
        else:
            _change(mapped.headers, action, target.removeprefix("header."), value)
    return mapped


def _change(headers: Headers, action: str, name: str, value: str | None) -> None:
    if is_reserved(name):
        return
    if action != "append":
        headers.remove(name)
    if value is not None:
        headers.add(name, value)


def _change_query(
    query: list[tuple[str, str]], action: str, name: str, value: str | None
) -> list[tuple[str, str]]:
    """Unlike a header's, a parameter's name is case-sensitive."""
    kept = query if action == "append" else [pair for pair in query if pair[0] != name]
    return kept if value is None else [*kept, (name, value)]


def _status(value: str | None) -> int:
    if value is None or not value.isdecimal() or not 200 <= int(value) <= 599:
        raise internal_server_error()
    return int(value)
