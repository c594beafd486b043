"""The machine `run_job`: what it refuses and says, what it waits for, and the way that it goes."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from e2e.integrations.conftest import Ended
from support.system import poll

Run = Callable[[dict[str, Any]], Ended]


@pytest.fixture
def run(outputs: dict[str, Any], aws: Callable[[str], Any]) -> Run:
    """Run the machine by its alias, as callers do."""
    steps = aws("stepfunctions")

    def job(given: dict[str, Any]) -> Ended:
        arn = f"{outputs['state_machines']['run_job']}:live"
        execution = steps.start_execution(stateMachineArn=arn, input=json.dumps(given))["executionArn"]

        def over() -> dict[str, Any] | None:
            told: dict[str, Any] = steps.describe_execution(executionArn=execution)
            return None if told["status"] == "RUNNING" else told

        told = poll(over, "the job to end")
        return Ended(told, steps.get_execution_history(executionArn=execution)["events"])

    return job


def entered(found: Ended) -> list[str]:
    return [
        event["stateEnteredEventDetails"]["name"]
        for event in found.history
        if "stateEnteredEventDetails" in event
    ]


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"job": "batch"},
        {"job": {"kind": "batch"}},
        {"job": {"kind": 1, "pattern": "sync"}},
        {"job": {"kind": "batch", "pattern": "waitForTaskToken"}},
        {"job": {"kind": "none", "pattern": "sync", "notBefore": "2999-01-01T00:00:00Z"}},
    ],
)
def test_a_job_that_is_not_configured_is_refused_and_told_what_is(
    given: dict[str, Any], run: Run, configured: list[str]
) -> None:
    found = run(given)
    assert (found.told["status"], found.told["error"]) == ("FAILED", "JobNotConfigured")
    assert found.told["cause"].endswith(f"configures: {', '.join(configured) or 'none'}.")
    assert entered(found)[-1] == "NotConfigured"


def test_a_job_that_is_to_wait_for_no_time_is_refused(run: Run, configured: list[str]) -> None:
    if "ecs.sync" not in configured:
        pytest.skip("the environment does not configure this job")
    found = run({"job": {"kind": "ecs", "pattern": "sync", "notBefore": "tomorrow"}})
    assert (found.told["status"], found.told["error"]) == ("FAILED", "JobNotBefore")


def test_a_job_may_wait_for_its_time(run: Run, configured: list[str]) -> None:
    if "ecs.sync" not in configured:
        pytest.skip("the environment does not configure this job")
    at = datetime.now(UTC) + timedelta(seconds=3)
    job = {"kind": "ecs", "pattern": "sync", "command": ["true"], "notBefore": f"{at:%Y-%m-%dT%H:%M:%SZ}"}
    found = run({"job": job})
    assert found.told["status"] == "SUCCEEDED", found.told
    assert entered(found) == [
        "WhetherNamed",
        "Defaults",
        "ReadInput",
        "ReadJob",
        "WhetherLater",
        "WaitUntil",
        "WhichJob",
        "RunContainer",
        "JobDone",
    ]
    [start] = [event["timestamp"] for event in found.history if event["type"] == "TaskScheduled"]
    assert start >= at - timedelta(seconds=2)  # in whole seconds
    assert found.output["Tasks"] if "Tasks" in found.output else found.output["Containers"]
