"""Dead letters, moved back to the queue that they are of."""

import json
import uuid
from argparse import Namespace
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from dragons.events import SOURCE, DragonAdded, detail
from support.system import poll
from support.under_test import UnderTest, applied_from
from tasks import redrive
from tasks.events.dead_letters import DeadLetters

Aws = Callable[[str], Any]


def test_what_a_consumer_has_set_aside_is_taken_up_again(
    outputs: dict[str, Any], aws: Aws, tallies: Any, family: str, capsys: pytest.CaptureFixture[str]
) -> None:
    environment = UnderTest.of(applied_from())
    event = DragonAdded(
        str(uuid.uuid4()),
        "2026-11-28T12:00:00.000+00:00",
        {"dragon_name_str": family, "family_str": family},
    )
    body = json.dumps({"source": SOURCE, "detail-type": "DragonAdded", "detail": detail(event)})
    # as the consumer itself does with what it cannot read: SQS knows no source of such a message
    aws("sqs").send_message(QueueUrl=outputs["dead_letter_queues"]["tally_families"], MessageBody=body)
    redrive.run(environment, Namespace(queue="tally_families", auto_approve=""))
    assert "moved back, 0 left in the dead-letter queue" in capsys.readouterr().out
    tallies.becomes(f"family#{family}", 1)


@pytest.fixture
def fifo(aws: Aws) -> Iterator[tuple[str, str]]:
    """A FIFO queue and its dead-letter queue."""
    sqs, name = aws("sqs"), f"e2e-{uuid.uuid4()}"
    attributes = {"FifoQueue": "true", "VisibilityTimeout": "0"}
    dead = sqs.create_queue(QueueName=f"{name}-dead.fifo", Attributes=attributes)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 1})
    made = sqs.create_queue(QueueName=f"{name}.fifo", Attributes=attributes | {"RedrivePolicy": policy})
    yield made["QueueUrl"], dead
    for url in (made["QueueUrl"], dead):
        sqs.delete_queue(QueueUrl=url)


def test_a_fifo_queue_gets_its_dead_letters_in_their_order(fifo: tuple[str, str], aws: Aws) -> None:
    sqs, (url, _) = aws("sqs"), fifo
    bodies = ["first", "second", "third"]
    for body in bodies:
        sqs.send_message(QueueUrl=url, MessageBody=body, MessageGroupId="dragon", MessageDeduplicationId=body)
    letters = DeadLetters(sqs, url)

    def take() -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = sqs.receive_message(QueueUrl=url).get("Messages", [])
        return messages

    poll(lambda: take() or letters.count() == 3 or None, "the messages to be received")
    poll(lambda: (take(), letters.count() == 3 or None)[1], "the messages to be dead letters")
    done = letters.move(lambda *_: None)
    assert (done.moved, done.left, done.came_back) == (3, 0, False)
    found = [poll(partial(taken, sqs, url), "a message") for _ in bodies]
    assert found == bodies


def taken(sqs: Any, url: str) -> str | None:
    """Take a message off a queue."""
    for message in sqs.receive_message(QueueUrl=url, VisibilityTimeout=30).get("Messages", []):
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return str(message["Body"])
    return None
