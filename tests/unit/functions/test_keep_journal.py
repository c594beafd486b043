"""The journal's queue into the journal."""

import json
from typing import Any

import pytest

from dragons.events import DragonAdded, detail
from dragons.journal import Entry, to_message
from dragons.journal_table import DynamoDBJournal
from support.fakes import FakeJournalTable
from support.sqs import sqs_record

AT = "2026-11-28T12:00:00.000+00:00"


class FailingTable(FakeJournalTable):
    """A table that does not take the items of one dragon."""

    def put_item(self, TableName: str, Item: dict[str, Any]) -> None:
        if Item["dragon_name_str"]["S"] == "throttled":
            raise RuntimeError("ThrottlingException")
        super().put_item(TableName, Item)


class FakeQueue:
    """A dead-letter queue."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, str, str, str]] = []

    def send(self, body: str, reason: str, *, group_id: str, deduplication_id: str) -> None:
        self.messages.append((body, reason, group_id, deduplication_id))


def added(number: int, name: str) -> str:
    dragon = {"dragon_name_str": name, "family_str": "red"}
    return to_message(Entry(DragonAdded(f"id-{number}", AT, dragon), str(number)))


def message(number: int, group: str, body: str) -> dict[str, Any]:
    attributes = {"MessageGroupId": group, "MessageDeduplicationId": f"id-{number}"}
    return sqs_record(number, body) | {"attributes": attributes}


def keep(
    monkeypatch: pytest.MonkeyPatch, records: list[dict[str, Any]]
) -> tuple[Any, FailingTable, FakeQueue]:
    from keep_journal import handler

    table, queue = FailingTable(), FakeQueue()
    monkeypatch.setattr(handler, "journal", DynamoDBJournal(table, table.table))  # type: ignore[arg-type]
    monkeypatch.setattr(handler, "dead_letters", queue)
    return handler.handler({"Records": records}, None), table, queue  # type: ignore[arg-type]


def test_behind_what_failed_its_dragons_others_stay_and_no_others_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answer, table, queue = keep(
        monkeypatch,
        [
            message(1, "t", added(1, "throttled")),
            message(2, "a", added(2, "Atlas")),
            message(3, "t", added(3, "throttled")),
        ],
    )
    assert answer == {"batchItemFailures": [{"itemIdentifier": "1"}, {"itemIdentifier": "3"}]}
    assert list(table.items) == [("Atlas", f"{'2':0>40}#id-2")]
    assert queue.messages == []


def test_a_batch_that_fails_as_a_whole_comes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    answer, _, _ = keep(monkeypatch, [message(1, "t", added(1, "throttled"))])
    assert answer == {"batchItemFailures": [{"itemIdentifier": "1"}]}


def test_what_is_no_event_is_set_aside_in_its_group_and_the_rest_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    newer = json.loads(added(2, "Atlas"))
    newer["detail"]["version"] = 2
    bad = ["{", json.dumps(newer), "[" * 100_000, '{"source": "dragons", "half": "\\ud800"}']
    records = [message(number, "a", body) for number, body in enumerate(bad)]
    answer, table, queue = keep(monkeypatch, [*records, message(9, "a", added(9, "Atlas"))])
    assert answer == {"batchItemFailures": []}
    assert list(table.items) == [("Atlas", f"{'9':0>40}#id-9")]
    assert [(body, group, own) for body, _, group, own in queue.messages] == [
        (body, "a", str(number)) for number, body in enumerate(bad)
    ]
    reasons = [reason for _, reason, _, _ in queue.messages]
    assert [reason[:8] for reason in reasons] == ["not JSON", "DragonAd", "not JSON", "not JSON"]
    assert "version must be one of [1]" in reasons[1]


def test_a_message_that_comes_again_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    records = [message(1, "a", added(1, "Atlas")), message(2, "a", added(1, "Atlas"))]
    _, table, _ = keep(monkeypatch, records)
    [item] = table.items.values()
    dragon = {"dragon_name_str": "Atlas", "family_str": "red"}
    said = detail(DragonAdded("id-1", AT, dragon))
    assert json.loads(item["entry"]["S"]) == {
        "type": "DragonAdded",
        "eventId": said["eventId"],
        "at": AT,
        "dragon": dragon,
    }
