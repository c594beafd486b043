"""The activity `inspect_dragon`: its worker as a process, seen by the histories of executions."""

import json
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from support.network import Forwarder, silence
from support.reports import REPORT
from support.system import poll

ROOT = Path(__file__).parents[3]
Aws = Callable[[str], Any]
Started = subprocess.Popen[bytes]
RETRY = {"ErrorEquals": ["WorkerStopped", "States.HeartbeatTimeout"], "IntervalSeconds": 1, "MaxAttempts": 5}


@pytest.fixture
def endpoint() -> str:
    """The target's address, for a network of the test's own in between."""
    if "AWS_ENDPOINT_URL" not in os.environ:
        pytest.skip("the target is AWS: nothing here can come between it and a worker")
    return os.environ["AWS_ENDPOINT_URL"]


@pytest.fixture
def activity(aws: Aws) -> Iterator[str]:
    """An activity of the test's own: a poll that a test leaves open takes no other test's task."""
    steps = aws("stepfunctions")
    arn: str = steps.create_activity(name=f"e2e-{uuid.uuid4()}")["activityArn"]
    yield arn
    steps.delete_activity(activityArn=arn)


@pytest.fixture
def execute(outputs: dict[str, Any], aws: Aws) -> Iterator[Callable[[str, dict[str, Any]], str]]:
    """Start an execution of one task, an activity's; gives its ARN."""
    steps = aws("stepfunctions")
    role = steps.describe_state_machine(stateMachineArn=outputs["report_dragon_arn"])["roleArn"]
    with ExitStack() as made:

        def start(activity: str, given: dict[str, Any]) -> str:
            task = {
                "Type": "Task",
                "Resource": activity,
                "TimeoutSeconds": 60,
                "HeartbeatSeconds": 3,
                "Retry": [RETRY],
                "End": True,
            }
            machine = steps.create_state_machine(
                name=f"e2e-{uuid.uuid4()}",
                definition=json.dumps({"StartAt": "Inspect", "States": {"Inspect": task}}),
                roleArn=role,
            )["stateMachineArn"]
            made.callback(steps.delete_state_machine, stateMachineArn=machine)
            arn: str = steps.start_execution(stateMachineArn=machine, input=json.dumps(given))["executionArn"]
            return arn

        yield start


@pytest.fixture
def worker(outputs: dict[str, Any]) -> Iterator[Callable[..., Started]]:
    """Start workers, which are killed when the test ends."""
    with ExitStack() as started:

        def start(activity: str, **variables: str) -> Started:
            env = os.environ | {
                "PYTHONPATH": f"{ROOT / 'workers'}:{ROOT / 'shared'}",
                "INSPECT_DRAGON_ACTIVITY": activity,
                "DRAGONS_TABLE": outputs["dragons_table"],
                "POLLERS": "1",
                "HEARTBEAT_SECONDS": "1",
                "STOP_SECONDS": "1",
            }
            process = subprocess.Popen([sys.executable, "-m", "dragons_inspector"], env=env | variables)
            started.callback(process.wait)
            started.callback(process.kill)
            return process

        yield start


@pytest.fixture
def dragon(outputs: dict[str, Any], aws: Aws) -> Iterator[str]:
    """The name of a dragon on record whose family is too long and whose city is missing."""
    name, table = f"e2e-{uuid.uuid4()}", outputs["dragons_table"]
    record = {
        "dragon_name_str": name,
        "description_str": REPORT["description"],
        "family_str": f"e2e-{'x' * 200}",
        "location_country_str": REPORT["country"],
        "location_state_str": REPORT["state"],
        "location_neighborhood_str": REPORT["neighborhood"],
    }
    aws("dynamodb").put_item(TableName=table, Item={field: {"S": value} for field, value in record.items()})
    yield name
    aws("dynamodb").delete_item(TableName=table, Key={"dragon_name_str": {"S": name}})


def history(aws: Aws, execution: str) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = aws("stepfunctions").get_execution_history(executionArn=execution)[
        "events"
    ]
    return events


def happened(aws: Aws, execution: str) -> list[str]:
    return [event["type"] for event in history(aws, execution) if event["type"].startswith("Activity")]


def ended(aws: Aws, execution: str) -> dict[str, Any]:
    def closed() -> dict[str, Any] | None:
        found: dict[str, Any] = aws("stepfunctions").describe_execution(executionArn=execution)
        return None if found["status"] == "RUNNING" else found

    return poll(closed, "the execution to end")


def wait_started(aws: Aws, execution: str, times: int) -> None:
    poll(
        lambda: happened(aws, execution).count("ActivityStarted") == times or None,
        f"a worker to take the task, {times} times",
    )


def test_a_dragon_is_inspected_and_what_cannot_be_fails_by_its_name(
    outputs: dict[str, Any],
    aws: Aws,
    execute: Callable[..., str],
    worker: Callable[..., Started],
    dragon: str,
) -> None:
    activity = outputs["inspect_dragon_activity"]
    good, unknown = (
        execute(activity, {"dragonName": dragon}),
        execute(activity, {"dragonName": f"no {dragon}"}),
    )
    worker(activity, POLLERS="2")
    inspection = json.loads(ended(aws, good)["output"])
    assert [inspection["dragonName"], inspection["sound"]] == [dragon, False]
    assert [finding["field"] for finding in inspection["findings"]] == ["location_city_str", "family_str"]
    assert happened(aws, good) == ["ActivityScheduled", "ActivityStarted", "ActivitySucceeded"]
    refused = ended(aws, unknown)
    assert [refused["status"], refused["error"]] == ["FAILED", "DragonNotFound"]
    assert happened(aws, unknown) == ["ActivityScheduled", "ActivityStarted", "ActivityFailed"]


def test_a_task_outlives_the_workers_that_are_stopped_and_killed_with_it_in_hand(
    endpoint: str,
    activity: str,
    aws: Aws,
    execute: Callable[..., str],
    worker: Callable[..., Started],
    dragon: str,
) -> None:
    execution = execute(activity, {"dragonName": dragon})
    with silence() as url:
        stopped = worker(activity, AWS_ENDPOINT_URL_DYNAMODB=url)  # its inspection hangs
        wait_started(aws, execution, 1)
        stopped.send_signal(signal.SIGTERM)
        assert stopped.wait(20) == 0
        killed = worker(activity, AWS_ENDPOINT_URL_DYNAMODB=url)
        wait_started(aws, execution, 2)
        killed.kill()
    worker(activity)
    assert ended(aws, execution)["status"] == "SUCCEEDED"
    assert happened(aws, execution) == [
        *("ActivityScheduled", "ActivityStarted", "ActivityFailed"),
        *("ActivityScheduled", "ActivityStarted", "ActivityTimedOut"),
        *("ActivityScheduled", "ActivityStarted", "ActivitySucceeded"),
    ]
    [failed] = [event for event in history(aws, execution) if event["type"] == "ActivityFailed"]
    assert failed["activityFailedEventDetails"]["error"] == "WorkerStopped"


def test_a_worker_goes_on_when_its_network_comes_back(
    endpoint: str,
    activity: str,
    aws: Aws,
    execute: Callable[..., str],
    worker: Callable[..., Started],
    dragon: str,
) -> None:
    network = Forwarder(endpoint)
    network.up()
    running = worker(activity, AWS_ENDPOINT_URL_SFN=network.url)
    ended(aws, execute(activity, {"dragonName": dragon}))  # it is at work
    network.down()
    execution = execute(activity, {"dragonName": dragon})
    network.up()
    assert ended(aws, execution)["status"] == "SUCCEEDED"
    assert running.poll() is None
    network.down()
