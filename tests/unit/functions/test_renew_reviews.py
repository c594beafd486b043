"""The beat of the open reviews."""

from datetime import UTC, datetime
from typing import Any

from dragons.reviews import Decision
from dragons.reviews_table import DynamoDBReviews
from renew_reviews.renew import renew
from support.reviews import FakeReviewsTable, FakeTasks, review

NOW = datetime(2026, 11, 28, 12, 30, tzinfo=UTC)


def reviews_of(*tokens: str) -> DynamoDBReviews:
    table: Any = FakeReviewsTable()
    found = DynamoDBReviews(table, table.table)
    for token in tokens:
        found.open(review(token), 7)
    return found


def waiting(reviews: DynamoDBReviews) -> set[str]:
    return {kept.review.token for kept in reviews.all_waiting()}


def test_what_is_open_is_beaten_for_on_every_page_and_what_is_gone_is_closed() -> None:
    tokens = [f"task-{number}" for number in range(250)]
    reviews, tasks = reviews_of(*tokens, "gone"), FakeTasks(*tokens)
    renew(reviews, tasks, NOW)
    assert sorted(tasks.beats) == sorted(tokens)
    assert waiting(reviews) == set(tokens)


def test_a_decision_that_was_never_told_is_told_once_its_own_caller_has_had_time() -> None:
    reviews, tasks = reviews_of("one"), FakeTasks("one")
    decision = Decision(False, "a lizard", "rita", "2026-11-28T12:29:30.000Z")
    reviews.decide(review("one").review_id, decision)
    renew(reviews, tasks, NOW)
    assert (tasks.told, tasks.beats) == ({}, [])
    renew(reviews, tasks, NOW.replace(minute=31))
    assert tasks.told == {"one": decision}
    assert waiting(reviews) == set()


def test_a_decision_that_was_told_and_not_noted_so_stays() -> None:
    reviews = reviews_of("one")
    decision = Decision(True, "", "rita", "2026-11-28T12:00:00.000Z")
    reviews.decide(review("one").review_id, decision)
    renew(reviews, FakeTasks(), NOW)
    kept = reviews.find(review("one").review_id)
    assert kept is not None
    assert (kept.decision, kept.waiting, kept.review.token) == (decision, False, "")


def test_a_review_that_is_forgotten_meanwhile_stays_so() -> None:
    reviews = reviews_of()
    reviews.finish(review("one").review_id)
    assert reviews.find(review("one").review_id) is None
