"""The scan engine: list the objects that can hold an answer, read their lines, keep those that match."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from dragons.dataset import family_folder
from dragons.merged import each_once
from list_dragons.query import Position

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mypy_boto3_s3 import S3Client

    from dragons.fields import Dragon

_READ_BYTES = 1 << 16


def _matches(value: Any, wanted: str) -> bool:
    """Whether a field is what a caller asks for.

    Text is compared as it is, a number or a boolean by its JSON; of a list, one element has to match. A
    dragon without the field never does.
    """
    if isinstance(value, str):
        return value == wanted
    if isinstance(value, list):
        return any(_matches(each, wanted) for each in value)
    return value is not None and json.dumps(value) == wanted


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

    def dragons(
        self, filters: Mapping[str, str], after: Position | None
    ) -> Iterator[tuple[Position, Dragon]]:
        """Yield the dragons that match, in the order of their objects' keys and of their names."""
        objects = ((key, self._lines(key)) for key in self._keys(filters, after))
        for origin, dragon in each_once(objects):
            position = Position(origin, dragon["dragon_name_str"])
            if after is not None and position <= after:
                continue
            if all(_matches(dragon.get(field), wanted) for field, wanted in filters.items()):
                yield position, dragon

    def _keys(self, filters: Mapping[str, str], after: Position | None) -> Iterator[str]:
        family = filters.get("family_str")
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

    def _lines(self, key: str) -> Iterator[bytes]:
        try:
            body = self._s3.get_object(Bucket=self._bucket, Key=key)["Body"]
        except self._s3.exceptions.NoSuchKey:
            return  # the dataset was rebuilt since it was listed
        yield from body.iter_lines(chunk_size=_READ_BYTES)
