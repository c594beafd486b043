"""The tallies as a test reads them, and dragons that are only told of on the bus."""

import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from dragons.events import SOURCE, DragonAdded, detail
from support.system import poll

Aws = Callable[[str], Any]


class Tallies:
    """The table of tallies; what was read or told goes when the test ends."""

    def __init__(self, table: str, dynamodb: Any) -> None:
        self._table = table
        self._dynamodb = dynamodb
        self._touched: set[str] = set()

    def __call__(self, tally: str) -> int:
        """How many dragons a tally has."""
        self._touched.add(tally)
        key = {"tally": {"S": tally}}
        found = self._dynamodb.get_item(TableName=self._table, Key=key, ConsistentRead=True)
        return int(found["Item"]["dragons"]["N"]) if "Item" in found else 0

    def becomes(self, tally: str, number: int) -> None:
        """Wait until a tally has so many dragons: other tests' changes may be before it in the queue."""
        poll(lambda: self(tally) == number or None, f"{tally} to be {number}", seconds=240)

    def forget(self, *tallies: str) -> None:
        """Delete rows: tallies, and the events that are known as `event#<id>`."""
        for tally in tallies:
            self._dynamodb.delete_item(TableName=self._table, Key={"tally": {"S": tally}})

    def forget_touched(self) -> None:
        """Delete what was read."""
        self.forget(*self._touched)


@pytest.fixture
def tallies(outputs: dict[str, Any], aws: Aws) -> Iterator[Tallies]:
    """The table of tallies."""
    found = Tallies(outputs["tallies_table"], aws("dynamodb"))
    yield found
    found.forget_touched()


@pytest.fixture
def family() -> str:
    """A family that no dragon is of."""
    return f"e2e-{uuid.uuid4()}"


@pytest.fixture
def tell(outputs: dict[str, Any], aws: Aws) -> Callable[[str, int], list[str]]:
    """Tell on the bus of dragons of a family that are in no table; returns the events' ids."""

    def put(family: str, number: int) -> list[str]:
        ids = [str(uuid.uuid4()) for _ in range(number)]
        dragon = {"dragon_name_str": family, "family_str": family}
        events = [DragonAdded(each, "2026-11-28T12:00:00.000+00:00", dragon) for each in ids]
        entry = {"EventBusName": outputs["event_bus"], "Source": SOURCE, "DetailType": "DragonAdded"}
        entries = [entry | {"Detail": json.dumps(detail(event))} for event in events]
        assert aws("events").put_events(Entries=entries)["FailedEntryCount"] == 0
        return ids

    return put
