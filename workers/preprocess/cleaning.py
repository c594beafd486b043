"""Cleaning: what a person would mend by hand before an import. What cannot be mended stays as it is.

A line is never dropped but for one that is empty, or the same as one before. Memory holds a line, and 16
bytes of each line before it.
"""

import csv
import hashlib
import io
import json
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from preprocess.fields import CONFIRMATION, known, names, value

_JSON_LINES = (".jsonl", ".ndjson", ".json")
_DELIMITERS = ",;\t|"
_NOTHING = f" {_DELIMITERS}\r\n"
_LONGEST_ROW = 131_072
_BOOLEANS = {"true": True, "false": False}


@dataclass
class Cleaned:
    """How many lines were written, and how many left out."""

    lines: int = 0
    empty: int = 0
    repeated: int = 0


def clean(key: str, text: Iterable[str], cleaned: Cleaned) -> Iterator[str]:
    """Clean a file's lines.

    Args:
        key: The file's, whose end says what it is, as in an import; with another end, a file that begins
            with a brace is JSON Lines.
        text: Its lines, with their ends.
        cleaned: Counts along.

    Yields:
        Lines of CSV with commas, or of JSON, each with a line feed.
    """
    source = iter(text)
    first = next(source, "")
    text = _behind(first, source)
    end = key.lower()
    brace = first.lstrip().startswith("{") and not end.endswith(".csv")
    found = _json_lines(text) if brace or end.endswith(_JSON_LINES) else _csv(text)
    yield from _once(found, cleaned)


def _behind(first: str, others: Iterator[str]) -> Iterator[str]:
    yield first
    yield from others


def _once(found: Iterable[str], cleaned: Cleaned) -> Iterator[str]:
    seen = set[bytes]()
    for line in found:
        digest = hashlib.blake2b(line.encode(errors="surrogateescape"), digest_size=16).digest()
        if not line.strip():
            cleaned.empty += 1
        elif digest in seen:
            cleaned.repeated += 1
        else:
            seen.add(digest)
            cleaned.lines += 1
            yield line


def _json_lines(text: Iterable[str]) -> Iterator[str]:
    for line in text:
        try:
            found = json.loads(line)
        except (RecursionError, ValueError):
            found = None
        yield json.dumps(_report(found)) + "\n" if isinstance(found, dict) else _ended(line)


def _report(found: dict[str, Any]) -> dict[str, Any]:
    spelt = dict(zip(names(list(found)), found.values(), strict=True))
    return {field: _json_value(field, each) for field, each in spelt.items()}


def _json_value(field: str, found: Any) -> Any:
    if not isinstance(found, str):
        return found
    text = value(field, found)
    return _BOOLEANS.get(text, text) if field == CONFIRMATION else text


def _csv(text: Iterable[str]) -> Iterator[str]:
    lines = iter(text)
    header_line = next((line for line in lines if line.strip(_NOTHING)), "")
    delimiter = max(_DELIMITERS, key=lambda each: known(_split(header_line, each)))
    header = names(_split(header_line, delimiter))
    if not known(header):
        yield _ended(header_line)
        yield from map(_ended, lines)
        return
    yield _row(header)
    for row in _rows(lines, delimiter):
        if isinstance(row, str):
            yield _ended(row)
        elif not any(map(str.strip, row)):
            yield ""
        elif known(row[:1]) and names(row) == header:
            yield _row(header)  # of a file that was appended to this one
        else:
            yield _row(_values(header, row))


def _split(line: str, delimiter: str) -> list[str]:
    with suppress(csv.Error):
        return next(csv.reader([line], delimiter=delimiter), [])
    return []


def _values(header: Sequence[str], row: list[str]) -> list[str]:
    while len(row) > len(header) and not row[-1].strip():
        row.pop()  # spreadsheets write as many as their widest row has
    named = [*header, *[""] * len(row)]
    return [value(field, each) for field, each in zip(named, row, strict=False)]


def _row(values: Sequence[str]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerow(values)
    return written.getvalue()


def _rows(lines: Iterator[str], delimiter: str) -> Iterator[list[str] | str]:
    """The values of each row; a line that begins none is told as it is, and those behind it are read anew."""
    again = deque[str]()
    while True:
        taken: list[str] = []
        reader = csv.reader(_take(again, lines, taken), strict=True, delimiter=delimiter)
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error:
            again.extendleft(reversed(taken[1:]))
            yield taken[0]


def _take(again: deque[str], lines: Iterator[str], taken: list[str]) -> Iterator[str]:
    size = 0
    while size <= _LONGEST_ROW:
        line = again.popleft() if again else next(lines, None)
        if line is None:
            return
        taken.append(line)
        size += len(line)
        yield line


def _ended(line: str) -> str:
    return line.rstrip("\r\n") + "\n"
