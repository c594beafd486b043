"""What a batch of the table's stream announces."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from announce_dragon.happening import happening
from dragons.batches import NotAcceptedError
from dragons.events import Event
from dragons.journal import Entry


class Bus(Protocol):
    """Where everybody hears of it."""

    def put(self, events: Sequence[Event]) -> None:
        """Put events.

        Raises:
            NotAcceptedError: One was refused.
        """
        ...


class Journal(Protocol):
    """Where it is kept in order."""

    def send(self, entries: Sequence[Entry]) -> None:
        """Send entries.

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


def announce(records: Sequence[Mapping[str, Any]], bus: Bus, journal: Journal) -> None:
    """Announce each record, on the bus and in the journal.

    Lambda goes on from the first record that either refused. So the other may be told of some twice, by the
    same id.

    Raises:
        NotAnnouncedError: One failed; its cause is why.
    """
    entries, failure = _read(records)
    for tell in (lambda told: bus.put([entry.event for entry in told]), journal.send):
        try:
            tell(entries)
        except NotAcceptedError as error:
            failure = NotAnnouncedError(entries[error.position].sequence_number, error)
            failure.__cause__ = error
            entries = entries[: error.position]
    if failure is not None:
        raise failure


def _read(records: Sequence[Mapping[str, Any]]) -> tuple[list[Entry], NotAnnouncedError | None]:
    """Read what happened, as far as the first record that cannot be read."""
    entries: list[Entry] = []
    for record in records:
        sequence_number = record["dynamodb"]["SequenceNumber"]
        try:
            event = happening(record)
        except ValueError as error:
            failure = NotAnnouncedError(sequence_number, error)
            failure.__cause__ = error
            return entries, failure
        if event is not None:
            entries.append(Entry(event, sequence_number))
    return entries, None
