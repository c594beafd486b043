"""Datasets as they may be found, and what callers may ask of them: Hypothesis strategies."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from compact_family.folder import Folder
from dragons.dataset import family_folder, object_key, to_lines
from dragons.fields import RECORD_NAMES
from support.fake_select import SelectingS3
from support.fakes import NOW, FakeS3
from support.interleaving import stepping
from support.strategies import HOSTILE_TEXTS

PREFIX = "dragons/"

FAMILIES = ["red", "O'Brien", "a/b %"]
MALFORMED = [
    b"{not JSON",
    b'{"dragon_name_str":"a","family_str":"red","location_city_str":NaN}',
    b"\xff\xfe",
    b"7",
    b"[]",
    b'{"dragon_name_str":7,"family_str":"red"}',
    b'{"dragon_name_str":"a"}',
    b'{"dragon_name_str":"\\ud800","family_str":"red"}',
]

WORDS = ["", "O'Brien", "'", '"', "a\r\nb", "7", "7.0", "true", "null", "Ærø 🐉", "%", "\\"]
words = st.sampled_from([*WORDS, *HOSTILE_TEXTS])
scalars = st.sampled_from([7, 7.0, 1.5, -1, 1e16, 10**20, True, False, None]) | st.sampled_from(WORDS)
values = scalars | scalars | st.lists(scalars, max_size=2)
others = ["location_city_str", "location_state_str", "wingspan"]


def dragons_of(family: str) -> st.SearchStrategy[list[dict[str, Any]]]:
    """What one batch of the stream brought a family."""
    known = {"dragon_name_str": words, "family_str": st.just(family)}
    some = st.fixed_dictionaries(known, optional=dict.fromkeys(others, values))
    return st.lists(some, max_size=3, unique_by=lambda each: str(each["dragon_name_str"]))


class StoppedError(Exception):
    """A merge ended where it was."""


def begin_to_merge(s3: FakeS3, family: str, writes: int) -> None:
    """Merge a family's objects, and stop before a write."""
    left = iter(range(writes))

    def write() -> None:
        if next(left, None) is None:
            raise StoppedError

    s3.recent.clear()
    try:
        folder = family_folder(PREFIX, family)
        Folder(stepping(s3, write, "put_object"), "bucket", folder, NOW, timedelta(days=1)).compact()
    except StoppedError:
        return


@st.composite
def datasets(draw: st.DrawFn) -> SelectingS3:
    """Families of which some objects are merged, some are being merged, and some have lines of no dragon."""
    s3 = SelectingS3()
    s3.split_at = draw(st.integers(1, 50))
    for _ in range(draw(st.integers(1, 2))):  # what came after the first merge
        for family in draw(st.lists(st.sampled_from(FAMILIES), max_size=6)):
            key = object_key(PREFIX, family, str(len(s3.objects)))
            s3.objects[key] = to_lines(draw(dragons_of(family))) or b"\n"
        for family in FAMILIES:
            begin_to_merge(s3, family, draw(st.integers(0, 6)))
    for key in sorted(key for key, content in s3.objects.items() if content):
        lines = s3.objects[key].splitlines(keepends=True)
        for line in draw(st.lists(st.sampled_from(MALFORMED), max_size=1)):
            lines.insert(draw(st.integers(0, len(lines))), line + b"\n")
        s3.objects[key] = b"".join(lines)
    return s3


@st.composite
def datasets_with_documents(draw: st.DrawFn) -> SelectingS3:
    """The same, and files as a seed is one."""
    s3 = draw(datasets())
    for name in draw(st.sets(st.sampled_from(["a.json", "seed.json"]), min_size=1)):
        records = draw(st.lists(st.sampled_from(FAMILIES).flatmap(dragons_of), min_size=1, max_size=2))
        unique = {each["dragon_name_str"]: each for some in records for each in some}
        document: Any = list(unique.values())
        if len(document) == 1 and draw(st.booleans()):
            document = document[0]
        s3.objects[PREFIX + name] = json.dumps(document, indent=2).encode()
    return s3


def wanted_of(value: Any) -> str:
    """What a caller asks who wants a value."""
    if isinstance(value, list):
        return wanted_of(value[-1]) if value else ""
    return value if isinstance(value, str) else json.dumps(value)


@st.composite
def filters_of(draw: st.DrawFn, s3: SelectingS3) -> dict[str, str]:
    """Filters that a dragon matches, more often than not."""
    every = [record for key in s3.objects for record in records_of(key, s3.objects[key]) if record]
    record = draw(st.sampled_from(every)) if every else {}
    known = [field for field in RECORD_NAMES.values() if field in record]
    fields = st.sampled_from(known) if known else st.sampled_from(sorted(RECORD_NAMES.values()))
    asked = draw(st.lists(fields, max_size=2, unique=True))
    its_own = {field: wanted_of(record.get(field, "")) for field in asked}
    return its_own if draw(st.integers(0, 3)) else {field: draw(words) for field in asked}


def records_of(key: str, content: bytes) -> Iterator[dict[str, Any] | None]:
    """The records of an object: dragons, or marks of merged lines; None for what is neither."""
    is_lines = key.endswith(".jsonl")
    for text in content.split(b"\n") if is_lines else [content]:
        if text.strip():
            try:
                found = json.loads(text.decode(), parse_constant=int)  # which refuses NaN
            except ValueError:
                found = None
            for record in found if isinstance(found, list) and not is_lines else [found]:
                yield record if is_one(record) else None


def is_one(record: Any) -> bool:
    """Whether it is a dragon, or the mark of a merged line, in texts that UTF-8 can carry."""
    if not isinstance(record, dict):
        return False
    try:
        json.dumps(record, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    name, family = record.get("dragon_name_str"), record.get("family_str")
    return record.keys() == {"_origin"} or (isinstance(name, str) and isinstance(family, str))
