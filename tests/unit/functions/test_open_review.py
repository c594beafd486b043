"""The queue of reviews into their table."""

import json

import pytest

from dragons.reviews_table import DynamoDBReviews
from support.reviews import FakeReviewsTable, message
from support.sqs import FakeDeadLetters, sqs_record


def test_reviews_are_opened_once_and_what_is_none_is_set_aside_with_nothing_of_it_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from open_review import handler

    table, queue = FakeReviewsTable(), FakeDeadLetters()
    monkeypatch.setattr(handler, "reviews", DynamoDBReviews(table, table.table))  # type: ignore[arg-type]
    monkeypatch.setattr(handler, "dead_letters", queue)
    bad = ["{", "[]", json.dumps({"token": "secret"}), "[" * 100_000, message("secret", since="yesterday")]
    bodies = [message("one"), *bad, message("one"), message("throttled"), message("two")]
    records = [sqs_record(number, body) for number, body in enumerate(bodies)]
    answer = handler.handler({"Records": records}, None)  # type: ignore[arg-type]
    assert answer == {"batchItemFailures": [{"itemIdentifier": "7"}]}
    assert [item["token"]["S"] for item in table.items.values()] == ["one", "two"]
    assert [body for body, _ in queue.messages] == bad
    assert not any("secret" in reason or "yesterday" in reason for _, reason in queue.messages)
