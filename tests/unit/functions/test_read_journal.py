"""GET /dragons/journal: what is asked, and the pages of the answer."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given

from dragons.errors import InvalidRequestError
from dragons.events import DragonAdded, DragonRemoved
from dragons.journal import Entry
from dragons.journal_table import DynamoDBJournal
from dragons.paging import to_token
from read_journal.request import Query, next_token, read_query
from support.fakes import FakeJournalTable
from support.strategies import texts

AT = "2026-11-28T12:00:00.000+00:00"
ATLAS = {"dragon_name_str": "Atlas", "family_str": "red"}


def event(*asked: tuple[str, str]) -> dict[str, Any]:
    return {"version": "2.0", "rawQueryString": urlencode(asked)}


@given(texts, texts)
def test_a_name_is_taken_as_it_is_and_a_token_continues_it(name: str, position: str) -> None:
    first = read_query(event(("dragonName", name)))
    assert first == Query(name, 50, None)
    token = next_token(first, position)
    assert read_query(event(("dragonName", name), ("nextToken", token))) == Query(name, 50, position)


@pytest.mark.parametrize(
    ("asked", "errors"),
    [
        ([], {"dragonName": "is missing"}),
        ([("dragonName", "")], {"dragonName": "must have 1 to 200 characters"}),
        ([("dragonName", "x" * 201)], {"dragonName": "must have 1 to 200 characters"}),
        ([("dragonName", "a"), ("dragonName", "b")], {"dragonName": "is given more than once"}),
        ([("dragonName", "a"), ("family", "red")], {"family": "is not a parameter of this route"}),
        (
            [("limit", "0"), ("colour", "red")],
            {
                "colour": "is not a parameter of this route",
                "dragonName": "is missing",
                "limit": "must be a whole number from 1 to 200",
            },
        ),
        (
            [("dragonName", "a"), ("nextToken", to_token(["7"], {"journal": "b"}))],
            {"nextToken": "is not a token of this query: start again without it"},
        ),
        (
            [("dragonName", "a"), ("nextToken", to_token(["k", "a"], {"dragon_name_str": "a"}))],
            {"nextToken": "is not a token of this query: start again without it"},
        ),
    ],
)
def test_what_is_wrong_is_named(asked: list[tuple[str, str]], errors: dict[str, str]) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        read_query(event(*asked))
    assert {error.field: error.reason for error in caught.value.errors} == errors


def test_the_handler_answers_pages_and_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    from read_journal import handler

    table = FakeJournalTable()
    journal = DynamoDBJournal(table, table.table)  # type: ignore[arg-type]
    monkeypatch.setattr(handler, "journal", journal)
    journal.write(Entry(DragonRemoved("2", AT, ATLAS), "20"))
    journal.write(Entry(DragonAdded("1", AT, ATLAS), "3"))
    first = json.loads(handler.handler(event(("dragonName", "Atlas"), ("limit", "1")), None)["body"])
    assert first["entries"] == [{"type": "DragonAdded", "eventId": "1", "at": AT, "dragon": ATLAS}]
    asked = [("dragonName", "Atlas"), ("limit", "1"), ("nextToken", first["nextToken"])]
    second = handler.handler(event(*asked), None)
    assert second["statusCode"] == 200
    assert json.loads(second["body"]) == {
        "entries": [{"type": "DragonRemoved", "eventId": "2", "at": AT, "dragon": ATLAS}]
    }
    nobody = handler.handler(event(("dragonName", "nobody")), None)
    assert (nobody["statusCode"], json.loads(nobody["body"])) == (200, {"entries": []})
    refused = handler.handler(event(), None)
    assert refused["statusCode"] == 400
    assert json.loads(refused["body"]) == {
        "message": "Invalid request parameters",
        "errors": [{"field": "dragonName", "reason": "is missing"}],
    }
