"""GET /reviews: what waits, oldest first, and nobody's token."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from dragons.errors import InvalidRequestError
from dragons.reviews import Decision
from dragons.reviews_table import DynamoDBReviews
from list_reviews.listing import listing, read_query
from support.reviews import DRAGON, FakeReviewsTable, review


def event(*asked: tuple[str, str]) -> dict[str, Any]:
    return {"version": "2.0", "rawQueryString": urlencode(asked)}


@pytest.fixture
def reviews() -> DynamoDBReviews:
    """A table's reviews: three that wait, from the newest to the oldest."""
    table = FakeReviewsTable()
    found = DynamoDBReviews(table, table.table)  # type: ignore[arg-type]
    for day in (3, 2, 1):
        found.open(review(f"day-{day}", since=f"2026-11-0{day}T00:00:00+01:00"), 7)
    return found


def test_what_waits_is_told_oldest_first_page_by_page(
    monkeypatch: pytest.MonkeyPatch, reviews: DynamoDBReviews
) -> None:
    from list_reviews import handler

    monkeypatch.setattr(handler, "reviews", reviews)
    monkeypatch.setattr(handler, "timestamp", lambda _: "2026-10-30")
    first = json.loads(handler.handler(event(("limit", "2")), None)["body"])
    assert first["reviews"][0] == {
        "reviewId": review("day-1").review_id,
        "reportId": "report-day-1",
        "dragon": DRAGON,
        "since": "2026-10-31T23:00:00.000Z",
    }
    answer = handler.handler(event(("limit", "2"), ("nextToken", first["nextToken"])), None)
    second = json.loads(answer["body"])
    assert set(second) == {"reviews"}
    told = [each["reportId"] for each in first["reviews"] + second["reviews"]]
    assert told == ["report-day-1", "report-day-2", "report-day-3"]
    assert set(json.loads(handler.handler(event(), None)["body"])) == {"reviews"}


def test_what_nobody_may_decide_on_is_left_out(reviews: DynamoDBReviews) -> None:
    decided = review("day-2", since="2026-11-02T00:00:00+01:00").review_id
    reviews.decide(decided, Decision(True, "", "rita", "2026-11-02"))
    waiting = list(reviews.all_waiting())
    assert len(waiting) == 3
    left = listing(waiting, "2026-11-01T12:00:00.000Z")  # the first one's deadline has passed
    assert [each["reportId"] for each in left] == ["report-day-3"]


@pytest.mark.parametrize(
    ("asked", "field"),
    [([("state", "open")], "state"), ([("limit", "201")], "limit"), ([("nextToken", "x")], "nextToken")],
)
def test_what_is_wrong_is_named(asked: list[tuple[str, str]], field: str) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        read_query(event(*asked))
    assert [error.field for error in caught.value.errors] == [field]
