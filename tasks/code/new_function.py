"""What `make new` writes: the texts of a function that takes any event, and of one behind a route."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Templates:
    """A function's files, with `{name}`, `{sentence}` and `{route}` to be filled in by `str.format`."""

    handler: str
    test: str
    smoke: str


ANY_EVENT = Templates(
    handler='''"""{sentence}: what this function does, in a line."""

from collections.abc import Mapping
from typing import Any

from dragons import tracing

tracing.enable()


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Return the names of an event's fields."""
    return {{"fields": sorted(event)}}
''',
    test='''"""{sentence}."""

from {name}.handler import handler


def test_the_fields_of_an_event_are_named() -> None:
    assert handler({{"b": 1, "a": 2}}, None) == {{"fields": ["a", "b"]}}
''',
    smoke='{{\n  "event": {{}}\n}}\n',
)

ROUTE = Templates(
    handler='''"""{route}: what this function does, in a line."""

from collections.abc import Mapping
from typing import Any

from dragons import tracing
from dragons.http import Responder

tracing.enable()
respond = Responder()


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Respond to a proxy event with the route and the parameters of its path."""
    path = event.get("pathParameters") or {{}}
    return respond.json(event, 200, {{"route": event["routeKey"], "path": path}})
''',
    test='''"""{route}."""

import json

from {name}.handler import handler


def test_a_request_is_answered_with_its_route() -> None:
    response = handler({{"version": "2.0", "routeKey": "{route}"}}, None)
    assert response["statusCode"] == 200
    assert json.loads(response["body"]) == {{"route": "{route}", "path": {{}}}}
''',
    smoke='{{\n  "event": {{"version": "2.0", "routeKey": "{route}"}}\n}}\n',
)

BLOCK = """
module "{name}" {{
  source = "../modules/function"

  name       = "{name}"
  deployment = local.deployment
}}
"""

ROUTE_ENTRY = """
    "{route}" = {{
      function = module.{name}
    }}
"""
