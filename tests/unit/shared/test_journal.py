"""The journal: what is sent is read, and it reads in the order of the stream, however its messages came."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragons.events import DragonAdded, DragonChanged, DragonRemoved, Event, EventError
from dragons.journal import DragonEvent, Entry, from_message, to_message, told
from dragons.journal_table import DynamoDBJournal
from support.fakes import FakeJournalTable
from support.strategies import dragons

AT = "2026-11-28T12:00:00.000+00:00"
ATLAS = {"dragon_name_str": "Atlas", "family_str": "red"}

events: st.SearchStrategy[DragonEvent] = st.one_of(
    st.builds(DragonAdded, st.uuids().map(str), st.just(AT), dragons),
    st.builds(DragonChanged, st.uuids().map(str), st.just(AT), dragons, dragons),
    st.builds(DragonRemoved, st.uuids().map(str), st.just(AT), dragons),
)
numbers = st.integers(0, 10**40 - 1)


@given(events, numbers)
def test_what_is_sent_is_read(event: DragonEvent, number: int) -> None:
    entry = Entry(event, str(number))
    message = to_message(entry)
    assert from_message(message) == entry
    assert message.isascii()  # so SQS takes it, whatever a description holds


ENTRY = Entry(DragonAdded("1", AT, ATLAS), "7")


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (None, "sequenceNumber must be text of 1 to 40 digits"),
        (7, "sequenceNumber must be text"),
        ("", "1 to 40 digits"),
        ("-7", "1 to 40 digits"),
        ("٣", "1 to 40 digits"),
        ("7\n", "1 to 40 digits"),
        ("7" * 41, "1 to 40 digits"),
    ],
)
def test_a_message_without_a_sequence_number_is_refused(number: Any, reason: str) -> None:
    message = json.loads(to_message(ENTRY)) | {"sequenceNumber": number}
    with pytest.raises(EventError, match=reason):
        from_message(json.dumps(message))


def test_an_event_that_is_not_of_a_dragon_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dragons.journal.from_text", lambda _: Event("1", AT))
    with pytest.raises(EventError, match=r"^Event is not of a dragon"):
        from_message("{}")


def test_an_entry_is_told_as_it_is_in_json() -> None:
    changed = DragonChanged("2", AT, ATLAS, ATLAS | {"family_str": "blue"})
    assert told(Entry(changed, "8")) == {
        "type": "DragonChanged",
        "eventId": "2",
        "at": AT,
        "before": ATLAS,
        "dragon": {"dragon_name_str": "Atlas", "family_str": "blue"},
    }


@st.composite
def streams(draw: st.DrawFn) -> list[Entry]:
    """What a stream has, in its order: numbers of different lengths, a few dragons."""
    ordered = sorted(draw(st.sets(numbers | st.integers(0, 2000), max_size=20)))
    names = draw(st.lists(st.sampled_from("ab"), min_size=len(ordered), max_size=len(ordered)))
    return [
        Entry(DragonAdded(draw(st.uuids().map(str)), AT, ATLAS | {"dragon_name_str": name}), str(number))
        for number, name in zip(ordered, names, strict=True)
    ]


def all_pages(table: FakeJournalTable, name: str, limit: int) -> list[list[dict[str, Any]]]:
    journal = DynamoDBJournal(table, table.table)  # type: ignore[arg-type]
    page = journal.page(name, limit, None)
    pages = [page.entries]
    while page.next_after is not None:
        page = journal.page(name, limit, page.next_after)
        pages.append(page.entries)
    return pages


@given(streams(), st.data(), st.integers(1, 7), st.integers(2, 9))
def test_the_journal_reads_in_the_order_of_the_stream_however_its_messages_came(
    stream: list[Entry], data: st.DataObject, limit: int, read_at_most: int
) -> None:
    table = FakeJournalTable(read_at_most)
    journal = DynamoDBJournal(table, table.table)  # type: ignore[arg-type]
    again = data.draw(st.lists(st.sampled_from(stream), max_size=10)) if stream else []
    for entry in data.draw(st.permutations([*stream, *again])):
        journal.write(from_message(to_message(entry)))
    for name in "abc":
        pages = all_pages(table, name, limit)
        expected = [told(entry) for entry in stream if entry.dragon_name == name]
        assert [entry for page in pages for entry in page] == expected
        assert all(len(page) <= limit for page in pages)
        assert all(pages) or not expected  # a token is given only where there is more


@pytest.mark.parametrize(("limit", "pages"), [(1, [1, 1, 1]), (2, [2, 1]), (3, [3]), (200, [3])])
def test_a_page_is_full_unless_it_is_the_last(limit: int, pages: list[int]) -> None:
    table = FakeJournalTable()
    for number in range(3):
        journal = DynamoDBJournal(table, table.table)  # type: ignore[arg-type]
        journal.write(Entry(DragonAdded(str(number), AT, ATLAS), str(number)))
    assert [len(page) for page in all_pages(table, "Atlas", limit)] == pages
