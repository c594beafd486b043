"""What an inspection is: a dragon's record, held against the schema that all records are to follow.

What is on record may be older than the schema, or written by hand; an inspection tells of it.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from dragons.errors import FieldError
from dragons.validation import dragon_errors

OF_THE_RECORD = frozenset({"report_id"})
"""What a record has besides its dragon."""


class InspectionError(Exception):
    """An inspection that cannot be made, however often it is tried.

    Attributes:
        name: What the task fails with, for a workflow to catch.
    """

    name = "InspectionFailed"


class InvalidInspectionError(InspectionError):
    """The task's input does not name a dragon."""

    name = "InvalidInspection"


class DragonNotFoundError(InspectionError):
    """No dragon of that name is on record."""

    name = "DragonNotFound"


class Registry(Protocol):
    """The dragons on record."""

    def record(self, dragon_name: str) -> Mapping[str, Any] | None:
        """A dragon's record as JSON; none if there is no such dragon."""
        ...


@dataclass(frozen=True)
class Inspection:
    """What was found of a dragon: each field that is not as the schema has it."""

    dragon_name: str
    findings: tuple[FieldError, ...]

    def text(self) -> str:
        """The task's result: JSON of `dragonName`, `sound` and `findings`."""
        return json.dumps(
            {
                "dragonName": self.dragon_name,
                "sound": not self.findings,
                "findings": [asdict(finding) for finding in self.findings],
            }
        )


def inspect(task_input: str, registry: Registry) -> Inspection:
    """Inspect the dragon that a task names.

    Args:
        task_input: JSON, `{"dragonName": "Atlas"}`; what else it has is left alone.
        registry: Where the dragon is.

    Raises:
        InvalidInspectionError: The input names no dragon.
        DragonNotFoundError: There is none of that name.
    """
    name = _dragon_name(task_input)
    record = registry.record(name)
    if record is None:
        raise DragonNotFoundError(f"no dragon is named {name}")
    dragon = {field: value for field, value in record.items() if field not in OF_THE_RECORD}
    return Inspection(name, tuple(dragon_errors(dragon)))


def _dragon_name(task_input: str) -> str:
    try:
        asked = json.loads(task_input)
    except ValueError as error:
        raise InvalidInspectionError(f"the input is no JSON: {error}") from error
    name = asked.get("dragonName") if isinstance(asked, dict) else None
    if not isinstance(name, str) or not 1 <= len(name) <= 200:
        raise InvalidInspectionError('the input must be {"dragonName": "..."}, a text of 1 to 200 characters')
    return name
