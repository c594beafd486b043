"""Messages out of a dead-letter queue, as AWS moves them, and what makes `sqs.py` necessary."""

import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from localstack.services.sqs.models import FifoQueue, MessageMoveTask, SqsQueue, StandardQueue, sqs_stores
from localstack.services.sqs.provider import MessageMoveTaskManager

from localcloud import sqs

ACCOUNT, REGION = "000000000000", "us-east-1"
Made = Callable[[str], Any]


class Corrected(MessageMoveTaskManager):
    """As it is in the local cloud."""

    def _get_queue_by_arn(self, queue_arn: str) -> SqsQueue:
        found: SqsQueue = sqs.require_source(MessageMoveTaskManager._get_queue_by_arn, self, queue_arn)
        return found


@pytest.fixture
def made() -> Iterator[Made]:
    """Make queues."""
    queues = sqs_stores[ACCOUNT][REGION].queues

    def make(name: str) -> Any:
        kind = FifoQueue if name.endswith(".fifo") else StandardQueue
        attributes = {"FifoQueue": "true"} if kind is FifoQueue else {}
        queues[name] = kind(name, REGION, ACCOUNT, attributes)
        return queues[name]

    yield make
    queues.clear()


def moved(manager: MessageMoveTaskManager, source: str, destination: Any = None) -> MessageMoveTask:
    """Move messages, to the end."""
    task = MessageMoveTask(source, destination)
    manager.submit(task)
    deadline = time.monotonic() + 10
    while task.status in ("CREATED", "RUNNING") and time.monotonic() < deadline:
        time.sleep(0.01)
    return task


def message(body: str) -> dict[str, Any]:
    return {"MessageId": str(uuid4()), "Body": body, "MD5OfBody": "", "Attributes": {}}


def test_a_message_that_was_sent_to_a_dead_letter_queue_has_no_source_but_may_be_given_one(
    made: Made,
) -> None:
    queue, dead = made("queue"), made("dead")
    dead.put(message("hello"))
    assert moved(MessageMoveTaskManager(), dead.arn).failure_reason == "AttributeError", (
        "LocalStack does this itself now: delete require_source from sqs.py"
    )
    dead.visible.queue.clear()
    dead.put(message("hello"))
    failed = moved(Corrected(), dead.arn)
    assert (failed.status, failed.failure_reason) == ("FAILED", "CouldNotDetermineMessageSource")
    dead.visible.queue.clear()
    dead.put(message("hello"))
    done = moved(Corrected(), dead.arn, queue.arn)
    assert (done.status, done.approximate_number_of_messages_moved) == ("COMPLETED", 1)
    assert [each.message["Body"] for each in queue.receive(10).successful] == ["hello"]


def put(queue: Any, content: Any, identity: Any) -> None:
    sqs.put(FifoQueue.put, queue, content, message_group_id="group", message_deduplication_id=identity)


def test_a_fifo_queue_takes_no_dead_letter_for_a_repeated_message(made: Made) -> None:
    queue, dead = made("queue.fifo"), made("dead.fifo")
    identities = set()
    sent = message("hello")
    put(queue, sent, "once")
    for _ in range(2):  # it may fail again
        [received] = queue.receive(1).successful
        queue.remove(next(iter(received.receipt_handles)))
        received.message["Attributes"]["DeadLetterQueueSourceArn"] = queue.arn
        put(dead, received.message, received.message_deduplication_id)
        [letter] = dead.receive(1).successful
        dead.remove(next(iter(letter.receipt_handles)))
        assert letter.message_deduplication_id == received.message_id
        put(queue, letter.message, letter.message_deduplication_id)
        identities |= {received.message_id}
    [back] = queue.receive(1).successful
    assert back.message["Body"] == "hello"
    assert len(identities | {back.message_id}) == 3
    assert "DeadLetterQueueSourceArn" not in back.message["Attributes"]


def test_localstack_takes_it_for_one(made: Made) -> None:
    queue = made("queue.fifo")
    options = {"message_group_id": "group", "message_deduplication_id": "once"}
    for content in (message("hello"), message("hello")):
        queue.put(content, **options)
    assert len(queue.receive(10).successful) == 1
