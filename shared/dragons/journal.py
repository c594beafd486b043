"""The journal of what happened to each dragon: its entries, and the messages in which they come to it."""

import json
import re
from dataclasses import dataclass
from typing import Any

from dragons.events import SOURCE, DragonAdded, DragonChanged, DragonRemoved, EventError, detail, from_text

SEQUENCE_DIGITS = 40
"""How many digits a stream's sequence number has at most.

Source: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_StreamRecord.html
"""

DragonEvent = DragonAdded | DragonChanged | DragonRemoved


@dataclass(frozen=True)
class Entry:
    """What happened to a dragon, and where that stands in the order of the table's stream.

    Attributes:
        event: What happened.
        sequence_number: The stream record's: of the records of one dragon, a later one has a greater number.
    """

    event: DragonEvent
    sequence_number: str

    @property
    def dragon_name(self) -> str:
        """Whose journal it belongs to."""
        name: str = self.event.dragon["dragon_name_str"]
        return name

    @property
    def position(self) -> str:
        """Where it stands in that journal: texts in this order are events in the stream's."""
        return f"{self.sequence_number.zfill(SEQUENCE_DIGITS)}#{self.event.event_id}"


def to_message(entry: Entry) -> str:
    """Write an entry as a message: the event as the bus delivers it, and its sequence number."""
    return json.dumps(
        {
            "source": SOURCE,
            "detail-type": type(entry.event).__name__,
            "detail": detail(entry.event),
            "sequenceNumber": entry.sequence_number,
        }
    )


def from_message(body: str) -> Entry:
    """Read a message that `to_message` wrote.

    Raises:
        EventError: It is no event of a dragon that is known here, or has no sequence number.
    """
    event = from_text(body)
    if not isinstance(event, DragonEvent):
        raise EventError(f"{type(event).__name__} is not of a dragon: the journal has none of it")
    number = json.loads(body).get("sequenceNumber")
    if not isinstance(number, str) or not re.fullmatch(f"[0-9]{{1,{SEQUENCE_DIGITS}}}", number):
        raise EventError(f"sequenceNumber must be text of 1 to {SEQUENCE_DIGITS} digits")
    return Entry(event, number)


def told(entry: Entry) -> dict[str, Any]:
    """Say an entry as readers get it: `type`, `eventId`, `at`, `dragon`, and `before` of a change."""
    said = detail(entry.event)
    del said["version"]
    return {"type": type(entry.event).__name__} | said
