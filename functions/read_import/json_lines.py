"""JSON Lines: a report a line."""

import json
from collections.abc import Iterable, Iterator

from read_import.fields import NOT_UTF8, Bad, Blank, Content
from read_import.text import TooLong, is_utf8


def contents(lines: Iterable[str | TooLong]) -> Iterator[Content]:
    """Read each line by itself.

    Source: https://jsonlines.org
    """
    return map(_content, lines)


def _content(line: str | TooLong) -> Content:
    if isinstance(line, TooLong):
        return Bad(line.reason)
    if not line.strip():
        return Blank()
    if not is_utf8(line):
        return Bad(NOT_UTF8)
    try:
        found = json.loads(line)
    except (RecursionError, ValueError):  # a number of too many digits is a ValueError too
        return Bad("is not JSON")
    return found if isinstance(found, dict) else Bad("is not a JSON object")
