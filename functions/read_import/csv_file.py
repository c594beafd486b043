"""CSV with a header: quoted values may hold commas, quotes and line ends.

A line whose quote is not closed, or closed in a wrong place, is refused by itself: what was read behind it to
find the end is read again. Source: https://www.rfc-editor.org/rfc/rfc4180
"""

import csv
from collections import deque
from collections.abc import Iterable, Iterator

from dragons.schemas import schema
from read_import.fields import NOT_UTF8, Bad, Blank, Content
from read_import.text import LONGEST, FileRefusedError, TooLong, is_utf8

_FIELDS = tuple(schema("report")["properties"])
_BOOLEANS = {"true": True, "false": False}

Row = list[str] | Bad | Blank


def contents(lines: Iterable[str | TooLong]) -> Iterator[Content]:
    """Read the header, which is the first line that is not blank, then every line below it.

    Below a header that is not a report's, every line is refused with what is wrong with that.

    Raises:
        FileRefusedError: There is a header, and no line below it.
    """
    rows = _rows(lines)
    header = next((row for row in rows if not isinstance(row, Blank)), None)
    if header is None:
        return
    wrong, below = _wrong(header), False
    for row in rows:
        if isinstance(row, Blank):
            yield row
            continue
        below = True
        if wrong is not None:
            yield Bad(wrong)
        else:
            yield row if isinstance(row, Bad) else _fields(header, row)  # type: ignore[arg-type]
    if not below:
        raise FileRefusedError(wrong or "The file has no lines below its header.")


def _wrong(header: list[str] | Bad) -> str | None:
    """What is wrong with a header, as a reason to refuse the lines below it."""
    if isinstance(header, Bad):
        return f"the header {header.reason}"
    names = _names(header)
    missing = [field for field in _FIELDS if field not in names]
    unknown = [repr(name[:100]) for name in names if name not in _FIELDS]
    twice = [field for field in _FIELDS if names.count(field) > 1]
    said = {"has no": missing, "has": unknown[:10], "has twice": twice}
    faults = [f"{words} {', '.join(found)}" for words, found in said.items() if found]
    if not faults:
        return None
    return f"the header must name each field of a report once, with commas between; it {'; it '.join(faults)}"


def _names(header: list[str]) -> list[str]:
    return [name.strip() for name in header]


def _fields(header: list[str], row: list[str]) -> Content:
    found = dict(zip(_names(header), row, strict=False))
    if len(row) != len(header):
        return Bad(f"has {len(row)} values; the header has {len(header)}", found.get("dragonName"))
    # spreadsheets write TRUE; what is neither stays, for the workflow to refuse
    confirmation = found["confirmationRequired"]
    return found | {"confirmationRequired": _BOOLEANS.get(confirmation.strip().lower(), confirmation)}


def _rows(lines: Iterable[str | TooLong]) -> Iterator[Row]:
    source = _Source(lines)
    reader = csv.reader(source, strict=True)
    while True:
        source.begin()
        try:
            row = next(reader)
        except StopIteration:
            return
        except _UnreadableError as error:
            source.give_back()
            yield Bad(str(error))
        except csv.Error as error:
            source.give_back()
            yield Bad(f"is not CSV: {error}")
        else:
            yield _row(row)


def _row(values: list[str]) -> Row:
    if not any(map(str.strip, values)):
        return Blank()  # spreadsheets end with rows of commas
    return values if all(map(is_utf8, values)) else Bad(NOT_UTF8)


class _UnreadableError(Exception):
    """A line that the reader cannot be given."""


class _Source:
    """Lines for the reader, which takes as many as a row has; those behind the first can be given back."""

    def __init__(self, lines: Iterable[str | TooLong]) -> None:
        self._lines = iter(lines)
        self._again: deque[str | TooLong] = deque()
        self._taken: list[str | TooLong] = []
        self._size = 0

    def begin(self) -> None:
        """Begin a row."""
        self._taken, self._size = [], 0

    def give_back(self) -> None:
        """Have all lines of this row but the first read again."""
        self._again.extendleft(reversed(self._taken[1:]))

    def __iter__(self) -> "_Source":
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines)
        self._taken.append(line)
        if isinstance(line, TooLong):
            raise _UnreadableError(line.reason if len(self._taken) == 1 else _NOT_CLOSED)
        self._size += len(line)
        if self._size > LONGEST:
            raise _UnreadableError(_NOT_CLOSED)
        return line


_NOT_CLOSED = f"opens a quote that is not closed within {LONGEST} characters"
