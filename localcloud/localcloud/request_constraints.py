"""Notes what breaks a constraint of AWS's own service models, which neither LocalStack nor moto checks.

It is off, unless `LOCALCLOUD_REQUEST_CONSTRAINTS` names a file: to that, each request to AWS's API that lacks
a member, or has a text, number, list or map outside its bounds, pattern or values, adds a line of JSON:
`{"user_agent", "service", "operation", "faults": ["Name: longer than 64", ...]}`. The request is served all
the same.

It takes botocore's models for AWS's word, and leaves out patterns that Python's `re` does not compile.
Source: https://smithy.io/2.0/spec/constraint-traits.html
"""

import json
import os
import re
from collections.abc import Iterator, Sized
from functools import cache
from pathlib import Path
from typing import Any

from localstack.aws import handlers

VARIABLE = "LOCALCLOUD_REQUEST_CONSTRAINTS"


def faults(shape: Any, value: Any, where: str = "") -> Iterator[str]:
    """What is wrong with a value, by the path of each member.

    Args:
        shape: botocore's, of the value.
        value: As LocalStack parses it: mappings, lists, texts, bytes, numbers.
        where: The path of the value; empty for a whole request.
    """
    if value is None:
        return
    for reason in _reasons(shape, value):
        yield f"{where}: {reason}".removeprefix(": ")
    for part, each, path in _parts(shape, value, where):
        yield from faults(part, each, path)


def _parts(shape: Any, value: Any, where: str) -> Iterator[tuple[Any, Any, str]]:
    """The shape, the value and the path of each part of a value."""
    if shape.type_name == "structure":
        for name, member in shape.members.items():
            yield member, value.get(name), f"{where}.{name}".removeprefix(".")
    elif shape.type_name == "list":
        for number, each in enumerate(value):
            yield shape.member, each, f"{where}[{number}]"
    elif shape.type_name == "map":
        for key, each in value.items():
            yield shape.key, key, f"{where}, its key {key!r}"
            yield shape.value, each, f"{where}[{key!r}]"


def _reasons(shape: Any, value: Any) -> Iterator[str]:
    if shape.type_name == "structure":
        yield from (f"{name} is missing" for name in shape.required_members if value.get(name) is None)
        return
    bounds, size = shape.metadata, value
    if isinstance(value, Sized):
        size, less, more = len(value), "shorter", "longer"
    else:
        less, more = "less", "more"
    if isinstance(size, int | float) and not isinstance(size, bool):
        if size < bounds.get("min", size):
            yield f"{less} than {bounds['min']}"
        if size > bounds.get("max", size):
            yield f"{more} than {bounds['max']}"
    if isinstance(value, str):
        yield from _reasons_of_text(bounds, value)


def _reasons_of_text(bounds: Any, value: str) -> Iterator[str]:
    if value not in (bounds.get("enum") or [value]):
        yield f"{value!r} is not one of {', '.join(bounds['enum'])}"
    pattern = _compiled(bounds.get("pattern", ""))
    if pattern and not pattern.fullmatch(value):
        yield f"{value!r} does not match {bounds['pattern']}"


@cache
def _compiled(pattern: str) -> re.Pattern[str] | None:
    try:
        return re.compile(pattern) if pattern else None
    except re.error:
        return None


def note(chain: Any, context: Any, response: Any) -> None:  # noqa: ARG001 - as LocalStack calls it
    """Write down what is wrong with a request, if something is."""
    if context.is_internal_call or context.operation is None or context.operation.input_shape is None:
        return
    found = list(faults(context.operation.input_shape, context.service_request))
    if found:
        line = {
            "user_agent": context.request.headers.get("User-Agent", ""),
            "service": context.service.service_name,
            "operation": context.operation.name,
            "faults": found,
        }
        with Path(os.environ[VARIABLE]).open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


def apply() -> None:
    """Put the check behind LocalStack's own parser, where it is switched on."""
    if os.environ.get(VARIABLE):
        handlers.serve_custom_service_request_handlers.append(note)
