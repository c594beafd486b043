"""The event bus."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from dragons.events import SOURCE, Event, detail

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_events.type_defs import PutEventsRequestEntryTypeDef

ENTRIES = 10
"""How many events a request takes at most."""
SIZE = 250_000
"""How many bytes of details a request has at most: EventBridge takes 256 KiB of all that its entries say."""


class NotAcceptedError(Exception):
    """The bus did not accept an event; the message has its error.

    Attributes:
        position: Which of the events, counted from 0; those before it were accepted.
    """

    def __init__(self, position: int, reason: str) -> None:
        super().__init__(reason)
        self.position = position


class EventBridgeBus:
    """Puts events on a bus, which keeps no order.

    Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
    """

    def __init__(self, events: EventBridgeClient, name: str) -> None:
        self._events = events
        self._name = name

    def put(self, events: Sequence[Event]) -> None:
        """Put events, as few requests as it takes.

        Raises:
            NotAcceptedError: One was refused; some of those behind it may be on the bus, too.
        """
        done = 0
        for entries in _requests([self._entry(event) for event in events]):
            for answer in self._events.put_events(Entries=entries)["Entries"]:
                if "ErrorCode" in answer:
                    raise NotAcceptedError(done, f"{answer['ErrorCode']}: {answer.get('ErrorMessage')}")
                done += 1

    def _entry(self, event: Event) -> PutEventsRequestEntryTypeDef:
        return {
            "EventBusName": self._name,
            "Source": SOURCE,
            "DetailType": type(event).__name__,
            "Detail": json.dumps(detail(event)),
        }


def _requests(
    entries: Sequence[PutEventsRequestEntryTypeDef],
) -> Iterator[list[PutEventsRequestEntryTypeDef]]:
    """Cut entries, in order, into what a request takes; one that is too large goes alone, to be refused."""
    request: list[PutEventsRequestEntryTypeDef] = []
    size = 0
    for entry in entries:
        own = len(entry["Detail"])  # JSON in ASCII: characters are bytes
        if request and (len(request) == ENTRIES or size + own > SIZE):
            yield request
            request, size = [], 0
        request.append(entry)
        size += own
    if request:
        yield request
