"""Evaluates the values of a parameter mapping.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html

Expressions stand alone or in text, as `$request.header.x` or `${request.header.x}`. One that stands alone and
has no value gives none; in text it is empty.

Left out: the body is searched by names and positions only (`pets[0].name`).
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from werkzeug.datastructures import Headers

from localcloud.apigatewayv2.context_variables import context_variables
from localcloud.apigatewayv2.invocation import Invocation

MAX_BODY = 100 * 1024
"""Bytes of a body that are searched; a longer one is cut, so it is no JSON any more."""

_EXPRESSION = re.compile(
    r"\$(?:\{(?P<braced>[^}]+)\}|(?P<plain>(?:request|response|context|stageVariables)(?:\.[\w\[\]-]+)+))"
)
_STEP = re.compile(r"[\w:-]+")

type Lookup = Callable[[str], str | None]
"""Gives the value of an expression, without its `$`."""


def evaluate(template: str, lookup: Lookup) -> str | None:
    """Evaluate a value of a mapping."""
    if alone := _EXPRESSION.fullmatch(template):
        return lookup(alone["braced"] or alone["plain"])
    return _EXPRESSION.sub(lambda match: lookup(match["braced"] or match["plain"]) or "", template)


def request_lookup(invocation: Invocation) -> Lookup:
    """What a request mapping may name."""
    sources: dict[str, Lookup] = {
        "request.header.": lambda name: _joined(invocation.headers.getlist(name)),
        "request.querystring.": lambda name: _joined(
            [value for key, value in invocation.query if key == name]
        ),
        "request.path.": invocation.path_parameters.get,
        "request.path": lambda _: invocation.path,
        "request.body.": lambda path: _search_body(invocation.body, path),
    }
    return _lookup(sources | _shared(invocation))


def response_lookup(invocation: Invocation, headers: Headers, body: bytes) -> Lookup:
    """What a response mapping may name; `headers` and `body` are the integration's."""
    sources: dict[str, Lookup] = {
        "response.header.": lambda name: _joined(headers.getlist(name)),
        "response.body.": lambda path: _search_body(body, path),
    }
    return _lookup(sources | _shared(invocation))


def _shared(invocation: Invocation) -> dict[str, Lookup]:
    return {
        "context.": lambda path: _search(context_variables(invocation), path),
        "stageVariables.": invocation.stage_variables.get,
    }


def _lookup(sources: Mapping[str, Lookup]) -> Lookup:
    def lookup(expression: str) -> str | None:
        for prefix, source in sources.items():
            if expression.startswith(prefix):
                return source(expression.removeprefix(prefix))
        return None

    return lookup


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
