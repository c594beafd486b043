"""A file into its lines, numbered, and the reports that can be made of them."""

import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

from dragons.imports import Line
from read_import import csv_file, json_lines
from read_import.fields import BLANK, Bad, Blank, Content, workflow_input
from read_import.text import LONGEST, FileRefusedError, TooLong, lines

Report = dict[str, Any]

_JSON_LINES = (".jsonl", ".ndjson", ".json")
_CSV = ".csv"


def read(key: str, content: io.RawIOBase, max_lines: int) -> Iterator[tuple[Line, Report | None]]:
    """Read every line of a file exactly once, in order.

    A row of CSV is one line, even where a quoted value makes it several lines of text. Blank lines count, but
    for those at the end.

    Args:
        key: The file's; its end says what it is: `.csv`, or `.jsonl`, `.ndjson` or `.json`. With another end,
            a file whose first character is a brace is JSON Lines.
        content: Its bytes.
        max_lines: How many lines it may have.

    Yields:
        A line, and the input of the workflow `report_dragon` unless the line is refused.

    Raises:
        FileRefusedError: None of its lines is to be imported.
    """
    number = 0
    for found in _without_blank_end(_contents(key, lines(content))):
        number += 1
        if number > max_lines:
            raise FileRefusedError(f"The file has more than {max_lines} lines: put it in parts.")
        yield _line(number, found)
    if not number:
        raise FileRefusedError("The file has no lines.")


def _contents(key: str, found: Iterator[str | TooLong]) -> Iterator[Content]:
    """Read a file as what it is."""
    end = key.lower()
    if end.endswith(_CSV):
        return csv_file.contents(found)
    if end.endswith(_JSON_LINES):
        return json_lines.contents(found)
    first = next(found, "")
    if isinstance(first, str) and first.lstrip().startswith("{"):
        return json_lines.contents(_behind(first, found))
    return csv_file.contents(_behind(first, found))


def _behind(first: str | TooLong, others: Iterable[str | TooLong]) -> Iterator[str | TooLong]:
    if first:
        yield first
    yield from others


def _without_blank_end(contents: Iterable[Content]) -> Iterator[Content]:
    blank = 0
    for found in contents:
        if isinstance(found, Blank):
            blank += 1
            continue
        for _ in range(blank):
            yield Blank()
        blank = 0
        yield found


def _line(number: int, found: Content) -> tuple[Line, Report | None]:
    if isinstance(found, Blank):
        return Line(number, None, BLANK), None
    report = found if isinstance(found, Bad) else workflow_input(found)
    if isinstance(report, Bad):
        return Line(number, report.dragon_name, report.reason), None
    name = report.get("dragon_name_str")
    line = Line(number, name if isinstance(name, str) else None)
    # a state of the workflow takes 256 KiB: no report that it accepts comes near
    if len(json.dumps(report)) > LONGEST:
        return Line(number, line.dragon_name, TooLong.reason), None
    return line, report
