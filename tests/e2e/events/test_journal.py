"""What happened to a dragon is read in its order, by who may review."""

import uuid
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
import requests

from dragons.events import DragonAdded
from dragons.journal import Entry, to_message
from support.people import Person
from support.system import Api, Make, poll

Aws = Callable[[str], Any]
Read = Callable[..., requests.Response]
Entries = list[dict[str, Any]]


@pytest.fixture
def read(outputs: dict[str, Any], aws: Aws, reviewer: Person) -> Iterator[Read]:
    """Read a journal over HTTP; what the test's journals hold goes when it ends."""
    names = set[str]()

    def ask(token: str = reviewer.tokens.access, **parameters: str) -> requests.Response:
        names.add(parameters.get("dragonName", ""))
        return requests.get(
            f"{outputs['http_api_url']}/dragons/journal",
            params=parameters,
            headers={"Authorization": f"Bearer {token}"},
            timeout=60,
        )

    yield ask
    table = aws("dynamodb")
    for name in filter(None, names):
        found = table.query(
            TableName=outputs["journal_table"],
            KeyConditionExpression="dragon_name_str = :name",
            ExpressionAttributeValues={":name": {"S": name}},
            ProjectionExpression="dragon_name_str, #position",
            ExpressionAttributeNames={"#position": "position"},
        )
        for key in found["Items"]:
            table.delete_item(TableName=outputs["journal_table"], Key=key)


def entries(read: Read, name: str, number: int) -> Entries:
    """Read a journal once it has a number of entries."""

    def found() -> Entries | None:
        answer = read(dragonName=name)
        assert answer.status_code == 200, answer.text
        so_far: Entries = answer.json()["entries"]
        return so_far if len(so_far) >= number else None

    return poll(found, f"{number} entries of {name}")


def test_a_dragon_that_came_changed_and_went_has_three_entries_in_their_order(
    api: Api, make_report: Make, read: Read, outputs: dict[str, Any], aws: Aws
) -> None:
    report = make_report(dragonName=f"e2e \U0001f409 & {uuid.uuid4()}", city="Oslo")
    name = report["dragonName"]
    api.accepted(report)
    entries(read, name, 1)
    key = {"dragon_name_str": {"S": name}}
    aws("dynamodb").update_item(
        TableName=outputs["dragons_table"],
        Key=key,
        UpdateExpression="SET location_city_str = :city",
        ExpressionAttributeValues={":city": {"S": "Bergen"}},
    )
    aws("dynamodb").delete_item(TableName=outputs["dragons_table"], Key=key)
    added, changed, removed = entries(read, name, 3)
    assert [each["type"] for each in (added, changed, removed)] == [
        "DragonAdded",
        "DragonChanged",
        "DragonRemoved",
    ]
    assert added["at"] <= changed["at"] <= removed["at"]
    assert changed["before"] == added["dragon"]
    assert changed["dragon"] == removed["dragon"] == added["dragon"] | {"location_city_str": "Bergen"}
    first = read(dragonName=name, limit="2").json()
    assert first["entries"] == [added, changed]
    assert read(dragonName=name, limit="2", nextToken=first["nextToken"]).json() == {"entries": [removed]}


@pytest.mark.parametrize(
    ("parameters", "errors"),
    [
        ({}, {"dragonName": "is missing"}),
        ({"dragonName": ""}, {"dragonName": "must have 1 to 200 characters"}),
        ({"dragonName": "e2e", "colour": "red"}, {"colour": "is not a parameter of this route"}),
        ({"dragonName": "e2e", "limit": "0"}, {"limit": "must be a whole number from 1 to 200"}),
    ],
)
def test_what_is_wrong_is_named(read: Read, parameters: dict[str, str], errors: dict[str, str]) -> None:
    answer = read(**parameters)
    assert answer.status_code == 400
    assert {each["field"]: each["reason"] for each in answer.json()["errors"]} == errors


def test_a_dragon_that_never_was_has_no_entries_and_who_may_not_review_reads_none(
    read: Read, reporter: Person
) -> None:
    name = f"e2e-{uuid.uuid4()}"
    answer = read(dragonName=name)
    assert (answer.status_code, answer.json()) == (200, {"entries": []})
    refused = read(reporter.tokens.access, dragonName=name)
    assert (refused.status_code, refused.json()) == (403, {"message": "Forbidden"})


def test_what_is_no_event_is_set_aside_with_its_reason_and_what_comes_late_is_in_its_place(
    read: Read, outputs: dict[str, Any], aws: Aws
) -> None:
    sqs, name = aws("sqs"), f"e2e-{uuid.uuid4()}"
    dragon = {"dragon_name_str": name, "family_str": "e2e"}

    def message(number: str) -> str:
        return to_message(Entry(DragonAdded(f"{name}-{number}", "2026-11-28T12:00:00Z", dragon), number))

    unknown = message("3").replace("DragonAdded", "DragonSlain")
    large = f"{name}: ".ljust(256 * 1024, "x")
    bodies = [message("20"), unknown, message("3"), large]
    sqs.send_message_batch(
        QueueUrl=outputs["queues"]["keep_journal"],
        Entries=[
            {
                "Id": str(position),
                "MessageBody": body,
                "MessageGroupId": name,
                "MessageDeduplicationId": f"{name}-{position}",
            }
            for position, body in enumerate(bodies)
        ],
    )
    found = entries(read, name, 2)
    assert [each["eventId"] for each in found] == [f"{name}-3", f"{name}-20"]
    for body, reason in ((unknown, "detail type DragonSlain is not known"), (large, "not JSON")):
        set_aside = poll(partial(received, sqs, outputs, body), f"{reason}: in the dead-letter queue")
        assert set_aside["MessageAttributes"]["reason"]["StringValue"].startswith(reason)


def received(sqs: Any, outputs: dict[str, Any], body: str) -> dict[str, Any] | None:
    """Take a message out of the dead-letter queue."""
    url = outputs["dead_letter_queues"]["keep_journal"]
    found = sqs.receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=2, MessageAttributeNames=["All"]
    )
    for message in found.get("Messages", []):
        if body.startswith(message["Body"]):  # what was too large has lost its end
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            return dict(message)
    return None
