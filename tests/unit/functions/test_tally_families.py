"""How many dragons each family and country has, in whichever order and however often events come."""

import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragons import registry
from dragons.events import (
    SOURCE,
    DragonAdded,
    DragonChanged,
    DragonRemoved,
    Event,
    detail,
)
from support.sqs import FakeDeadLetters, sqs_record
from tally_families.shifts import shifts
from tally_families.store import DynamoDBTallies

Dragon = dict[str, str]


class Cancelled(Exception):  # noqa: N818 - AWS's name, nearly
    """The error that a client of DynamoDB raises when a transaction's condition fails."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.response = {"CancellationReasons": [{"Code": code}]}


class FakeTable:
    """A table of DynamoDB, by the transactions that the tallies use."""

    class exceptions:  # noqa: N801 - as on a client
        """The client's own errors."""

        TransactionCanceledException = Cancelled

    def __init__(self, cancelled: str = "", times: int = 99) -> None:
        self.tallies: Counter[str] = Counter()
        self.counted: dict[str, str] = {}
        self._cancelled = [cancelled] * times if cancelled else []

    def transact_write_items(self, TransactItems: list[dict[str, Any]]) -> None:
        put, *updates = TransactItems
        item = put["Put"]["Item"]
        assert put["Put"]["ConditionExpression"] == "attribute_not_exists(tally)"
        if self._cancelled:
            raise Cancelled(self._cancelled.pop())
        if item["tally"]["S"] in self.counted:
            raise Cancelled("ConditionalCheckFailed")
        self.counted[item["tally"]["S"]] = item["forget_at"]["N"]
        for update in (each["Update"] for each in updates):
            values, tally = update["ExpressionAttributeValues"], update["Key"]["tally"]["S"]
            assert update["UpdateExpression"] == "SET kind = :kind ADD dragons :dragons"
            assert tally.startswith(f"{values[':kind']['S']}#")
            self.tallies[tally] += int(values[":dragons"]["N"])


def dragon(name: str, family: str, country: str) -> Dragon:
    return {"dragon_name_str": name, "family_str": family, "location_country_str": country}


@st.composite
def lives(draw: st.DrawFn) -> tuple[list[Event], dict[str, Dragon]]:
    """What a table's dragons go through, and which are there at the end."""
    table: dict[str, Dragon] = {}
    events: list[Event] = []
    step = st.tuples(st.sampled_from("abc"), st.sampled_from(["red", "blue", None]), st.sampled_from("NS"))
    for number, (name, family, country) in enumerate(draw(st.lists(step, max_size=20))):
        before, after = table.pop(name, None), family and dragon(name, family, country)
        if after:
            table[name] = after
            told = DragonChanged(str(number), "", before, after) if before else None
            events.append(told or DragonAdded(str(number), "", after))
        elif before:
            events.append(DragonRemoved(str(number), "", before))
    return events, table


@given(lives(), st.data())
def test_the_tallies_are_the_table_in_whichever_order_and_however_often(
    life: tuple[list[Event], dict[str, Dragon]], data: st.DataObject
) -> None:
    events, table = life
    delivered = data.draw(st.permutations([*events, *events]))
    fake = FakeTable()
    tallies = DynamoDBTallies(fake, "tallies")  # type: ignore[arg-type]
    for event in delivered:
        if shifted := shifts(event):
            tallies.shift(event.event_id, shifted, 7)
    expected: Counter[str] = Counter()
    for each in table.values():
        own = [f"family#{each['family_str']}", f"country#{each['location_country_str']}"]
        expected.update([registry.TALLY, *own])
    assert +fake.tallies == expected
    assert not -fake.tallies
    assert set(fake.counted.values()) <= {"7"}


def test_a_change_that_leaves_family_and_country_shifts_nothing() -> None:
    assert shifts(DragonChanged("1", "", dragon("a", "red", "N"), dragon("a", "red", "N"))) == {}


@pytest.mark.parametrize("others", [{}, {"location_country_str": 5}])
def test_a_dragon_whose_country_is_no_text_counts_for_its_family(others: dict[str, Any]) -> None:
    dragon = {"dragon_name_str": "Atlas", "family_str": "red"} | others
    assert shifts(DragonAdded("1", "2026-11-28", dragon)) == {registry.TALLY: 1, "family#red": 1}


def test_a_transaction_that_meets_others_is_tried_again_at_once_and_then_by_the_queue() -> None:
    table = FakeTable("TransactionConflict", times=4)
    DynamoDBTallies(table, "tallies").shift("1", {"family#red": 1}, 7)  # type: ignore[arg-type]
    assert table.tallies == {"family#red": 1}
    with pytest.raises(Cancelled, match="TransactionConflict"):
        DynamoDBTallies(FakeTable("TransactionConflict", times=5), "tallies").shift("1", {"family#red": 1}, 7)  # type: ignore[arg-type]


def added(identity: str) -> str:
    event = DragonAdded(identity, "2026-11-28T12:00:00+00:00", dragon("a", "red", "N"))
    return json.dumps({"source": SOURCE, "detail-type": "DragonAdded", "detail": detail(event)})


def test_a_part_of_a_batch_may_fail_and_what_is_no_event_is_set_aside(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from tally_families import handler

    table, conflicting, queue = FakeTable(), FakeTable("TransactionConflict"), FakeDeadLetters()

    def shift(event_id: str, shifts: dict[str, int], forget_at: int) -> None:
        chosen = conflicting if event_id == "2" else table
        DynamoDBTallies(chosen, "tallies").shift(event_id, shifts, forget_at)  # type: ignore[arg-type]

    monkeypatch.setattr(handler.tallies, "shift", shift)
    monkeypatch.setattr(handler, "dead_letters", queue)
    records = [
        sqs_record(1, added("1")),
        sqs_record(2, added("2")),
        sqs_record(3, "{"),
        sqs_record(4, added("4")),
    ]
    answer = handler.handler({"Records": records}, None)  # type: ignore[arg-type]
    assert answer == {"batchItemFailures": [{"itemIdentifier": "2"}]}
    assert table.tallies == {"family#red": 2, "country#N": 2, registry.TALLY: 2}
    assert [(body, reason[:8]) for body, reason in queue.messages] == [("{", "not JSON")]
