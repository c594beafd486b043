"""Renders the lines of a stage's access log, and measures what they tell of integrations.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html

A value is escaped as in a JSON string, wherever it stands: a line of a JSON format stays JSON, and nobody can
start a new line in any format. AWS does not document what it escapes. `$context.error.messageString` brings
quotes of its own; inside quotes they are escaped.
"""

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from localcloud.gateway.log_delivery import Entry
from localcloud.gateway.variables import at_path

ABSENT = "-"

_TOKEN = re.compile(r'\\["\\]|"|\$context((?:\.[A-Za-z0-9_]+)+)')
_QUOTED = "error.messageString"


def log_entry(
    settings: Mapping[str, Any] | None, stream: str, now: int, variables: Callable[[], Mapping[str, Any]]
) -> Entry | None:
    """Render the line of a request; None if its stage has no access log.

    Args:
        settings: The stage's `accessLogSettings`.
        stream: The log stream.
        now: Milliseconds since the epoch.
        variables: Gives the values below `$context`.
    """
    if not settings or not settings.get("destinationArn") or not settings.get("format"):
        return None
    return Entry(settings["destinationArn"], stream, now, render(settings["format"], variables()))


def render(template: str, variables: Mapping[str, Any]) -> str:
    """Render one line.

    Args:
        template: The format, with `$context...` variables; their names are case-sensitive.
        variables: The values below `$context`, nested.

    Returns:
        str: The line; a variable without a value, or with an object as its value, is `-`.
    """
    quoted = False

    def substitute(match: re.Match[str]) -> str:
        nonlocal quoted
        if match[1] is None:
            quoted ^= match[0] == '"'
            return match[0]
        name = match[1].removeprefix(".")
        if name == _QUOTED:
            message = json.dumps(_text(variables, "error.message"))
            return _escape(message) if quoted else message
        return _escape(_text(variables, name))

    return _TOKEN.sub(substitute, template)


@contextmanager
def measured(measures: dict[str, Any], failures: type[Exception] = Exception) -> Iterator[None]:
    """Keep how long an integration takes, as `latency` in milliseconds, and how it fails, as `error`."""
    started = time.monotonic()
    try:
        yield
    except failures as error:
        measures["error"] = str(error)
        raise
    finally:
        measures["latency"] = milliseconds_since(started)


def statuses(integration_type: str, status: int) -> dict[str, int]:
    """With a Lambda proxy the integration's own status is Lambda's, the other one what the function says."""
    return {"status": status, "integrationStatus": 200 if integration_type == "AWS_PROXY" else status}


def integration_variables(measures: Mapping[str, Any]) -> dict[str, Any]:
    """The variables of an integration that was measured; none of one that was not called."""
    return {
        "integration": measures,
        "integrationErrorMessage": measures.get("error"),
        "integrationLatency": measures.get("latency"),
        "integrationStatus": measures.get("integrationStatus"),
    }


def response_variables(latency: int, length: int, status: int) -> dict[str, int]:
    """The variables of the response: its latency in milliseconds, its length in bytes, its status."""
    return {"responseLatency": max(0, latency), "responseLength": length, "status": status}


def milliseconds_since(started: float) -> int:
    """How long ago a time of `time.monotonic` was."""
    return round((time.monotonic() - started) * 1000)


def _text(variables: Mapping[str, Any], name: str) -> str:
    value = at_path(variables, name)
    if value is None or value == "" or isinstance(value, Mapping | list):
        return ABSENT
    return value if isinstance(value, str) else json.dumps(value)


def _escape(text: str) -> str:
    return json.dumps(text)[1:-1]
