"""A report of a family never seen before waits for a reviewer, whose word is the last."""

import json
import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from dragons.fields import RECORD_NAMES
from support.people import Person
from support.reports import a_number
from support.strategies import HOSTILE_TEXTS
from support.system import Api, Make, Report, poll

Aws = Callable[[str], Any]
Run = Callable[..., Any]
Steps = list[dict[str, Any]]


def record_of(report: Report) -> dict[str, str]:
    return {record: report[name] for name, record in RECORD_NAMES.items()}


def history(aws: Aws, outputs: dict[str, Any], report_id: str) -> Steps:
    """What happened to a report, event by event."""
    machine: str = outputs["report_dragon_arn"]
    arn = f"{machine.replace(':stateMachine:', ':execution:')}:{report_id}"
    return events_of(aws, arn)


def events_of(aws: Aws, arn: str) -> Steps:
    pages = aws("stepfunctions").get_paginator("get_execution_history").paginate(executionArn=arn)
    return [event for page in pages for event in page["events"]]


def path(events: Steps) -> list[str]:
    """The states that an execution came through."""
    return [
        event["stateEnteredEventDetails"]["name"] for event in events if "stateEnteredEventDetails" in event
    ]


def on_record(aws: Aws, outputs: dict[str, Any], report: Report) -> bool:
    key = {"dragon_name_str": {"S": report["dragonName"]}}
    found = aws("dynamodb").get_item(TableName=outputs["dragons_table"], Key=key, ConsistentRead=True)
    return "Item" in found


def kept_of(aws: Aws, outputs: dict[str, Any], report_id: str) -> str | None:
    """The id of a report's review, open or not."""
    pages = aws("dynamodb").get_paginator("scan").paginate(TableName=outputs["reviews_table"])
    items = [item for page in pages for item in page["Items"]]
    return next((item["review_id"]["S"] for item in items if item["report_id"]["S"] == report_id), None)


def test_a_new_family_waits_and_is_known_as_soon_as_its_dragon_is_accepted(
    api: Api,
    make_report: Make,
    reviews: Any,
    new_family: str,
    outputs: dict[str, Any],
    aws: Aws,
    reviewer: Person,
) -> None:
    report = make_report(family=new_family)
    review = reviews.reported(report)
    assert set(review) == {"reviewId", "reportId", "dragon", "since"}
    assert review["dragon"] == record_of(report)
    state = api.get(f"/dragons/reports/{review['reportId']}").json()
    assert (state["status"], "reason" in state) == ("RUNNING", False)
    assert not on_record(aws, outputs, report)
    answer = reviews.decide(review["reviewId"], {"accept": True, "reason": "a beauty"})
    assert (answer.status_code, answer.content) == (204, b"")
    assert api.outcome(review["reportId"])["status"] == "SUCCEEDED"
    assert on_record(aws, outputs, report)
    assert reviews.of(review["reportId"]) == []

    events = history(aws, outputs, review["reportId"])
    assert path(events)[:5] == ["ValidateDragon", "FindFamily", "FamilyKnown", "ReviewDragon", "AddDragon"]
    reviewed = json.loads(events[-1]["executionSucceededEventDetails"]["output"])["review"]
    assert (reviewed["accept"], reviewed["reviewer"]) == (True, reviewer.sub)

    second = api.accepted(make_report(family=new_family))
    assert second["status"] == "SUCCEEDED"
    assert "ReviewDragon" not in path(history(aws, outputs, second["reportId"]))


def test_a_refusal_is_told_with_the_reviewers_reason_and_leaves_the_family_new(
    api: Api, make_report: Make, reviews: Any, new_family: str, outputs: dict[str, Any], aws: Aws
) -> None:
    report, reason = make_report(family=new_family), f'a "lizard",\n{HOSTILE_TEXTS[1]} \U0001f98e'
    review = reviews.reported(report)
    assert reviews.decide(review["reviewId"], {"accept": False, "reason": reason}).status_code == 204
    outcome = api.outcome(review["reportId"])
    assert (outcome["status"], outcome["reason"]) == ("REFUSED", reason)
    assert not on_record(aws, outputs, report)
    entered = path(history(aws, outputs, review["reportId"]))
    assert entered[3:7] == ["ReviewDragon", "ReadRefusal", "DragonNamed", "AnnounceRefusal"]
    again = reviews.reported(make_report(family=new_family))
    assert reviews.decide(again["reviewId"], {"accept": False, "reason": reason}).status_code == 204


def test_a_refusal_by_a_reviewer_is_told_by_text(
    api: Api, make_report: Make, reviews: Any, new_family: str, texts_to: Callable[[str], list[str]]
) -> None:
    number = a_number()
    review = reviews.reported(make_report(family=new_family, reportingPhoneNumber=number))
    assert texts_to(number) == []
    assert reviews.decide(review["reviewId"], {"accept": False, "reason": "a lizard"}).status_code == 204
    assert api.outcome(review["reportId"])["status"] == "REFUSED"
    assert texts_to(number) == ["Your report was refused: a lizard"]


def test_a_family_is_new_again_when_its_last_dragon_is_gone(
    api: Api,
    make_report: Make,
    reviews: Any,
    new_family: str,
    know: Callable[[str], str],
    outputs: Any,
    aws: Aws,
) -> None:
    report = make_report(family=know(new_family))
    assert api.accepted(report)["status"] == "SUCCEEDED"
    table = aws("dynamodb")
    query = {"IndexName": "by_family", "KeyConditionExpression": "family_str = :family"}
    found = table.query(
        TableName=outputs["dragons_table"],
        ExpressionAttributeValues={":family": {"S": new_family}},
        ProjectionExpression="dragon_name_str",
        **query,
    )
    assert len(found["Items"]) == 2
    for key in found["Items"]:
        table.delete_item(TableName=outputs["dragons_table"], Key=key)
    review = reviews.reported(make_report(family=new_family))
    assert reviews.decide(review["reviewId"], {"accept": True}).status_code == 204


def test_of_decisions_at_once_one_counts_and_later_ones_change_nothing(
    api: Api, make_report: Make, reviews: Any, new_family: str, outputs: dict[str, Any], aws: Aws
) -> None:
    report = make_report(family=new_family)
    review = reviews.reported(report)
    bodies = [{"accept": number % 2 == 0, "reason": f"reviewer {number}"} for number in range(10)]
    with ThreadPoolExecutor(10) as reviewers:
        answers = list(reviewers.map(lambda body: reviews.decide(review["reviewId"], body), bodies))
    assert Counter(answer.status_code for answer in answers) == {204: 1, 409: 9}
    [taken] = [body for body, answer in zip(bodies, answers, strict=True) if answer.status_code == 204]
    outcome = api.outcome(review["reportId"])
    assert outcome["status"] == ("SUCCEEDED" if taken["accept"] else "REFUSED")
    assert on_record(aws, outputs, report) is taken["accept"]
    late = reviews.decide(review["reviewId"], {"accept": not taken["accept"], "reason": "late"})
    assert late.status_code == 409
    assert late.json()["errors"] == [{"field": "reviewId", "reason": "has been decided already"}]
    assert api.outcome(review["reportId"]) == outcome
    assert on_record(aws, outputs, report) is taken["accept"]


@pytest.mark.parametrize(
    "review_id", ["unknown", "0" * 32, "x" * 1000, "%F0%9F%90%89", "%22%5C", "a%2Fb", "%0A"]
)
def test_a_review_that_is_none_is_not_found(reviews: Any, review_id: str) -> None:
    answer = reviews.decide(review_id, {"accept": True})
    assert answer.status_code == 404, answer.text
    assert answer.json()["message"]


def test_a_bad_decision_is_refused_with_its_reason_and_the_review_stays_open(
    make_report: Make, reviews: Any, new_family: str
) -> None:
    review = reviews.reported(make_report(family=new_family))
    for body, field in (
        (b"", "body"),
        (b"accept", "body"),
        (b"\xff", "body"),
        (b"[" * 100_000, "body"),
        ([True], "body"),
        ({}, "accept"),
        ({"accept": "true"}, "accept"),
        ({"accept": False}, "reason"),
        ({"accept": False, "reason": "x" * 501}, "reason"),
        ({"accept": True, "token": "x"}, "token"),
    ):
        answer = reviews.decide(review["reviewId"], body)
        assert answer.status_code == 400, answer.text
        assert [error["field"] for error in answer.json()["errors"]] == [field]
        assert answer.json()["errors"][0]["reason"]
    assert reviews.of(review["reportId"]) == [review]
    assert reviews.get(colour="red").status_code == 400
    assert reviews.decide(review["reviewId"], {"accept": True}).status_code == 204


def test_reviews_are_listed_oldest_first_in_pages_and_show_no_token(
    make_report: Make, reviews: Any, new_family: str, outputs: dict[str, Any], aws: Aws
) -> None:
    asked = [reviews.reported(make_report(family=new_family)) for _ in range(3)]
    listed = reviews.open()
    assert [each for each in listed if each in asked] == asked
    assert [each["since"] for each in listed] == sorted(each["since"] for each in listed)
    first = reviews.get(limit="2").json()
    rest = reviews.get(limit="200", nextToken=first["nextToken"]).json()
    assert [*first["reviews"], *rest["reviews"]] == listed
    key = {"review_id": {"S": asked[0]["reviewId"]}}
    table = {"TableName": outputs["reviews_table"], "Key": key, "ConsistentRead": True}
    token = aws("dynamodb").get_item(**table)["Item"]["token"]["S"]
    assert token not in reviews.get().text
    for each in asked:
        assert reviews.decide(each["reviewId"], {"accept": True}).status_code == 204
    kept = aws("dynamodb").get_item(**table)["Item"]
    assert "token" not in kept
    assert kept["decision"]["M"]["accept"] == {"BOOL": True}
    assert int(kept["forget_at"]["N"]) > 0


def test_a_deadline_that_passes_is_a_refusal_though_the_review_was_kept_alive(
    run: Run,
    make_report: Make,
    reviews: Any,
    new_family: str,
    renew: Callable[[], object],
    outputs: dict[str, Any],
    aws: Aws,
) -> None:
    report = run(make_report(family=new_family), deadline=6, heartbeat=5)
    output = json.loads(report.ended(renew)["output"])
    assert output["error"]["Cause"]["errorMessage"] == "No reviewer decided within 72 hours"
    events = events_of(aws, report.arn)
    *_, timed_out = [event for event in events if event["type"] == "TaskTimedOut"]
    assert timed_out["taskTimedOutEventDetails"]["error"] == "States.Timeout"
    assert path(events)[3:7] == ["ReviewDragon", "ReviewTimedOut", "DragonNamed", "AnnounceRefusal"]
    review_id = poll(lambda: kept_of(aws, outputs, report.report_id), "the review on record")
    late = reviews.decide(review_id, {"accept": True})
    assert late.status_code == 409
    assert "deadline" in late.json()["errors"][0]["reason"]
    assert reviews.of(report.report_id) == []


def test_a_review_that_is_lost_is_asked_for_again(
    run: Run, make_report: Make, reviews: Any, new_family: str, renew: Callable[[], object], aws: Aws
) -> None:
    report = run(make_report(family=new_family), deadline=90, heartbeat=10)
    first = reviews.asked(report.report_id)

    def another() -> dict[str, Any] | None:
        return next((each for each in reviews.of(report.report_id) if each != first), None)

    second = poll(another, "another review")
    renew()
    assert reviews.of(report.report_id) == [second]
    assert reviews.decide(first["reviewId"], {"accept": True}).status_code == 409
    assert reviews.decide(second["reviewId"], {"accept": True}).status_code == 204
    assert report.ended()["status"] == "SUCCEEDED"
    failed = [event for event in events_of(aws, report.arn) if event["type"] == "TaskTimedOut"]
    assert {each["taskTimedOutEventDetails"]["error"] for each in failed} == {"States.HeartbeatTimeout"}


def test_a_report_that_was_stopped_can_not_be_decided_on(
    api: Api, make_report: Make, reviews: Any, new_family: str, outputs: dict[str, Any], aws: Aws
) -> None:
    report = make_report(family=new_family)
    review = reviews.reported(report)
    executions = outputs["report_dragon_arn"].replace(":stateMachine:", ":execution:")
    aws("stepfunctions").stop_execution(executionArn=f"{executions}:{review['reportId']}")
    assert api.outcome(review["reportId"])["status"] == "ABORTED"
    for accept in (False, True):
        answer = reviews.decide(review["reviewId"], {"accept": accept, "reason": "late"})
        assert answer.status_code == 409
        assert "stopped" in answer.json()["errors"][0]["reason"]
    assert reviews.of(review["reportId"]) == []
    assert not on_record(aws, outputs, report)


def test_a_message_that_comes_again_opens_nothing_again_and_what_is_none_is_set_aside(
    make_report: Make, reviews: Any, new_family: str, outputs: dict[str, Any], aws: Aws
) -> None:
    review = reviews.reported(make_report(family=new_family))
    key = {"review_id": {"S": review["reviewId"]}}
    item = aws("dynamodb").get_item(TableName=outputs["reviews_table"], Key=key)["Item"]
    again = {
        "token": item["token"]["S"],
        "reportId": review["reportId"],
        "since": item["since"]["S"],
        "deadlineSeconds": 3600,
        "dragon": review["dragon"],
    }
    assert reviews.decide(review["reviewId"], {"accept": True}).status_code == 204
    marker = f"e2e-{uuid.uuid4()}"
    sqs, queue = aws("sqs"), outputs["queues"]["open_review"]
    for body in (json.dumps(again), marker):
        sqs.send_message(QueueUrl=queue, MessageBody=body)

    def set_aside() -> dict[str, Any] | None:
        url = outputs["dead_letter_queues"]["open_review"]
        found = sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=2, MessageAttributeNames=["All"]
        )
        for message in found.get("Messages", []):
            if message["Body"] == marker:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
                return dict(message)
        return None

    message = poll(set_aside, "the message in the dead-letter queue")
    assert message["MessageAttributes"]["reason"]["StringValue"] == "asks for no review: JSONDecodeError"
    assert reviews.of(review["reportId"]) == []
    assert reviews.decide(review["reviewId"], {"accept": True}).status_code == 409
