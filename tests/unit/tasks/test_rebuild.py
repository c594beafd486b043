"""`make rebuild`: how an execution is followed, and what is said of it."""

from argparse import Namespace
from typing import Any

import pytest

from tasks import rebuild
from tasks.environment.environment import NEEDED, Environment
from tasks.events import rebuilds
from tasks.events.rebuilds import Rebuild
from tasks.processes.steps import StepError

MACHINE = "arn:aws:states:us-east-1:000000000000:stateMachine:dragons-dev-compact_dataset"
RUN = "arn:aws:states:us-east-1:000000000000:mapRun:dragons-dev-compact_dataset"


class FakeSteps:
    """Step Functions with one execution, which has gone on whenever it is asked for."""

    def __init__(self, *ways: tuple[str, dict[str, int]], cause: str = "") -> None:
        self.started: list[dict[str, str]] = []
        self._ways, self._cause = list(ways), cause
        self._runs: dict[str, int] = {}

    def start_execution(self, **given: str) -> dict[str, str]:
        self.started.append(given)
        return {"executionArn": "the execution"}

    def describe_execution(self, executionArn: str) -> dict[str, str]:
        status, self._runs = self._ways.pop(0)
        return {"status": status, "cause": self._cause}

    def get_paginator(self, _operation: str) -> "FakeSteps":
        return self

    def paginate(self, executionArn: str) -> list[dict[str, Any]]:
        return [{"mapRuns": [{"mapRunArn": run} for run in self._runs]}]

    def describe_map_run(self, mapRunArn: str) -> dict[str, Any]:
        return {"itemCounts": {"succeeded": self._runs[mapRunArn]}}


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuilds, "_POLL_SECONDS", 0)


def runs(**done: int) -> dict[str, int]:
    return {f"{RUN}/{name.replace('_', ':')}": number for name, number in done.items()}


def follow(steps: FakeSteps) -> tuple[str, list[str]]:
    told: list[str] = []
    return Rebuild(steps, MACHINE).follow(told.append), told  # type: ignore[arg-type]


def test_it_is_told_to_rebuild_and_followed_run_by_run() -> None:
    steps = FakeSteps(
        ("RUNNING", {}),
        ("RUNNING", runs(TellMissing_1=3)),
        ("RUNNING", runs(TellMissing_1=3)),
        ("SUCCEEDED", runs(TellMissing_1=3, TellMissing_2=4, CompactFamilies_1=5)),
    )
    said, told = follow(steps)
    assert steps.started == [{"stateMachineArn": f"{MACHINE}:live", "input": '{"rebuild": true}'}]
    assert told == [
        "0 families on record compared, 0 of the dataset merged",
        "3 families on record compared, 0 of the dataset merged",
        "7 families on record compared, 5 of the dataset merged",
    ]
    assert said.startswith("the dataset is the table's copy")


@pytest.mark.parametrize("cause", ["a function failed", ""])
def test_what_failed_is_told_with_its_reason(cause: str) -> None:
    with pytest.raises(StepError, match=f"the execution is failed: {cause or 'its history says why'}"):
        follow(FakeSteps(("FAILED", {}), cause=cause))


def test_an_environment_of_before_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Environment, "enter_tools", lambda _: None)
    outputs: dict[str, Any] = dict.fromkeys(NEEDED, "x") | {"state_machines": {}}
    monkeypatch.setattr(Environment, "outputs", lambda _: outputs)
    with pytest.raises(StepError, match="dev has no machine compact_dataset"):
        rebuild.run(Environment("dev"), Namespace(auto_approve="yes"))
