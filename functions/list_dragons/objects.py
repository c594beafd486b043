"""The dataset's objects: listed, and several read at once, in the order of their keys."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from dragons.dataset import family_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from concurrent.futures import Executor, Future

    from mypy_boto3_s3 import S3Client

    from list_dragons.query import Query

READS_AT_ONCE = 32
"""As many connections as the client of S3 must keep, by `max_pool_connections`."""

IN_FLIGHT_BYTES = 1 << 24
"""Of the objects that are read ahead and the one that is consumed, by their listed sizes."""

_FIRST_READS = 2
_MORE_READS = 3
"""With each object that was consumed. Two S3 calls' time after the first all reads are under way, and a page
reads no more than four times what it needs."""


class Listed(NamedTuple):
    """An object as it was listed: its key, and its size in bytes."""

    key: str
    size: int


def where(prefix: str, query: Query) -> tuple[str, str]:
    """Which objects can hold an answer: what their keys begin with, and the key behind which to begin.

    Args:
        prefix: The dataset's, such as `dragons/`. A filter on the family leaves that family's folder.
        query: What is asked for. The page before may have ended inside an object, which is read again.
    """
    family, after = query.filters.get("family_str"), query.after
    folder = prefix if family is None else family_folder(prefix, family)
    return folder, "" if after is None else after.key[:-1]


@cache
def reading_threads() -> Executor:
    """The threads that read, made when they are first needed and kept as long as the process.

    While Lambda has the process frozen between two invocations, so are they. A read that nobody waits for
    any longer then ends in the next one, most often by an error of its connection, which nobody sees.
    """
    return ThreadPoolExecutor(READS_AT_ONCE, thread_name_prefix="read")


class Objects[T]:
    """Reads the objects of a folder, each when it is its turn or ahead of it.

    Args:
        s3: A client of S3.
        bucket: The dataset's bucket.
        fetch: Reads an object, in a thread of its own; None if it is empty or gone. What it gives for an
            object of more than `IN_FLIGHT_BYTES` must not hold all of it.
        threads: Where it is called.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
    """

    def __init__(
        self,
        s3: S3Client,
        bucket: str,
        fetch: Callable[[Listed], T | None],
        threads: Executor | None = None,
    ) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._fetch = fetch
        self._threads = threads or reading_threads()

    def read(self, folder: str, start: str = "") -> Generator[tuple[Listed, T]]:
        """Yield the objects below a folder that are not empty, and what was read of each.

        An object is read ahead of others that are merged into it meanwhile, and would then be missed. They
        are emptied by that, or gone once it is over. So where an object that was listed with a size is
        empty, what was read behind it is thrown away, and all behind it listed and read again.

        Args:
            folder: What keys begin with. No other object is ever read.
            start: The key behind which to begin.

        Raises:
            Exception: What reading an object raised, when it is its turn.
        """
        behind: str | None = start
        while behind is not None:
            behind = yield from self._read(folder, behind)

    def _read(self, folder: str, start: str) -> Generator[tuple[Listed, T], None, str | None]:
        """Read up to an object that is empty against its listing, and return its key; None at the end."""
        ahead = _Ahead(self._listed(folder, start), lambda each: self._threads.submit(self._fetch, each))
        try:
            while found := ahead.first():
                listed, read = found
                content = read.result()
                if content is None:
                    return listed.key
                yield listed, content
                ahead.consumed()
            return None
        finally:
            ahead.cancel()

    def _listed(self, folder: str, start: str) -> Iterator[Listed]:
        pages = self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=folder, StartAfter=start
        )
        for page in pages:
            for each in page.get("Contents", []):
                if each["Size"] > 0:  # else it was merged into a later one
                    yield Listed(each["Key"], each["Size"])


class _Ahead[T]:
    """The reads that are under way or not consumed, in their order."""

    def __init__(self, listing: Iterator[Listed], submit: Callable[[Listed], Future[T]]) -> None:
        self._listing = listing
        self._submit = submit
        self._next: Listed | None = None
        self._reads: deque[tuple[Listed, Future[T]]] = deque()
        self._bytes = 0
        self._window = _FIRST_READS

    def first(self) -> tuple[Listed, Future[T]] | None:
        """The read whose turn it is, with as many behind it as there may be; None at the end."""
        while len(self._reads) < self._window and (listed := self._next or next(self._listing, None)):
            if self._reads and self._bytes + listed.size > IN_FLIGHT_BYTES:
                self._next = listed
                break
            self._next = None
            self._reads.append((listed, self._submit(listed)))
            self._bytes += listed.size
        return self._reads[0] if self._reads else None

    def consumed(self) -> None:
        """Go on to the next read."""
        listed, _ = self._reads.popleft()
        self._bytes -= listed.size
        self._window = min(self._window + _MORE_READS, READS_AT_ONCE)

    def cancel(self) -> None:
        """Begin no further read."""
        for _, read in self._reads:
            read.cancel()
