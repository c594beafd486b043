"""The site's bucket: releases in folders of their own, and the assets beside them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ObjectIdentifierTypeDef

    from tasks.publishing.release import File

KEPT = 10
"""How many releases stay, beside those that serve."""

_RELEASE = re.compile(r"[0-9a-f]{12}/")
_AT_ONCE = 1000
"""As many objects as one call deletes."""


class SiteBucket:
    """What is in the bucket, and what goes in.

    Args:
        client: A client of S3.
        name: The bucket's.
    """

    def __init__(self, client: S3Client, name: str) -> None:
        self._client = client
        self._name = name

    def missing(self, files: Sequence[File]) -> list[File]:
        """Those that are not there: a key is named by its content, so what is there is the same."""
        folders = {file.key.partition("/")[0] for file in files}
        there = {key for folder in folders for key, _ in self._objects(f"{folder}/")}
        return [file for file in files if file.key not in there]

    def upload(self, files: Iterable[File]) -> None:
        """Upload files, in their order."""
        for file in files:
            self._client.put_object(
                Bucket=self._name,
                Key=file.key,
                Body=file.content,
                ContentType=file.content_type,
                CacheControl=file.cache_control,
            )

    def remove_old(self, serving: Collection[str]) -> list[str]:
        """Remove releases but for the newest ones and those that serve; assets stay.

        Args:
            serving: The releases that a viewer may be given.

        Returns:
            The folders that are gone.
        """
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._name, Delimiter="/")
        folders = [each["Prefix"] for page in pages for each in page.get("CommonPrefixes", [])]
        objects = {each[:-1]: list(self._objects(each)) for each in folders if _RELEASE.fullmatch(each)}
        newest = sorted(objects, key=lambda each: max(time for _, time in objects[each]), reverse=True)
        old = [each for each in newest[KEPT:] if each not in serving]
        keys = [key for each in old for key, _ in objects[each]]
        for first in range(0, len(keys), _AT_ONCE):
            batch: list[ObjectIdentifierTypeDef] = [{"Key": key} for key in keys[first : first + _AT_ONCE]]
            self._client.delete_objects(Bucket=self._name, Delete={"Objects": batch, "Quiet": True})
        return sorted(old)

    def _objects(self, prefix: str) -> Iterable[tuple[str, float]]:
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._name, Prefix=prefix)
        for page in pages:
            for each in page.get("Contents", []):
                yield each["Key"], each["LastModified"].timestamp()
