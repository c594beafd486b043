"""What a batch of the table's stream announces."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from announce_dragon.happening import happening
from dragons.bus import NotAcceptedError
from dragons.events import Event


class Bus(Protocol):
    """Where everybody hears of it."""

    def put(self, events: Sequence[Event]) -> None:
        """Put events.

        Raises:
            NotAcceptedError: One was refused.
        """
        ...


class NotAnnouncedError(Exception):
    """A record could not be announced; those before it were.

    Attributes:
        sequence_number: The record's, from which Lambda has to go on.
    """

    def __init__(self, sequence_number: str, reason: object) -> None:
        super().__init__(f"record {sequence_number}: {reason}")
        self.sequence_number = sequence_number


def announce(records: Sequence[Mapping[str, Any]], bus: Bus) -> None:
    """Announce each record.

    Raises:
        NotAnnouncedError: One failed; its cause is why.
    """
    told: list[tuple[str, Event]] = []
    unreadable: NotAnnouncedError | None = None
    for record in records:
        sequence_number = record["dynamodb"]["SequenceNumber"]
        try:
            event = happening(record)
        except ValueError as error:
            unreadable = NotAnnouncedError(sequence_number, error)
            break
        if event is not None:
            told.append((sequence_number, event))
    try:
        bus.put([event for _, event in told])
    except NotAcceptedError as error:
        raise NotAnnouncedError(told[error.position][0], error) from error
    if unreadable is not None:
        raise unreadable
