"""The S3 Select engine: S3 finds the records that can match, and those that do are kept here."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from list_dragons import sql
from list_dragons.answer import Answer
from list_dragons.lines import is_lines, read_document, read_line
from list_dragons.objects import Objects, where
from list_dragons.prefilter import Prefilter
from list_dragons.scan import ScanEngine, records
from list_dragons.select_faults import UnparsedError
from list_dragons.select_ranges import LARGE, Ranges, ReadAgainError
from list_dragons.select_request import S3Select
from list_dragons.select_stream import Selected

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from concurrent.futures import Executor

    from mypy_boto3_s3 import S3Client

    from dragons.fields import Dragon
    from list_dragons.objects import Listed
    from list_dragons.query import Position, Query, Reading

    type Record = tuple[int | None, Dragon | ValueError]
    type Records = Callable[[Position | None, Reading], Iterable[Record]]
    """Reads the records of an object, and adds up their bytes; those up to a position may be left out."""

_A_RECORD = 1 << 20
"""Bytes that a record has at most, also a document that is one."""


class SelectEngine:
    """Asks S3 Select for each object; what that cannot parse is read as by the scan engine.

    Args:
        s3: A client of S3, with `READS_AT_ONCE` connections.
        bucket: The dataset's bucket.
        prefix: The dataset's prefix in it, such as `dragons/`.
        threads: Where objects are read, if not in the process's own `reading_threads`.
    """

    def __init__(self, s3: S3Client, bucket: str, prefix: str, threads: Executor | None = None) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._prefix = prefix
        self._threads = threads
        self._select = S3Select(s3, bucket)
        self._scan = ScanEngine(s3, bucket, prefix, threads)

    def dragons(self, query: Query, reading: Reading) -> Iterator[tuple[Position, Dragon]]:
        """Yield the dragons that match, in the order of their objects' keys and of their names.

        Raises:
            QueryUnavailableError: S3 Select is closed to the account, throttles, or cannot read an object.
        """
        unparsed: set[str] = set()
        while True:
            try:
                for position, dragon in self._behind(query, reading, unparsed):
                    query = replace(query, after=position)
                    yield position, dragon
            except ReadAgainError:
                continue  # as the next page would
            return

    def _behind(
        self, query: Query, reading: Reading, unparsed: set[str]
    ) -> Iterator[tuple[Position, Dragon]]:
        fetch = partial(self._fetch, query.filters, unparsed)
        answer = Answer(query, reading)
        objects = Objects(self._s3, self._bucket, fetch, self._threads)
        with closing(objects.read(*where(self._prefix, query))) as found:
            for listed, read in found:
                yield from answer.of_object(listed.key, read(answer.passing, reading))

    def _fetch(self, filters: Mapping[str, str], unparsed: set[str], listed: Listed) -> Records | None:
        """Read an object, or begin to; None if it is empty or gone."""
        key = listed.key
        try:
            if key not in unparsed:
                found = self._found(filters, listed)
                return partial(_records, key, found, unparsed) if found else None
        except UnparsedError:
            pass  # one line is enough for that
        pieces = self._scan.fetch(listed)
        return None if pieces is None else partial(records, key, pieces, Prefilter(filters))

    def _found(self, filters: Mapping[str, str], listed: Listed) -> Iterable[Selected] | None:
        """What S3 Select finds in an object; None if it is empty or gone."""
        key = listed.key
        if is_lines(key) and listed.size > LARGE:
            return Ranges(self._select, sql.of_lines(filters), self._threads).read(key)
        if is_lines(key):
            found = self._select.run(sql.of_lines(filters), key)
        else:
            found = self._select.run(sql.of_array(filters), key)
            if not found.lines and listed.size <= _A_RECORD:
                one = self._select.run(sql.of_record(filters), key)
                found = Selected(one.lines, found.scanned + one.scanned)
        return [found] if found.scanned else None


def _records(
    key: str, found: Iterable[Selected], unparsed: set[str], _passing: Position | None, reading: Reading
) -> Iterator[Record]:
    """Read what was found, with the marks of lines that were merged: S3 Select does not say at which byte."""
    try:
        for each in found:
            reading.bytes += each.scanned
            for record in _parsed(key, each.lines):
                yield None, record
    except UnparsedError as error:
        unparsed.add(key)
        raise ReadAgainError(key) from error


def _parsed(key: str, lines: list[bytes]) -> Iterable[Dragon | ValueError]:
    """Parse records: those of a document are in no order of their own."""
    return map(_line, lines) if is_lines(key) else read_document(b"[" + b",".join(lines) + b"]")


def _line(line: bytes) -> Dragon | ValueError:
    try:
        return read_line(line)
    except ValueError as error:
        return error
