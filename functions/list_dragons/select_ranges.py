"""A large object, which S3 Select reads in ranges: several at once, their lines in order.

Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ScanRange.html
"""

from __future__ import annotations

from collections import deque
from itertools import islice
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from list_dragons.objects import IN_FLIGHT_BYTES, reading_threads
from list_dragons.select_request import Span

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Executor, Future

    from list_dragons.select_request import S3Select, Version
    from list_dragons.select_stream import Selected

LARGE = IN_FLIGHT_BYTES
"""Bytes of an object that is read at once, at most."""

RANGE = 1 << 22
"""Bytes of a range."""

_AHEAD = 2
"""Ranges that are read while the lines of another are looked at: all three are in memory at worst."""


class ReadAgainError(Exception):
    """An object is not what it was when its first range was read: what is left has to be found anew."""


class Ranges:
    """Runs a statement over large objects.

    Args:
        select: Where it runs.
        statement: Of an object's lines.
        threads: Where ranges are read, if not in the process's own `reading_threads`.
    """

    def __init__(self, select: S3Select, statement: str, threads: Executor | None = None) -> None:
        self._select = select
        self._statement = statement
        self._threads = threads or reading_threads()

    def read(self, key: str) -> Iterator[Selected] | None:
        """Read the first range of an object, and yield what each range has, in their order.

        Returns:
            None if the object is empty or gone.

        Raises:
            ReadAgainError: It was changed meanwhile; also while what was returned is consumed.
        """
        version = self._select.version(key)
        if version is None or not version.size:
            return None
        first, *others = _spans(version.size)
        return self._all(key, version, self._range(key, version, first), iter(others))

    def _all(self, key: str, version: Version, first: Selected, others: Iterator[Span]) -> Iterator[Selected]:
        ahead: deque[Future[Selected]] = deque()
        try:
            found = first
            while True:
                for span in islice(others, _AHEAD - len(ahead)):
                    ahead.append(self._threads.submit(self._range, key, version, span))
                yield found
                if not ahead:
                    return
                found = ahead.popleft().result()
        finally:
            for read in ahead:
                read.cancel()

    def _range(self, key: str, version: Version, span: Span) -> Selected:
        """Read a range of an object that is still what it was: else lines were moved over a range's end."""
        refused = None
        try:
            found = self._select.run(self._statement, key, span)
        except ClientError as error:
            refused = error  # such as that of a range behind the end, by now
        if self._select.version(key) != version:
            raise ReadAgainError(key) from refused
        if refused is not None:
            raise refused
        return found


def _spans(size: int) -> list[Span]:
    """Cut an object.

    AWS says that both ends of a range are included. The ranges share a byte all the same: a line that two of
    them have is noticed, one that none has would not be.
    """
    return [Span(start, min(start + RANGE, size - 1)) for start in range(0, size, RANGE)]
