"""What a line holds: the fields of a report, or the reason why it has none."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dragons.fields import RECORD_NAMES
from dragons.schemas import schema

NOT_UTF8 = "is not UTF-8"
BLANK = "is blank"

_REASON_LENGTH = 1000
_REPORT_FIELDS = frozenset(schema("report")["properties"])


@dataclass(frozen=True)
class Bad:
    """A line without fields: why, and whose it seems to be."""

    reason: str
    dragon_name: str | None = None


@dataclass(frozen=True)
class Blank:
    """A line with nothing in it, which means nothing at the end of a file."""


Fields = Mapping[str, Any]
"""A line's values by the report's names."""

Content = Fields | Bad | Blank


def workflow_input(fields: Fields) -> dict[str, Any] | Bad:
    """Make the input of the workflow `report_dragon` of a line, as the API makes it of a body.

    The workflow validates it. What is refused here is what must not come to it: names that only the API may
    say, such as `reporterSub`, and values that its input cannot hold.
    """
    name = fields.get("dragonName")
    name = name if isinstance(name, str) and _is_text(name) else None
    reasons = [f"{field} is not a field of a report" for field in sorted(fields.keys() - _REPORT_FIELDS)]
    for field in sorted(fields.keys() & _REPORT_FIELDS):
        value = fields[field]
        if isinstance(value, str):
            if not _is_text(value):
                reasons.append(f"{field} holds half a character")
        elif not isinstance(value, bool):
            reasons.append(f"{field} must be {schema('report')['properties'][field]['type']}")
    if reasons:
        return Bad("; ".join(reasons).encode(errors="replace").decode()[:_REASON_LENGTH], name)
    return {RECORD_NAMES.get(field, field): value for field, value in fields.items()}


def _is_text(value: str) -> bool:
    """Whether it is made of whole characters: JSON can say half a one."""
    return not any("\ud800" <= each <= "\udfff" for each in value)
