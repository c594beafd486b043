"""The events on the bus, typed: publishers put them, consumers read them.

An event's schema is `schemas/events/<its type>.json`. Its `event_id` stays when a publisher tries again, and
when an archive is replayed: by it consumers know what they have done already.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

import fastjsonschema

from dragons.fields import Dragon
from dragons.schemas import event_schema

SOURCE = "dragons"
VERSION = 1
"""The version that is put. A consumer reads those that its schemas name, and refuses a field that it does not
know, so a change of any schema is another version: docs/evolving_the_schema.md has the steps."""


class EventError(ValueError):
    """What arrived is no event that is known here; the message says why."""


@dataclass(frozen=True)
class Event:
    """What happened.

    Attributes:
        event_id: The same for the same happening, however often it is told.
        at: When, in ISO 8601 and UTC.
    """

    event_id: str
    at: str


@dataclass(frozen=True)
class DragonAdded(Event):
    """A dragon came on record."""

    dragon: Dragon


@dataclass(frozen=True)
class DragonChanged(Event):
    """A dragon on record was changed: how it was, and how it is."""

    before: Dragon
    dragon: Dragon


@dataclass(frozen=True)
class DragonRemoved(Event):
    """A dragon was taken off the record; this is how it was."""

    dragon: Dragon


@dataclass(frozen=True)
class DragonRefused(Event):
    """A report was refused; the workflow `report_dragon` puts this by itself.

    Attributes:
        report_id: The report's; its state is at `GET /dragons/reports/{reportId}`.
        dragon_name: As the reporter wrote it.
        reason: As the reporter is told it.
    """

    report_id: str
    dragon_name: str
    reason: str


@dataclass(frozen=True)
class ReporterJoined(Event):
    """Somebody may report from now on.

    Attributes:
        sub: Who, by their id in the user pool. Whoever needs more of a person reads it where it is kept.
    """

    sub: str


@dataclass(frozen=True)
class ImportFinished(Event):
    """A file was imported; the workflow `import_dragons` puts this by itself.

    Attributes:
        file: The file's key in the import bucket.
        result: The result's, in the same bucket.
        accepted: How many of its lines are on record now.
        duplicate: How many named a dragon that was on record before.
        refused: How many could not become a dragon.
        failed: How many can be tried again.
    """

    file: str
    result: str
    accepted: int
    duplicate: int
    refused: int
    failed: int


TYPES: dict[str, type[Event]] = {
    each.__name__: each
    for each in (DragonAdded, DragonChanged, DragonRemoved, DragonRefused, ReporterJoined, ImportFinished)
}
"""The events by their detail types."""


def detail(event: Event) -> dict[str, Any]:
    """Say an event in JSON's terms, as EventBridge's `Detail` has it: without the fields that are None."""
    said = {_in_json(field.name): getattr(event, field.name) for field in fields(event)}
    return {"version": VERSION} | {name: value for name, value in said.items() if value is not None}


def read(detail_type: str, detail: Any) -> Event:
    """Read an event that was put by `detail`.

    Raises:
        EventError: The type is unknown, or the detail breaks the type's schema.
    """
    if detail_type not in TYPES:
        raise EventError(f"detail type {detail_type} is not known: it must be one of {', '.join(TYPES)}")
    try:
        _validator(detail_type)(detail)
    except fastjsonschema.JsonSchemaValueException as error:
        raise EventError(f"{detail_type}: {error.message}") from error
    kind = TYPES[detail_type]
    names = {_in_json(field.name): field.name for field in fields(kind)}
    return kind(**{names[name]: value for name, value in detail.items() if name in names})


def from_text(body: str) -> Event:
    """Read an event in the envelope that EventBridge delivers.

    Args:
        body: The envelope, as JSON.

    Raises:
        EventError: It is no JSON, of another source, or no event that is known here.

    Source: https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html
    """
    try:
        envelope = json.loads(body)
        json.dumps(envelope, ensure_ascii=False).encode()  # JSON can say half a character, which no text is
    except (RecursionError, ValueError) as error:
        raise EventError(f"not JSON: {error}") from error
    if not isinstance(envelope, dict) or envelope.get("source") != SOURCE:
        raise EventError(f"not an event of the source {SOURCE}")
    return read(str(envelope.get("detail-type")), envelope.get("detail"))


def _in_json(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))


@cache
def _validator(detail_type: str) -> Callable[[Any], Any]:
    compiled: Callable[[Any], Any] = fastjsonschema.compile(event_schema(detail_type))
    return compiled
