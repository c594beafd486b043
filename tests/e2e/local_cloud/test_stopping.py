"""A local cloud ends when it is told to, however it was used, and takes its functions' processes along."""

import io
import os
import signal
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import psutil
import pytest

from support.system import poll
from tasks.environment.cloud import Cloud, free_port

END_SECONDS = 5.0  # the launcher kills after ten
HANDLER = """
import re

def handler(event, context):
    if "Records" not in event:
        re.match("(a+)+$", "a" * 64 + "b")  # years in C code: the process hears nothing
"""
ROLE = "arn:aws:iam::000000000000:role/any"
KEY = "id"


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[Cloud]:
    """A local cloud of the test's own, as it starts."""
    if "DRAGONS_CLOUD_LOG" not in os.environ:
        pytest.skip("the target is no local cloud of ours")
    made = Cloud(free_port(), tmp_path / "cloud")
    made.start()
    yield made
    made.stop()


def client(cloud: Cloud, service: str) -> Any:
    return boto3.client(service, endpoint_url=cloud.endpoint)  # type: ignore[call-overload]


def in_flight(call: Callable[[], object]) -> None:
    """Make a call whose answer nobody waits for."""

    def make() -> None:
        with pytest.raises(Exception):  # noqa: B017, PT011 - the cloud ends in the middle of it
            call()

    threading.Thread(target=make, daemon=True).start()


def use(cloud: Cloud) -> list[psutil.Process]:
    """Have a stream consumer, an invocation that does not end and a queue that is waited for.

    Returns:
        The functions' processes.
    """
    functions, tables = client(cloud, "lambda"), client(cloud, "dynamodb")
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as package:
        package.writestr("function.py", HANDLER)
    functions.create_function(
        FunctionName="used",
        Runtime="python3.13",
        Handler="function.handler",
        Role=ROLE,
        Code={"ZipFile": code.getvalue()},
        Timeout=60,
    )
    functions.get_waiter("function_active_v2").wait(FunctionName="used", WaiterConfig={"Delay": 1})
    stream = tables.create_table(
        TableName="used",
        KeySchema=[{"AttributeName": KEY, "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": KEY, "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
    )["TableDescription"]["LatestStreamArn"]
    functions.create_event_source_mapping(
        EventSourceArn=stream, FunctionName="used", StartingPosition="TRIM_HORIZON"
    )
    tables.put_item(TableName="used", Item={KEY: {"S": "one"}})
    in_flight(lambda: functions.invoke(FunctionName="used", Payload=b"{}"))
    queues = client(cloud, "sqs")
    queue = queues.create_queue(QueueName="used")["QueueUrl"]
    in_flight(lambda: queues.receive_message(QueueUrl=queue, WaitTimeSeconds=20))

    def both() -> list[psutil.Process] | None:
        found = psutil.Process(cloud.pid()).children()
        return found if len(found) == 2 and max(sum(each.cpu_times()[:2]) for each in found) > 1 else None

    return poll(both, "the consumer's process, and one deep in its work")


def wait_for_end(cloud: Cloud, processes: list[psutil.Process]) -> None:
    """Wait until nothing of a cloud runs any more."""

    def ended() -> bool | None:
        left = [each for each in processes if each.is_running() and each.status() != psutil.STATUS_ZOMBIE]
        return True if cloud.pid() is None and not left else None

    poll(ended, "the cloud and its functions' processes to end", END_SECONDS, pause=0.1)


def test_a_used_cloud_ends_at_once_and_leaves_no_process(cloud: Cloud) -> None:
    cloud.wait()
    processes = use(cloud)
    pid = cloud.pid()
    assert pid is not None
    os.kill(pid, signal.SIGTERM)
    os.kill(pid, signal.SIGTERM)
    wait_for_end(cloud, processes)


def test_a_cloud_that_still_starts_can_be_interrupted(cloud: Cloud) -> None:
    poll(lambda: cloud.log.read_text() or None, "its first words, a moment before it listens", pause=0.05)
    pid = cloud.pid()
    assert pid is not None
    os.kill(pid, signal.SIGINT)
    wait_for_end(cloud, [])
