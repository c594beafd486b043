"""A dataset in memory, and what the S3 Select engine reads of it."""

from typing import Any

from dragons.dataset import object_key, to_lines
from dragons.fields import RECORD_NAMES
from list_dragons.query import Position, Query, Reading, page
from list_dragons.select import SelectEngine
from support.fake_select import SelectingS3


def dragon(name: str, family: str = "red", **fields: Any) -> dict[str, Any]:
    return dict.fromkeys(RECORD_NAMES.values(), "x") | {
        "dragon_name_str": name,
        "family_str": family,
        **fields,
    }


def key(sequence: int, family: str = "red") -> str:
    return object_key("dragons/", family, str(sequence))


def dataset(*objects: list[dict[str, Any]]) -> SelectingS3:
    """Objects of one family."""
    s3 = SelectingS3()
    for sequence, dragons in enumerate(objects):
        s3.objects[key(sequence)] = to_lines(dragons)
    return s3


def names(s3: Any, limit: int = 200, after: Position | None = None, **filters: str) -> list[str]:
    return names_and_reading(s3, limit, after, **filters)[0]


def names_and_reading(
    s3: Any, limit: int = 200, after: Position | None = None, **filters: str
) -> tuple[list[str], Reading]:
    """The names on a page, and what was read for it."""
    reading = Reading()
    found = page(SelectEngine(s3, "bucket", "dragons/"), Query(filters, limit, after), reading)
    return [each["dragon_name_str"] for each in found.dragons], reading
