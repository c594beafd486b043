"""In-memory stand-ins for the AWS clients that the functions use."""

import hashlib
from collections.abc import Iterator
from typing import Any


class NoSuchKey(Exception):  # noqa: N818 - AWS's name
    """The error that a client of S3 raises for a key that does not exist."""


class PreconditionFailed(Exception):  # noqa: N818 - AWS's name
    """The error that a client of S3 raises when If-Match does not."""


class _Body:
    def __init__(self, content: bytes) -> None:
        self._content = content

    def iter_lines(self, chunk_size: int = 1024) -> Iterator[bytes]:
        yield from self._content.split(b"\n")


class FakeS3:
    """S3 with one bucket: listing in key order, conditional writes, a record of what was read.

    Attributes:
        bucket: The bucket's name.
        objects: Key to content.
        read: The keys that were read, in order.
    """

    bucket = "bucket"

    class exceptions:  # noqa: N801 - as on a client
        """The client's own errors."""

        NoSuchKey = NoSuchKey

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.read: list[str] = []

    def get_object(self, Bucket: str, Key: str) -> dict[str, Any]:
        """Read an object."""
        assert Bucket == self.bucket
        self.read.append(Key)
        if Key not in self.objects:
            raise NoSuchKey(Key)
        return {"Body": _Body(self.objects[Key]), "ETag": _etag(self.objects[Key])}

    def put_object(
        self, Bucket: str, Key: str, Body: bytes, ContentType: str, IfMatch: str | None = None
    ) -> None:
        """Write an object, if it is still the one that was read."""
        assert Bucket == self.bucket
        if IfMatch is not None and _etag(self.objects[Key]) != IfMatch:
            raise PreconditionFailed(Key)
        self.objects[Key] = Body

    def get_paginator(self, operation: str) -> "FakeS3":
        """List objects, two a page."""
        assert operation == "list_objects_v2"
        return self

    def paginate(self, Bucket: str, Prefix: str, StartAfter: str = "") -> Iterator[dict[str, Any]]:
        """Yield the pages of a listing."""
        assert Bucket == self.bucket
        keys = sorted(key for key in self.objects if key.startswith(Prefix) and key > StartAfter)
        for start in range(0, len(keys), 2):
            page = keys[start : start + 2]
            yield {"Contents": [{"Key": key, "Size": len(self.objects[key])} for key in page]}
        if not keys:
            yield {}


def _etag(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


# What Parameter Store holds in the unit tests, under the names that tests/unit/functions/conftest.py gives.
PARAMETERS = {
    "/dragons/unit/dataset_bucket": "bucket",
    "/dragons/unit/dataset_prefix": "dragons/",
    "/dragons/unit/query_engine": "scan",
}
