"""Objects of the dataset in S3, for those who merge and mend them: never over what somebody else wrote.

Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from dragons.merged import parts_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ObjectTypeDef

    from dragons.fields import Dragon

CONTENT_TYPE = "application/x-ndjson"
_CHANGED = {"PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey"}


@dataclass(frozen=True)
class Found:
    """An object as it was read.

    Attributes:
        key: Its key.
        etag: Another one after each write.
        parts: Its dragons, by the key of the object that they were written to.
    """

    key: str
    etag: str
    parts: dict[str, list[Dragon]]


class DatasetObjects:
    """The dataset's bucket.

    Args:
        s3: A client of S3.
        bucket: The bucket.
    """

    def __init__(self, s3: S3Client, bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def listed(self, folder: str) -> Iterator[ObjectTypeDef]:
        """List a folder in the order of keys, what was emptied included."""
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=folder)
        for page in pages:
            yield from page.get("Contents", [])

    def read(self, key: str) -> Found | None:
        """Read an object; None if it was emptied or is gone."""
        try:
            found = self._s3.get_object(Bucket=self._bucket, Key=key)
        except self._s3.exceptions.NoSuchKey:
            return None
        parts = parts_of(key, found["Body"].iter_lines())
        return Found(key, found["ETag"], parts) if parts else None

    def lines(self, key: str) -> Iterator[bytes]:
        """Read an object line by line; one that is gone has none."""
        try:
            yield from self._s3.get_object(Bucket=self._bucket, Key=key)["Body"].iter_lines()
        except self._s3.exceptions.NoSuchKey:
            return

    def replace(self, found: Found, body: bytes) -> bool:
        """Replace an object; whether it was still as it was read, else nothing is written."""
        try:
            self._s3.put_object(
                Bucket=self._bucket, Key=found.key, Body=body, ContentType=CONTENT_TYPE, IfMatch=found.etag
            )
        except ClientError as error:
            if error.response["Error"]["Code"] in _CHANGED:
                return False
            raise
        return True
