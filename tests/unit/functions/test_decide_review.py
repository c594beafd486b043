"""POST /reviews/{reviewId}: one decision counts, and nothing else changes anything."""

import base64
import json
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from hypothesis import given
from hypothesis import strategies as st

from decide_review.decide import DECIDED, EXPIRED, NotOpenError, UnknownReviewError, decide
from decide_review.request import read_request
from dragons.errors import InvalidRequestError
from dragons.review_tasks import StepFunctionsTasks, TaskGoneError
from dragons.reviews import Decision
from dragons.reviews_table import DynamoDBReviews
from support.reviews import FakeReviewsTable, FakeTasks, review

NOW = datetime(2026, 11, 28, 12, 30, tzinfo=UTC)
AT = "2026-11-28T12:30:00.000Z"
YES, NO = Decision(True, "", "rita", AT), Decision(False, "a lizard", "rita", AT)
ONE = review("one")


def event(body: str, **fields: Any) -> dict[str, Any]:
    claims = {"sub": "rita"}
    return {
        "version": "2.0",
        "pathParameters": {"reviewId": ONE.review_id},
        "requestContext": {"authorizer": {"jwt": {"claims": claims}}},
        "body": body,
    } | fields


@pytest.fixture
def table() -> FakeReviewsTable:
    """A table with one review that waits."""
    found = FakeReviewsTable()
    DynamoDBReviews(found, found.table).open(ONE, 7)  # type: ignore[arg-type]
    return found


@pytest.fixture
def reviews(table: FakeReviewsTable) -> DynamoDBReviews:
    """The reviews of that table."""
    return DynamoDBReviews(table, table.table)  # type: ignore[arg-type]


@pytest.mark.parametrize("decision", [YES, NO])
def test_a_decision_is_told_once_and_kept_without_the_token(
    decision: Decision, table: FakeReviewsTable, reviews: DynamoDBReviews
) -> None:
    tasks = FakeTasks("one")
    decide(ONE.review_id, decision, reviews, tasks)
    assert tasks.told == {"one": decision}
    [item] = table.items.values()
    assert "token" not in item
    assert "waiting" not in item
    kept = reviews.find(ONE.review_id)
    assert kept is not None
    assert (kept.decision, kept.waiting) == (decision, False)
    before = deepcopy(table.items)
    for again in (YES, NO):
        with pytest.raises(NotOpenError) as caught:
            decide(ONE.review_id, again, reviews, tasks)
        assert caught.value.errors[0].reason == DECIDED
    assert (table.items, tasks.told) == (before, {"one": decision})


@pytest.mark.parametrize(
    "review_id", ["", "unknown", "0" * 32, "x" * 3000, f"{ONE.review_id}\n", "\U0001f409"]
)
def test_what_is_no_review_is_not_found(review_id: str, reviews: DynamoDBReviews) -> None:
    with pytest.raises(UnknownReviewError):
        decide(review_id, YES, reviews, FakeTasks("one"))


def test_a_decision_that_comes_too_late_is_refused_and_leaves_nothing(
    table: FakeReviewsTable, reviews: DynamoDBReviews
) -> None:
    late = Decision(True, "", "rita", ONE.deadline)
    tasks, before = FakeTasks("one"), deepcopy(table.items)
    with pytest.raises(NotOpenError) as caught:
        decide(ONE.review_id, late, reviews, tasks)
    assert caught.value.errors[0].reason == EXPIRED
    assert (table.items, tasks.told) == (before, {})


def test_a_report_that_was_stopped_leaves_those_that_wait_undecided(
    table: FakeReviewsTable, reviews: DynamoDBReviews
) -> None:
    for _ in range(2):
        with pytest.raises(NotOpenError) as caught:
            decide(ONE.review_id, YES, reviews, FakeTasks())
        assert caught.value.errors[0].reason == EXPIRED
    [item] = table.items.values()
    assert not {"decision", "token", "waiting"} & set(item)


def test_of_two_at_once_one_counts(reviews: DynamoDBReviews) -> None:
    class Slow(DynamoDBReviews):
        """Another decision is written after this one has looked."""

        def find(self, review_id: str) -> Any:
            found = super().find(review_id)
            reviews.decide(review_id, NO)
            return found

    tasks = FakeTasks("one")
    with pytest.raises(NotOpenError, match="Review not open"):
        decide(ONE.review_id, YES, Slow(reviews._dynamodb, reviews._table), tasks)
    assert tasks.told == {}


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ("", {"body": "is not JSON"}),
        ("{", {"body": "is not JSON"}),
        ("[" * 100_000, {"body": "is not JSON"}),
        ("[true]", {"body": "must be an object"}),
        ("{}", {"accept": "is required"}),
        ('{"accept": "yes"}', {"accept": "must be true or false"}),
        ('{"accept": 1}', {"accept": "must be true or false"}),
        ('{"accept": null}', {"accept": "must be true or false"}),
        ('{"accept": false}', {"reason": "is required where accept is false: the reporter is told it"}),
        (
            '{"accept": false, "reason": " "}',
            {"reason": "is required where accept is false: the reporter is told it"},
        ),
        ('{"accept": true, "reason": 3}', {"reason": "must be a text of at most 500 characters"}),
        ('{"accept": true, "reason": "\\ud800"}', {"reason": "must be a text of at most 500 characters"}),
        (
            json.dumps({"accept": False, "reason": "x" * 501}),
            {"reason": "must be a text of at most 500 characters"},
        ),
        (
            '{"accepted": true}',
            {"accepted": "is not a field of a decision", "accept": "is required"},
        ),
    ],
)
def test_a_bad_body_is_refused_by_field(body: str, errors: dict[str, str]) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        read_request(event(body), NOW)
    assert {error.field: error.reason for error in caught.value.errors} == errors


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=500).filter(str.strip), st.booleans())
def test_any_reason_is_taken_as_it_is(reason: str, encoded: bool) -> None:
    body = json.dumps({"accept": False, "reason": reason}, ensure_ascii=False)
    given = event(base64.b64encode(body.encode()).decode() if encoded else body, isBase64Encoded=encoded)
    assert read_request(given, NOW) == (ONE.review_id, Decision(False, reason, "rita", AT))


def test_a_body_that_is_no_text_is_refused() -> None:
    body = base64.b64encode(b'{"accept": true, "reason": "\xff"}').decode()
    for encoded in (body, "=", "é"):
        with pytest.raises(InvalidRequestError):
            read_request(event(encoded, isBase64Encoded=True), NOW)


def test_the_workflow_is_told_in_the_words_that_it_reads() -> None:
    steps = boto3.client("stepfunctions", region_name="us-east-1")
    tasks = StepFunctionsTasks(steps)
    cause = json.dumps({"errorMessage": "a lizard", "reviewer": "rita", "at": AT})
    output = json.dumps({"accept": True, "reviewer": "rita", "at": AT})
    with Stubber(steps) as aws:
        aws.add_response("send_task_success", {}, {"taskToken": "one", "output": output})
        aws.add_response(
            "send_task_failure", {}, {"taskToken": "one", "error": "ReviewRefused", "cause": cause}
        )
        aws.add_response("send_task_heartbeat", {}, {"taskToken": "one"})
        tasks.tell("one", YES)
        tasks.tell("one", NO)
        tasks.beat("one")


@pytest.mark.parametrize("error", ["TaskTimedOut", "TaskDoesNotExist", "InvalidToken"])
def test_a_token_that_is_of_no_use_is_a_task_that_is_gone(error: str) -> None:
    steps = boto3.client("stepfunctions", region_name="us-east-1")
    with Stubber(steps) as aws:
        aws.add_client_error("send_task_success", error)
        with pytest.raises(TaskGoneError):
            StepFunctionsTasks(steps).tell("one", YES)


def test_the_handler_answers_each(
    monkeypatch: pytest.MonkeyPatch, reviews: DynamoDBReviews, table: FakeReviewsTable
) -> None:
    from decide_review import handler

    table.items[ONE.review_id]["deadline"] = {"S": "9999"}
    monkeypatch.setattr(handler, "reviews", reviews)
    monkeypatch.setattr(handler, "tasks", FakeTasks("one"))
    asked = [
        event('{"accept": 1}'),
        event('{"accept": true}', pathParameters={"reviewId": "garbage"}),
        event('{"accept": true}'),
        event('{"accept": true}'),
    ]
    answers = [handler.handler(each, None) for each in asked]
    assert [each["statusCode"] for each in answers] == [400, 404, 204, 409]
    assert "body" not in answers[2]
    for refused in (answers[0], answers[1], answers[3]):
        assert json.loads(refused["body"])["message"]
        assert json.loads(refused["body"])["errors"][0]["reason"]
