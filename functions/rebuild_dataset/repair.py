"""What a family's folder lacks, or has too much."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dragons.dataset import family_folder
from dragons.merged import each_once, read_parts, to_object
from dragons.merged_objects import DatasetObjects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_s3 import S3Client

    from dragons.fields import Dragon
    from rebuild_dataset.record import Record


class Repair:
    """Compares the dataset with the table, and mends what differs; what is right stays as it is.

    The stream's consumer stays the one that writes dragons: of a dragon that is missing or another, the
    stream is made to tell. What is taken away here are lines of dragons that are not there, or twice.

    Args:
        s3: A client of S3.
        bucket: The dataset's bucket.
        prefix: The dataset's prefix in it, such as `dragons/`.
        record: The table.
    """

    def __init__(self, s3: S3Client, bucket: str, prefix: str, record: Record) -> None:
        self._objects = DatasetObjects(s3, bucket)
        self._prefix = prefix
        self._record = record

    def tell_missing(self, family: str, at: str) -> None:
        """Have the stream tell of each dragon of a family that is not listed, or not as it is on record.

        One that is not in the registry, as it is older, is entered there.
        """
        folder = family_folder(self._prefix, family)
        objects = ((key, self._objects.lines(key)) for key in self._keys(folder))
        listed = {dragon["dragon_name_str"]: dragon for _, dragon in each_once(objects)}
        for name, (dragon, registered) in self._record.of_family(family).items():
            if not registered:
                self._record.register(name)
            if listed.get(name) != dragon:
                self._record.tell_again(name, at)

    def take_away(self, folder: str) -> None:
        """Take lines out of a folder whose dragons are not on record there, or stand behind another time.

        Parts that were merged, and still stand in an object before, do not count, and are left alone: taken
        for the later place of a dragon, they would lose it.
        """
        keys = list(self._keys(folder))
        first: dict[str, str] = {}
        for key in keys:
            for origin, _ in read_parts(key, self._objects.lines(key)):
                first.setdefault(origin, key)
        behind: dict[str, str] = {}
        for key in reversed(keys):
            while not self._take_from(key, folder, first, behind):
                pass  # it was changed meanwhile

    def _take_from(self, key: str, folder: str, first: dict[str, str], behind: dict[str, str]) -> bool:
        """Rewrite an object but for its copies of earlier parts; whether it was still as it was read."""
        found = self._objects.read(key)
        if found is None:
            return True
        parts = found.parts
        copies = {origin for origin in parts if first.get(origin, key) < key}
        here = self._on_record(folder, [dragon for part in parts.values() for dragon in part])
        last: dict[str, str] = {}
        left = {origin: parts[origin] for origin in parts.keys() & copies}
        for origin in sorted(parts.keys() - copies, reverse=True):
            left[origin] = [
                dragon
                for dragon in {each["dragon_name_str"]: each for each in parts[origin]}.values()
                if (name := dragon["dragon_name_str"]) in here
                and (behind.get(name) or last.setdefault(name, origin)) == origin
            ]
        if left != parts and not self._objects.replace(found, to_object(key, left)):
            return False
        behind |= last
        return True

    def _on_record(self, folder: str, dragons: list[Dragon]) -> set[str]:
        """Which of some dragons are on record, in the family of this folder."""
        recorded = self._record.named({dragon["dragon_name_str"] for dragon in dragons})
        return {
            name
            for name, dragon in recorded.items()
            if family_folder(self._prefix, dragon["family_str"]) == folder
        }

    def _keys(self, folder: str) -> Iterator[str]:
        return (each["Key"] for each in self._objects.listed(folder) if each["Size"])
