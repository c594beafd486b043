"""The scan engine: list the objects that can hold an answer, read their lines, keep those that match."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dragons.dataset import family_folder
from dragons.merged import each_once
from list_dragons.lines import matches
from list_dragons.query import Position

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_s3 import S3Client

    from dragons.fields import Dragon
    from list_dragons.query import Query, Reading

_READ_BYTES = 1 << 16


class ScanEngine:
    """Reads the dataset object by object; a filter on the family reads that family's folder alone.

    Args:
        s3: A client of S3.
        bucket: The dataset's bucket.
        prefix: The dataset's prefix in it, such as `dragons/`.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
    """

    def __init__(self, s3: S3Client, bucket: str, prefix: str) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._prefix = prefix

    def dragons(self, query: Query, reading: Reading) -> Iterator[tuple[Position, Dragon]]:
        """Yield the dragons that match, in the order of their objects' keys and of their names."""
        objects = ((key, self._lines(key, reading)) for key in self._keys(query))
        for origin, dragon in each_once(objects):
            position = Position(origin, dragon["dragon_name_str"])
            if query.after is not None and position <= query.after:
                continue
            if matches(dragon, query.filters):
                yield position, dragon

    def _keys(self, query: Query) -> Iterator[str]:
        family, after = query.filters.get("family_str"), query.after
        folder = self._prefix if family is None else family_folder(self._prefix, family)
        start = ""
        if after is not None:
            yield after.key  # the page before may have ended inside it
            start = after.key
        pages = self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=folder, StartAfter=start
        )
        for listing in pages:
            for each in listing.get("Contents", []):
                if each["Size"] > 0:  # it was merged into a later one
                    yield each["Key"]

    def _lines(self, key: str, reading: Reading) -> Iterator[bytes]:
        try:
            body = self._s3.get_object(Bucket=self._bucket, Key=key)["Body"]
        except self._s3.exceptions.NoSuchKey:
            return  # the dataset was rebuilt since it was listed
        reading.objects += 1
        for line in body.iter_lines(chunk_size=_READ_BYTES):
            reading.bytes += len(line) + 1
            yield line
