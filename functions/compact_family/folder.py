"""A family's folder in the dataset, and the merging of its small objects."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import batched
from typing import TYPE_CHECKING

from dragons.merged import MERGED_AT_ONCE, MERGED_BYTES, to_object
from dragons.merged_objects import DatasetObjects

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ObjectIdentifierTypeDef, ObjectTypeDef

    from dragons.fields import Dragon

_EMPTIED_FOR = timedelta(days=1)
"""How long an object that was emptied stays, longer than anybody reads who has listed it."""

_A_DELETION = 1000
"""As many keys as a DeleteObjects request takes."""


@dataclass(frozen=True)
class Compacted:
    """What a call has done.

    Attributes:
        merged: How many objects were emptied, since their dragons stand in a later one.
        deleted: How many emptied ones went for good.
        more: Whether another call finds more to merge.
    """

    merged: int
    deleted: int
    more: bool


class Folder:
    """Merges a family's small objects, while they are read and written; again, it goes on where it was ended.

    What is not settled stays: as long as the stream may tell a batch again, its object may be written anew,
    and another may come to stand before it.

    Args:
        s3: A client of S3.
        bucket: The dataset's bucket.
        folder: The family's, with its closing slash.
        now: The time, with its zone.
        settled_after: How old an object is before it is merged: no less than the table's stream lasts.

    Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html (24 hours)
    """

    def __init__(
        self, s3: S3Client, bucket: str, folder: str, now: datetime, settled_after: timedelta
    ) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._objects = DatasetObjects(s3, bucket)
        self._folder = folder
        self._settled = now - settled_after
        self._forgotten = now - _EMPTIED_FOR

    def compact(self) -> Compacted:
        """Merge what is small and settled, as much as a call takes, and delete what was emptied before."""
        listed = list(self._objects.listed(self._folder))
        gone = [
            each["Key"] for each in listed if not each["Size"] and each["LastModified"] <= self._forgotten
        ]
        for keys in batched(gone, _A_DELETION, strict=False):
            objects: list[ObjectIdentifierTypeDef] = [{"Key": key} for key in keys]
            self._s3.delete_objects(Bucket=self._bucket, Delete={"Objects": objects, "Quiet": True})
        merged = 0
        for run in self._runs(each for each in listed if each["Size"]):
            if merged >= MERGED_AT_ONCE:
                return Compacted(merged, len(gone), more=True)
            merged += self._merge(run)
        return Compacted(merged, len(gone), more=False)

    def _runs(self, listed: Iterable[ObjectTypeDef]) -> Iterator[list[str]]:
        """Two or more neighbours that fit into one object: what is read in between stays in between."""
        run: list[str] = []
        size = 0
        for each in listed:
            small = each["LastModified"] <= self._settled and each["Size"] < MERGED_BYTES
            if not small or size + each["Size"] > MERGED_BYTES or len(run) == MERGED_AT_ONCE:
                if len(run) > 1:
                    yield run
                run, size = [], 0
            if small:
                run.append(each["Key"])
                size += each["Size"]
        if len(run) > 1:
            yield run

    def _merge(self, run: list[str]) -> int:
        """Merge a run into its last object.

        That one is read first: if somebody else merges into it meanwhile, what is read here may be older.

        Returns:
            How many objects were emptied; fewer than all if one was changed meanwhile.
        """
        target = self._objects.read(run[-1])
        sources = [found for key in run[:-1] if (found := self._objects.read(key))]
        if target is None or not sources:
            return 0
        parts: dict[str, list[Dragon]] = {}
        for found in [*sources, target]:
            parts = found.parts | parts  # of a part that stands twice, the first counts
        if not self._objects.replace(target, to_object(target.key, parts)):
            return 0
        for emptied, found in enumerate(reversed(sources)):  # the last first, so that no gap is left
            if not self._objects.replace(found, b""):
                return emptied
        return len(sources)
