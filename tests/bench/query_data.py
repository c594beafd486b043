"""Datasets of any size: the sample dragons, varied, the same at every run.

An object is as `compact_family` leaves it; the newest dragons are not merged yet, one object each.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from dragons.dataset import object_key, to_lines
from dragons.fields import Dragon
from dragons.merged import to_object
from tasks.environment.paths import ROOT

PREFIX = "dragons/"
MERGED_BYTES = 1 << 23
TAIL = 64
"""How many dragons are in objects of their own."""

CITY, IN_CITY = "Longyearbyen", 10
"""A city, and how many dragons live there, however many there are."""
COUNTRY, IN_COUNTRY = "Svalbard", 1 / 3
"""A country, and which share of all lives there."""
FAMILY, IN_FAMILY = "opal", 40
"""A family, and how many it has, however many there are."""
LARGE_FAMILY = "red"
"""A family with about an eighth of all."""

_SAMPLES: list[Dragon] = json.loads((ROOT / "samples" / "dragons.json").read_text(encoding="utf-8"))
_FIRST_SEQUENCE_NUMBER = 10**20  # of 21 digits, as DynamoDB's are
_MARK_BYTES = 64  # `"_origin":"<40 digits>.jsonl"`, and the number that makes a name another one


def dragon(number: int, count: int) -> Dragon:
    """One of so many dragons.

    Args:
        number: Which, from 0.
        count: How many there are, at least 100.
    """
    sample = _SAMPLES[number % len(_SAMPLES)]
    made = sample | {"dragon_name_str": f"{sample['dragon_name_str']} {number}"}
    if number % (count // IN_FAMILY) == 1 and number // (count // IN_FAMILY) < IN_FAMILY:
        made["family_str"] = FAMILY
    if number % round(1 / IN_COUNTRY) == 0:
        made["location_country_str"] = COUNTRY
    step = count // IN_CITY
    if number % step == number // step * 7 % step and number // step < IN_CITY:
        made["location_city_str"] = CITY
    return made


def objects(count: int) -> Iterator[tuple[str, bytes]]:
    """The objects of a dataset of so many dragons, key and content, in no order."""
    parts: dict[str, dict[str, list[Dragon]]] = {}
    sizes: dict[str, int] = {}
    for number in range(count - TAIL):
        made = dragon(number, count)
        family, size = made["family_str"], _sizes[number % len(_SAMPLES)] + _MARK_BYTES
        if sizes.get(family, 0) + size > MERGED_BYTES:
            yield _merged(parts.pop(family))
            sizes[family] = 0
        parts.setdefault(family, {})[_key(number, family)] = [made]
        sizes[family] = sizes.get(family, 0) + size
    yield from map(_merged, parts.values())
    yield from singles(range(count - TAIL, count), count)


def singles(numbers: range, count: int) -> Iterator[tuple[str, bytes]]:
    """Objects of one dragon each, as a report leaves it."""
    for number in numbers:
        made = dragon(number, count)
        yield _key(number, made["family_str"]), to_lines([made])


def write(folder: Path, count: int) -> None:
    """Write a dataset, each object into a file of its key below a folder."""
    for key, content in objects(count):
        path = folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def files_of(folder: Path) -> list[tuple[str, Path]]:
    """The keys and files below a folder, in the order of keys in S3: that of their UTF-8 bytes."""
    found = ((path.relative_to(folder).as_posix(), path) for path in folder.rglob("*") if path.is_file())
    return sorted(found, key=lambda each: each[0].encode())


_sizes = [len(to_lines([each])) for each in _SAMPLES]


def _key(number: int, family: str) -> str:
    return object_key(PREFIX, family, str(_FIRST_SEQUENCE_NUMBER + number))


def _merged(parts: dict[str, list[Dragon]]) -> tuple[str, bytes]:
    """A run of objects, merged into the last of them."""
    key = max(parts)
    return key, to_object(key, parts)
