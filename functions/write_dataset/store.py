"""The dataset in its bucket, as its one writer sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from dragons.dataset import family_folder, object_key
from dragons.merged import parts_of, to_object
from dragons.merged_objects import CONTENT_TYPE

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from dragons.fields import Dragon
    from write_dataset.changes import Changes


class Dataset:
    """Applies changes to the dataset; applying them again, whole or in part, leaves it the same.

    Args:
        s3: A client of S3.
        bucket: The dataset's bucket.
        prefix: The dataset's prefix in it, such as `dragons/`.
    """

    def __init__(self, s3: S3Client, bucket: str, prefix: str) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._prefix = prefix

    def apply(self, changes: Changes) -> None:
        """Take out of each family what is gone, then write what arrived: a retry finds both to do again.

        A dragon that changed is not listed in between, so a family is finished before the next, and each of
        its objects read once.
        """
        gone: dict[str, set[str]] = {}
        for dragon in changes.gone:
            gone.setdefault(dragon["family_str"], set()).add(dragon["dragon_name_str"])
        for family in dict.fromkeys([*gone, *changes.first]):
            self._remove(family, gone.get(family, set()))
            if family in changes.first:
                self._put(object_key(self._prefix, family, changes.first[family]), changes.of_family(family))

    def _put(self, key: str, dragons: list[Dragon]) -> None:
        """Write a batch's object; if the batch comes again, beside what was merged into it meanwhile.

        Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
        """
        new: dict[str, Any] = {"Bucket": self._bucket, "Key": key, "ContentType": CONTENT_TYPE}
        try:
            self._s3.put_object(**new, Body=to_object(key, {key: dragons}), IfNoneMatch="*")
        except ClientError as error:
            if error.response["Error"]["Code"] != "PreconditionFailed":
                raise
            found = self._s3.get_object(Bucket=self._bucket, Key=key)
            parts = parts_of(key, found["Body"].iter_lines()) | {key: dragons}
            self._s3.put_object(**new, Body=to_object(key, parts), IfMatch=found["ETag"])

    def _remove(self, family: str, names: set[str]) -> None:
        """Rewrite the objects that hold dragons of a family without these.

        An object that no dragon is left in stays: deleting cannot be made conditional on what was read, and
        another shard's retry may be rewriting it.
        """
        if not names:
            return
        pages = self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=family_folder(self._prefix, family)
        )
        for listing in pages:
            for each in listing.get("Contents", []):
                if each["Size"] > 0:  # what was merged into a later one comes there
                    self._remove_from(each["Key"], names)

    def _remove_from(self, key: str, names: set[str]) -> None:
        found = self._s3.get_object(Bucket=self._bucket, Key=key)
        parts = parts_of(key, found["Body"].iter_lines())
        left = {
            origin: [dragon for dragon in part if dragon["dragon_name_str"] not in names]
            for origin, part in parts.items()
        }
        if left != parts:
            # IfMatch: if somebody rewrote it meanwhile, fail, and have the batch retried
            self._s3.put_object(
                Bucket=self._bucket,
                Key=key,
                Body=to_object(key, left),
                ContentType=CONTENT_TYPE,
                IfMatch=found["ETag"],
            )
