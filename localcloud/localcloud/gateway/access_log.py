"""Renders a stage's access log format.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html

A value is escaped as in a JSON string, wherever it stands: a line of a JSON format stays JSON, and nobody can
start a new line in any format. AWS does not document what it escapes. `$context.error.messageString` brings
quotes of its own; inside quotes they are escaped.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

ABSENT = "-"

_TOKEN = re.compile(r'\\["\\]|"|\$context((?:\.[A-Za-z0-9_]+)+)')
_QUOTED = "error.messageString"


def render(template: str, variables: Mapping[str, Any]) -> str:
    """Render one line.

    Args:
        template: the format, with `$context...` variables; their names are case-sensitive.
        variables: the values below `$context`, nested.

    Returns:
        str: the line; a variable without a value, or with an object as its value, is `-`.
    """
    quoted = False

    def substitute(match: re.Match[str]) -> str:
        nonlocal quoted
        if match[1] is None:
            quoted ^= match[0] == '"'
            return match[0]
        name = match[1].removeprefix(".")
        if name == _QUOTED:
            message = json.dumps(_lookup(variables, "error.message"))
            return _escape(message) if quoted else message
        return _escape(_lookup(variables, name))

    return _TOKEN.sub(substitute, template)


def _lookup(variables: Mapping[str, Any], name: str) -> str:
    value: Any = variables
    for part in name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    if value is None or value == "" or isinstance(value, Mapping | list):
        return ABSENT
    return value if isinstance(value, str) else json.dumps(value)


def _escape(text: str) -> str:
    return json.dumps(text)[1:-1]
