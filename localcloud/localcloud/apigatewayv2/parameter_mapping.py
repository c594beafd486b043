"""Changes requests before, and responses after, an integration.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html

Keys are `append|overwrite|remove:header.x`, the same with `querystring.x` in a request, `overwrite:path` in a
request and `overwrite:statuscode` in a response. A header or parameter that is overwritten with an expression
without a value is removed, so that a caller cannot set it instead. Expressions stand alone or in text, as
`$request.header.x` or `${request.header.x}`; one that has no value is empty in text.

Left out: the body is searched by names and positions only (`pets[0].name`).
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from werkzeug.datastructures import Headers

from localcloud.apigatewayv2.context_variables import context_variables
from localcloud.apigatewayv2.errors import internal_server_error
from localcloud.apigatewayv2.invocation import Invocation
from localcloud.apigatewayv2.response import Response
from localcloud.gateway.variables import Lookup, lookup_by_prefix

MAX_BODY = 100 * 1024
"""Bytes of a body that are searched; a longer one is cut, so it is no JSON any more."""

_EXPRESSION = re.compile(
    r"\$(?:\{(?P<braced>[^}]+)\}|(?P<plain>(?:request|response|context|stageVariables)(?:\.[\w\[\]-]+)+))"
)
_STEP = re.compile(r"[\w:-]+")
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


def evaluate(template: str, lookup: Lookup[str | None]) -> str | None:
    """Evaluate a value of a mapping."""
    if alone := _EXPRESSION.fullmatch(template):
        return lookup(alone["braced"] or alone["plain"])
    return _EXPRESSION.sub(lambda match: lookup(match["braced"] or match["plain"]) or "", template)


def request_lookup(invocation: Invocation) -> Lookup[str | None]:
    """What a request mapping may name."""
    sources: dict[str, Lookup[str | None]] = {
        "request.header.": lambda name: _joined(invocation.headers.getlist(name)),
        "request.querystring.": lambda name: _joined(
            [value for key, value in invocation.query if key == name]
        ),
        "request.path.": invocation.path_parameters.get,
        "request.path": lambda _: invocation.path,
        "request.body.": lambda path: _search_body(invocation.body, path),
    }
    return lookup_by_prefix(sources | _shared(invocation))


def _response_lookup(invocation: Invocation, headers: Headers, body: bytes) -> Lookup[str | None]:
    """What a response mapping may name; `headers` and `body` are the integration's."""
    sources: dict[str, Lookup[str | None]] = {
        "response.header.": lambda name: _joined(headers.getlist(name)),
        "response.body.": lambda path: _search_body(body, path),
    }
    return lookup_by_prefix(sources | _shared(invocation))


def _shared(invocation: Invocation) -> dict[str, Lookup[str | None]]:
    return {
        "context.": lambda path: _search(context_variables(invocation), path),
        "stageVariables.": invocation.stage_variables.get,
    }


def _joined(values: list[str]) -> str | None:
    return ",".join(values) if values else None


def _search_body(body: bytes, path: str) -> str | None:
    try:
        return _search(json.loads(body[:MAX_BODY]), path)
    except ValueError:
        return None


def _search(document: Any, path: str) -> str | None:
    for step in _STEP.findall(path):
        if isinstance(document, Mapping):
            document = document.get(step)
        elif isinstance(document, list) and step.isdecimal() and int(step) < len(document):
            document = document[int(step)]
        else:
            return None
    if document is None or isinstance(document, str):
        return document
    return json.dumps(document)


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
    lookup = _response_lookup(invocation, response.headers, response.body)
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
