"""Evaluates the values of a parameter mapping.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html

Expressions stand alone or in text, as `$request.header.x` or `${request.header.x}`. One that stands alone and
has no value gives none; in text it is empty.

Left out: the body is searched by names and positions only (`pets[0].name`).
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import Headers

from localcloud.apigatewayv2.context_variables import context_variables
from localcloud.apigatewayv2.invocation import Invocation
from localcloud.gateway.variables import Lookup, lookup_by_prefix

MAX_BODY = 100 * 1024
"""Bytes of a body that are searched; a longer one is cut, so it is no JSON any more."""

_EXPRESSION = re.compile(
    r"\$(?:\{(?P<braced>[^}]+)\}|(?P<plain>(?:request|response|context|stageVariables)(?:\.[\w\[\]-]+)+))"
)
_STEP = re.compile(r"[\w:-]+")


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


def response_lookup(invocation: Invocation, headers: Headers, body: bytes) -> Lookup[str | None]:
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
