"""The table's stream into events."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from announce_dragon.announce import NotAnnouncedError, announce
from announce_dragon.happening import happening
from dragons.bus import EventBridgeBus, NotAcceptedError
from dragons.events import DragonAdded, DragonChanged, DragonRemoved, Event

RECORDS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "fixtures/events/dynamodb_stream.json").read_text()
)["Records"]


def with_images(record: dict[str, Any], **images: Any) -> dict[str, Any]:
    return record | {"dynamodb": record["dynamodb"] | images}


class FakeBus:
    """A bus that hears all, or refuses one."""

    def __init__(self, refused: str = "") -> None:
        self.heard: list[Event] = []
        self._refused = refused

    def put(self, events: Sequence[Event]) -> None:
        for position, event in enumerate(events):
            if event.event_id == self._refused:
                raise NotAcceptedError(position, "ThrottlingException: too many")
            self.heard.append(event)


def test_each_change_is_told_once_and_again_the_same() -> None:
    first, again = FakeBus(), FakeBus()
    announce(RECORDS, first)
    announce(RECORDS, again)
    assert [type(event) for event in first.heard] == [DragonAdded, DragonChanged, DragonRemoved]
    assert [event.event_id for event in first.heard] == [record["eventID"] for record in RECORDS]
    assert {event.at for event in first.heard} == {"2025-11-23T00:00:00.000+00:00"}
    assert again.heard == first.heard


def test_a_change_of_nothing_but_the_report_is_not_told() -> None:
    image = RECORDS[0]["dynamodb"]["NewImage"]
    before, after = ({"report_id": {"S": report}} for report in "ab")
    assert happening(with_images(RECORDS[1], OldImage=image | before, NewImage=image | after)) is None


def test_what_becomes_a_dragon_was_added() -> None:
    record = with_images(RECORDS[1], OldImage={"dragon_name_str": {"S": "Atlas"}})
    assert isinstance(happening(record), DragonAdded)


def test_lambda_goes_on_from_the_record_that_failed() -> None:
    bus = FakeBus(refused=RECORDS[1]["eventID"])
    with pytest.raises(NotAnnouncedError, match="too many") as caught:
        announce(RECORDS, bus)
    assert caught.value.sequence_number == RECORDS[1]["dynamodb"]["SequenceNumber"]
    assert len(bus.heard) == 1


def test_what_comes_before_an_unreadable_record_is_told() -> None:
    unreadable, bus = with_images(RECORDS[1], NewImage={"dragon_name_str": {"S": "Atlas"}}), FakeBus()
    with pytest.raises(NotAnnouncedError, match="family_str is missing") as caught:
        announce([RECORDS[0], unreadable, RECORDS[2]], bus)
    assert caught.value.sequence_number == RECORDS[1]["dynamodb"]["SequenceNumber"]
    assert [event.event_id for event in bus.heard] == [RECORDS[0]["eventID"]]


class FakeEvents:
    """EventBridge, accepting all or all but one."""

    def __init__(self, refused: str = "") -> None:
        self.requests: list[list[dict[str, Any]]] = []
        self._refused = refused

    def put_events(self, Entries: list[dict[str, Any]]) -> dict[str, Any]:
        self.requests.append(Entries)
        failed = {"ErrorCode": "InternalFailure", "ErrorMessage": "again"}
        ids = [json.loads(each["Detail"])["eventId"] for each in Entries]
        return {"Entries": [failed if each == self._refused else {"EventId": each} for each in ids]}


def test_an_entry_is_what_eventbridge_takes() -> None:
    client = FakeEvents()
    EventBridgeBus(client, "dragons-unit").put([DragonRemoved("1", "now", {"family_str": "red"})])  # type: ignore[arg-type]
    [[entry]] = client.requests
    assert json.loads(entry.pop("Detail")) == {
        "version": 1,
        "eventId": "1",
        "at": "now",
        "dragon": {"family_str": "red"},
    }
    assert entry == {"EventBusName": "dragons-unit", "Source": "dragons", "DetailType": "DragonRemoved"}


def test_an_entry_that_is_not_accepted_is_an_error() -> None:
    events = [DragonRemoved(str(number), "now", {}) for number in range(25)]
    with pytest.raises(NotAcceptedError, match=r"^InternalFailure: again$") as caught:
        EventBridgeBus(FakeEvents("13"), "dragons-unit").put(events)  # type: ignore[arg-type]
    assert caught.value.position == 13


@given(st.lists(st.integers(0, 300_000), max_size=30))
def test_a_request_has_what_eventbridge_takes(sizes: list[int]) -> None:
    client = FakeEvents()
    events = [DragonRemoved(str(n), "now", {"family_str": "x" * size}) for n, size in enumerate(sizes)]
    EventBridgeBus(client, "dragons-unit").put(events)  # type: ignore[arg-type]
    entries = [entry for request in client.requests for entry in request]
    assert [json.loads(entry["Detail"])["eventId"] for entry in entries] == [each.event_id for each in events]
    for request in client.requests:
        size = sum(len(value.encode()) for entry in request for value in entry.values())
        assert len(request) <= 10
        assert len(request) == 1 or size <= 256 * 1024
