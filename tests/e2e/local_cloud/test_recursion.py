"""A function that feeds its own queue is stopped, and its message ends in the dead-letter queue.

The functions of this system feed no queue of their own, so one is made for the test.
"""

import io
import json
import os
import zipfile
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest

from support.system import poll

LOOP = """
import boto3, json, os
sqs = boto3.client("sqs")
def handler(event, _context):
    for record in event["Records"]:
        sqs.send_message(QueueUrl=os.environ["QUEUE"], MessageBody=str(int(record["body"]) + 1))
"""


@pytest.fixture
def queues(aws: Callable[[str], Any]) -> Iterator[tuple[str, str]]:
    """A queue and its dead-letter queue, by their URLs."""
    if "DRAGONS_CLOUD_LOG" not in os.environ:
        pytest.skip("the target is no local cloud of ours")
    sqs, name = aws("sqs"), f"loop-{uuid4().hex[:8]}"
    dead = sqs.create_queue(QueueName=f"{name}-dead")["QueueUrl"]
    redrive = json.dumps({"deadLetterTargetArn": arn(sqs, dead), "maxReceiveCount": 1})
    queue = sqs.create_queue(QueueName=name, Attributes={"RedrivePolicy": redrive, "VisibilityTimeout": "3"})[
        "QueueUrl"
    ]
    yield queue, dead
    sqs.delete_queue(QueueUrl=queue)
    sqs.delete_queue(QueueUrl=dead)


def arn(sqs: Any, url: str) -> str:
    found: str = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    return found


@pytest.fixture
def _looping(queues: tuple[str, str], outputs: dict[str, Any], aws: Callable[[str], Any]) -> Iterator[None]:
    """A function that takes each message off the queue and sends another, with the layer that has boto3."""
    functions, name = aws("lambda"), queues[0].rpartition("/")[2]
    like = functions.get_function_configuration(FunctionName=outputs["functions"]["tally_families"])
    with zipfile.ZipFile(zipped := io.BytesIO(), "w") as archive:
        archive.writestr("loop.py", LOOP)
    functions.create_function(
        FunctionName=name,
        Role=like["Role"],
        Runtime=like["Runtime"],
        Handler="loop.handler",
        Layers=[layer["Arn"] for layer in like["Layers"]],
        Environment={"Variables": {"QUEUE": queues[0]}},
        Code={"ZipFile": zipped.getvalue()},
        Timeout=3,
        MemorySize=256,
    )
    functions.get_waiter("function_active_v2").wait(FunctionName=name, WaiterConfig={"Delay": 0.1})
    mapping = functions.create_event_source_mapping(
        FunctionName=name, EventSourceArn=arn(aws("sqs"), queues[0]), BatchSize=1
    )
    yield
    functions.delete_event_source_mapping(UUID=mapping["UUID"])
    functions.delete_function(FunctionName=name)


@pytest.mark.usefixtures("_looping")
def test_a_function_that_feeds_its_own_queue_is_stopped_after_sixteen_invocations(
    queues: tuple[str, str], aws: Callable[[str], Any]
) -> None:
    aws("sqs").send_message(QueueUrl=queues[0], MessageBody="0")

    def dead() -> Any:
        return aws("sqs").receive_message(QueueUrl=queues[1], WaitTimeSeconds=1).get("Messages")

    [message] = poll(dead, "the message in the dead-letter queue")
    assert message["Body"] == "16"
