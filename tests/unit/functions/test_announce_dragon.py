"""The table's stream into events."""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from announce_dragon.announce import NotAnnouncedError, announce
from announce_dragon.happening import happening
from announce_dragon.journal import JournalQueue
from dragons.batches import NotAcceptedError
from dragons.bus import EventBridgeBus
from dragons.events import DragonAdded, DragonChanged, DragonRemoved, Event
from dragons.journal import Entry, from_message
from support.fakes import FakeFifoQueue

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


class FakeJournal:
    """A journal that takes all, or refuses one."""

    def __init__(self, refused: str = "") -> None:
        self.entries: list[Entry] = []
        self._refused = refused

    def send(self, entries: Sequence[Entry]) -> None:
        for position, entry in enumerate(entries):
            if entry.event.event_id == self._refused:
                raise NotAcceptedError(position, "InternalError: again")
            self.entries.append(entry)


def test_each_change_is_told_once_and_again_the_same() -> None:
    first, again, journal = FakeBus(), FakeBus(), FakeJournal()
    announce(RECORDS, first, journal)
    announce(RECORDS, again, FakeJournal())
    assert [entry.event for entry in journal.entries] == first.heard
    numbers = [record["dynamodb"]["SequenceNumber"] for record in RECORDS]
    assert [entry.sequence_number for entry in journal.entries] == numbers
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


@pytest.mark.parametrize(
    ("by_bus", "by_journal", "failed", "reason"),
    [
        (1, None, 1, "too many"),
        (None, 1, 1, "again"),
        (2, 1, 1, "again"),
        (1, 2, 1, "too many"),
        (1, 1, 1, "too many"),
    ],
)
def test_lambda_goes_on_from_the_first_record_that_either_refused(
    by_bus: int | None, by_journal: int | None, failed: int, reason: str
) -> None:
    ids = [record["eventID"] for record in RECORDS]
    bus = FakeBus("" if by_bus is None else ids[by_bus])
    journal = FakeJournal("" if by_journal is None else ids[by_journal])
    with pytest.raises(NotAnnouncedError, match=reason) as caught:
        announce(RECORDS, bus, journal)
    assert caught.value.sequence_number == RECORDS[failed]["dynamodb"]["SequenceNumber"]
    assert isinstance(caught.value.__cause__, NotAcceptedError)
    assert len(bus.heard) >= failed
    assert [entry.event.event_id for entry in journal.entries] == ids[:failed]


def test_what_comes_before_an_unreadable_record_is_told() -> None:
    unreadable, bus = with_images(RECORDS[1], NewImage={"dragon_name_str": {"S": "Atlas"}}), FakeBus()
    journal = FakeJournal()
    with pytest.raises(NotAnnouncedError, match="family_str is missing") as caught:
        announce([RECORDS[0], unreadable, RECORDS[2]], bus, journal)
    assert caught.value.sequence_number == RECORDS[1]["dynamodb"]["SequenceNumber"]
    assert [event.event_id for event in bus.heard] == [RECORDS[0]["eventID"]]
    assert [entry.event for entry in journal.entries] == bus.heard


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


def entry(number: int, name: str, size: int = 0, event_id: str = "") -> Entry:
    dragon = {"dragon_name_str": name, "family_str": "red", "description_str": "x" * size or "none"}
    at = "2026-11-28T12:00:00.000+00:00"
    return Entry(DragonRemoved(event_id or f"id-{number}", at, dragon), str(number))


def test_a_message_has_the_dragon_as_its_group_and_the_event_as_its_deduplication_id() -> None:
    queue, odd = FakeFifoQueue(), entry(2, "\x00 \U0001f409" * 60, event_id="an id of \u00e9 and spaces")
    JournalQueue(queue, queue.url).send([entry(1, "Atlas"), odd, entry(3, "Atlas")])  # type: ignore[arg-type]
    assert [[each["Id"] for each in request] for request in queue.requests] == [["0", "1"], ["0"]]
    first, second, third = queue.sent
    assert [from_message(each["MessageBody"]) for each in queue.sent] == [
        entry(1, "Atlas"),
        odd,
        entry(3, "Atlas"),
    ]
    assert first["MessageGroupId"] == third["MessageGroupId"] != second["MessageGroupId"]
    assert first["MessageDeduplicationId"] == "id-1"
    assert all(re.fullmatch("[0-9a-f]{64}", each["MessageGroupId"]) for each in queue.sent)
    assert re.fullmatch("[0-9a-f]{64}", second["MessageDeduplicationId"])


def test_ten_dragons_take_one_request_and_a_refusal_is_the_first_in_order() -> None:
    queue = FakeFifoQueue()
    journal = JournalQueue(queue, queue.url)  # type: ignore[arg-type]
    journal.send([])
    journal.send([entry(n, f"dragon {n}") for n in range(10)])
    assert len(queue.requests) == 1
    queue.refuse = lambda message: from_message(message["MessageBody"]).sequence_number in ("113", "117")
    with pytest.raises(NotAcceptedError, match=r"^InternalError: again$") as caught:
        journal.send([entry(n, f"dragon {n}") for n in range(100, 125)])
    assert caught.value.position == 13


@given(st.lists(st.integers(0, 300_000), max_size=30), st.integers(1, 30))
def test_a_request_has_what_sqs_takes(sizes: list[int], dragons: int) -> None:
    queue = FakeFifoQueue()
    entries = [entry(n, str(n % dragons), size) for n, size in enumerate(sizes)]
    JournalQueue(queue, queue.url).send(entries)  # type: ignore[arg-type]
    sent = [json.loads(each["MessageBody"])["sequenceNumber"] for each in queue.sent]
    assert sent == [entry.sequence_number for entry in entries]
    for request in queue.requests:
        assert len(request) <= 10
        assert sum(len(each["MessageBody"].encode()) for each in request) <= 1024 * 1024
        assert len({each["MessageGroupId"] for each in request}) == len(request)


def record(number: int, name: str) -> dict[str, Any]:
    image = {"dragon_name_str": {"S": name}, "family_str": {"S": "red"}}
    told = {"SequenceNumber": str(number), "ApproximateCreationDateTime": 0.0, "NewImage": image}
    return {"eventID": str(number), "dynamodb": told}


@given(st.lists(st.sampled_from("abc"), max_size=25), st.data())
def test_no_event_of_a_dragon_overtakes_another_however_often_sqs_refuses(
    names: list[str], data: st.DataObject
) -> None:
    records = [record(number, name) for number, name in enumerate(names)]
    left = data.draw(st.integers(0, 40))

    def refuse(_: Any) -> bool:
        nonlocal left
        left -= 1
        return left > 0 and data.draw(st.booleans())

    queue, bus = FakeFifoQueue(refuse), FakeBus()
    start = 0
    while start < len(records):  # as Lambda does
        try:
            announce(records[start:], bus, JournalQueue(queue, queue.url))  # type: ignore[arg-type]
            start = len(records)
        except NotAnnouncedError as error:
            start = int(error.sequence_number)
        for name in names:
            stream = [number for number, each in enumerate(names) if each == name]
            queued = [int(each.sequence_number) for each in queue.entries() if each.dragon_name == name]
            assert queued == stream[: len(queued)]
    assert len(queue.entries()) == len(names)
    assert {event.event_id for event in bus.heard} == {each["eventID"] for each in records}
