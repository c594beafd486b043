"""The event bus."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from dragons.batches import NotAcceptedError, batches
from dragons.events import SOURCE, Event, detail

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_events.type_defs import PutEventsRequestEntryTypeDef


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
        for entries in batches(map(self._entry, events), lambda entry: entry["Detail"]):
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
