"""A dragon that comes, changes or goes is told on the bus, and counted once."""

import json
import uuid
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from dragons.events import SOURCE, DragonAdded, detail
from support.system import Api, Make, poll

Aws = Callable[[str], Any]
Dragons = Callable[[str], int]


@pytest.fixture
def dragons(outputs: dict[str, Any], aws: Aws) -> Iterator[Dragons]:
    """Read how many dragons a tally has; what was read goes when the test ends."""
    table, read = aws("dynamodb"), set[str]()

    def count(tally: str) -> int:
        read.add(tally)
        key = {"tally": {"S": tally}}
        found = table.get_item(TableName=outputs["tallies_table"], Key=key, ConsistentRead=True)
        return int(found["Item"]["dragons"]["N"]) if "Item" in found else 0

    yield count
    for tally in read:
        table.delete_item(TableName=outputs["tallies_table"], Key={"tally": {"S": tally}})


def becomes(dragons: Dragons, tally: str, number: int) -> None:
    poll(lambda: dragons(tally) == number or None, f"{tally} to be {number}")


def test_a_dragon_is_counted_where_it_is_and_no_more_when_it_is_gone(
    api: Api,
    make_report: Make,
    know: Callable[[str], str],
    dragons: Dragons,
    outputs: dict[str, Any],
    aws: Aws,
) -> None:
    known, moved = know(f"e2e-{uuid.uuid4()}"), f"e2e-{uuid.uuid4()}"
    report = make_report(family=known, country=f"e2e-{uuid.uuid4()}")
    api.accepted(report)
    family, country = f"family#{known}", f"country#{report['country']}"
    becomes(dragons, family, 2)
    becomes(dragons, country, 1)
    key = {"dragon_name_str": {"S": report["dragonName"]}}
    aws("dynamodb").update_item(
        TableName=outputs["dragons_table"],
        Key=key,
        UpdateExpression="SET location_country_str = :country",
        ExpressionAttributeValues={":country": {"S": moved}},
    )
    becomes(dragons, country, 0)
    becomes(dragons, f"country#{moved}", 1)
    assert dragons(family) == 2
    aws("dynamodb").delete_item(TableName=outputs["dragons_table"], Key=key)
    becomes(dragons, f"country#{moved}", 0)
    becomes(dragons, family, 1)


def test_an_event_that_comes_twice_is_counted_once_and_a_bad_one_is_set_aside_with_its_reason(
    dragons: Dragons, outputs: dict[str, Any], aws: Aws
) -> None:
    sqs, family = aws("sqs"), f"e2e-{uuid.uuid4()}"
    added = detail(DragonAdded(str(uuid.uuid4()), "2026-11-28T12:00:00.000+00:00", {"family_str": family}))
    added["dragon"]["dragon_name_str"] = family
    good = json.dumps({"source": SOURCE, "detail-type": "DragonAdded", "detail": added})
    newer = json.dumps({"source": SOURCE, "detail-type": "DragonAdded", "detail": added | {"version": 2}})
    for body in (good, newer, good):
        sqs.send_message(QueueUrl=outputs["queues"]["tally_families"], MessageBody=body)
    becomes(dragons, f"family#{family}", 1)
    message = poll(partial(received, sqs, outputs, newer), "the bad event in the dead-letter queue")
    assert "version must be one of [1]" in message["MessageAttributes"]["reason"]["StringValue"]
    assert dragons(f"family#{family}") == 1


def received(sqs: Any, outputs: dict[str, Any], body: str) -> dict[str, Any] | None:
    """Take a message out of the dead-letter queue."""
    url = outputs["dead_letter_queues"]["tally_families"]
    found = sqs.receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=2, MessageAttributeNames=["All"]
    )
    for message in found.get("Messages", []):
        if message["Body"] == body:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            return dict(message)
    return None
