"""What is read of an object: its text, and the values in it.

Sources: https://docs.aws.amazon.com/AmazonS3/latest/API/API_InputSerialization.html and
https://docs.aws.amazon.com/AmazonS3/latest/userguide/selecting-content-from-objects.html
"""

import bz2
import csv
import gzip
import io
import json
import re
import zlib
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from localcloud.s3_select.values import SelectError

LONGEST_RECORD = 1024 * 1024
"""Characters: https://docs.aws.amazon.com/AmazonS3/latest/userguide/selecting-content-from-objects.html"""
csv.field_size_limit(LONGEST_RECORD)
_LONGEST_LINE = 4 * LONGEST_RECORD + 2
"""Bytes: a character has up to four."""
_SOLID = re.compile(r"[^ \t\r\n]")


class _Stored(io.RawIOBase):
    """The object as a raw stream, which counts what is read."""

    def __init__(self, stored: Any) -> None:
        self.count = 0
        self._stored = stored

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        block = self._stored.read(len(buffer))
        buffer[: len(block)] = block
        self.count += len(block)
        return len(block)


class Source:
    """An object that is being read.

    Attributes:
        processed: Bytes that were read, without their compression.
    """

    def __init__(self, stored: Any, compression: str = "NONE", start: int = 0) -> None:
        """Begin to read.

        Args:
            stored: The object, which can be read and sought.
            compression: NONE, GZIP or BZIP2.
            start: The first byte at which a record may begin.
        """
        self.processed = 0
        self._compression = compression
        self._stored = _Stored(stored)
        stored.seek(max(start - 1, 0))
        plain: Any = io.BufferedReader(self._stored, 64 * 1024)
        opened: Any = {"GZIP": lambda: gzip.GzipFile(fileobj=plain), "BZIP2": lambda: bz2.BZ2File(plain)}
        self._stream: Any = opened.get(compression, lambda: plain)()
        self._position = start - 1 + len(plain.readline()) if start else 0

    @property
    def scanned(self) -> int:
        """Bytes that were read, as they are stored."""
        return self.processed if self._compression == "NONE" else self._stored.count

    def lines(self, end: int | None = None) -> Iterator[str]:
        """The lines that begin at a byte up to the end, with what ends them.

        Raises:
            SelectError: A line is too long, or what `text` raises.
        """
        while end is None or self._position + self.processed <= end:
            line = self._read(self._stream.readline, _LONGEST_LINE)
            if len(line.removesuffix("\n")) > LONGEST_RECORD:
                raise too_long()
            if not line:
                return
            yield line

    def text(self) -> str:
        """All of it.

        Raises:
            SelectError: It is not UTF-8, or not compressed in this way.
        """
        return self._read(self._stream.read, -1)

    def _read(self, read: Callable[[int], bytes], size: int) -> str:
        try:
            block = read(size)
            if len(block) == size:
                raise too_long()
            self.processed += len(block)
            return block.decode()
        except UnicodeDecodeError as error:
            raise SelectError("InvalidTextEncoding", "The object is not UTF-8.") from error
        except (EOFError, OSError, zlib.error) as error:
            raise SelectError("InvalidCompressionFormat", f"No {self._compression}: {error}.") from error


def too_long() -> SelectError:
    """What to raise for a long record or result."""
    return SelectError("OverMaxRecordSize", f"A record has more than {LONGEST_RECORD:,} characters.")


_JSON = json.JSONDecoder(parse_float=Decimal, parse_constant=int)  # which is neither NaN nor Infinity


def _parsed(parse: Callable[..., Any], *text: Any) -> Any:
    try:
        return parse(*text)
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise SelectError("JSONParsingError", f"The object is not JSON: {error}.") from error


def json_lines(lines: Iterator[str]) -> Iterator[Any]:
    """The values of JSON Lines; an empty line is none.

    Raises:
        SelectError: A line is not JSON.
    """
    return (_parsed(_JSON.decode, line) for line in lines if _SOLID.search(line))


def json_document(text: str) -> Iterator[Any]:
    """The values at the root of a document, one behind the other.

    Raises:
        SelectError: It is not JSON.
    """
    position = 0
    while found := _SOLID.search(text, position):
        value, position = _parsed(_JSON.raw_decode, text, found.start())
        yield value


def csv_rows(lines: Iterator[str], header: str, delimiter: str) -> Iterator[Any]:
    """The rows of CSV, as structs; the names of columns without a header are numbers.

    Args:
        lines: The lines; an empty line or a comment is no row.
        header: NONE, USE or IGNORE.
        delimiter: What stands between fields.

    Raises:
        SelectError: A line is not CSV.
    """
    rows = filter(None, (_fields(line, delimiter) for line in lines if not line.startswith("#")))
    first = next(rows, []) if header != "NONE" else []
    names = first if header == "USE" else []
    if len(set(names)) < len(names):
        raise SelectError("AmbiguousFieldName", "Two columns of the header have one name.")
    for fields in rows:
        numbers = [f"_{number}" for number in range(len(names) + 1, len(fields) + 1)]
        yield dict(zip_longest([*names, *numbers], fields))


def _fields(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], strict=True, delimiter=delimiter), [])
    except csv.Error as error:
        raise SelectError("CSVParsingError", f"A line is not CSV: {error}.") from error
