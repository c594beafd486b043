"""The scan engine: read what can hold an answer, find the lines that can match, and keep those that do."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

from list_dragons.answer import Answer
from list_dragons.lines import behind, is_lines, read_document, read_line
from list_dragons.objects import IN_FLIGHT_BYTES, Objects, where
from list_dragons.prefilter import Prefilter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Executor

    from mypy_boto3_s3 import S3Client

    from dragons.fields import Dragon
    from list_dragons.objects import Listed
    from list_dragons.query import Position, Query, Reading

_PIECE_BYTES = 1 << 18


class ScanEngine:
    """Reads the dataset object by object; a filter on the family reads that family's folder alone.

    Args:
        s3: A client of S3, with `READS_AT_ONCE` connections.
        bucket: The dataset's bucket.
        prefix: The dataset's prefix in it, such as `dragons/`.
        threads: Where objects are read, if not in the process's own `reading_threads`.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
    """

    def __init__(self, s3: S3Client, bucket: str, prefix: str, threads: Executor | None = None) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._prefix = prefix
        self._threads = threads

    def dragons(self, query: Query, reading: Reading) -> Iterator[tuple[Position, Dragon]]:
        """Yield the dragons that match, in the order of (origin, name)."""
        # all lines of a folder are of its family
        prefilter = Prefilter({name: text for name, text in query.filters.items() if name != "family_str"})
        answer = Answer(query, reading)
        fetch = partial(self.fetch, in_pieces=prefilter.passes_all)
        dataset = Objects(self._s3, self._bucket, fetch, self._threads)
        with closing(dataset.read(*where(self._prefix, query))) as objects:
            for listed, pieces in objects:
                found = records(listed.key, pieces, prefilter, answer.passing, reading)
                yield from answer.of_object(listed.key, found)

    def fetch(self, listed: Listed, in_pieces: bool = False) -> Iterable[bytes] | None:
        """Read an object, or begin to.

        It is read whole, unless it is large, or has become larger since it was listed; or the page will be
        full of its first lines.
        """
        try:
            found = self._s3.get_object(Bucket=self._bucket, Key=listed.key)
        except self._s3.exceptions.NoSuchKey:
            return None
        body = found["Body"]
        at_once = _PIECE_BYTES if in_pieces else min(max(listed.size, _PIECE_BYTES), IN_FLIGHT_BYTES)
        first = body.read(None if found["ContentLength"] <= at_once else _PIECE_BYTES)
        return chain([first], iter(partial(body.read, _PIECE_BYTES), b"")) if first else None


def records(
    key: str, pieces: Iterable[bytes], prefilter: Prefilter, passing: Position | None, reading: Reading
) -> Iterable[tuple[int, Dragon | ValueError]]:
    """Read the records of an object that can match and are not to be passed over, each with its place."""
    read = _counted(pieces, reading)
    return (
        _lines(key, read, prefilter, passing) if is_lines(key) else enumerate(read_document(b"".join(read)))
    )


def _counted(pieces: Iterable[bytes], reading: Reading) -> Iterator[bytes]:
    for piece in pieces:
        reading.bytes += len(piece)
        yield piece


def _lines(
    key: str, pieces: Iterable[bytes], prefilter: Prefilter, passing: Position | None
) -> Iterator[tuple[int, Dragon | ValueError]]:
    """Read the lines of an object that can match and are not to be passed over, with their offsets."""
    start = 0
    for buffer in _whole_lines(pieces):
        for offset, line in prefilter.lines(buffer, behind(buffer, key, passing) if passing else 0):
            try:
                yield start + offset, read_line(line)
            except ValueError as error:
                yield start + offset, error
        start += len(buffer)


def _whole_lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Cut what was read in pieces where lines end."""
    rest: list[bytes] = []
    for piece in pieces:
        end = piece.rfind(b"\n") + 1
        if end:
            yield b"".join([*rest, piece[:end]])  # an object that was read whole is not copied
            rest = []
        rest.append(piece[end:])
    if any(rest):
        yield b"".join(rest)
