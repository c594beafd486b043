"""Each cell of docs/integrations.md: its job succeeds, fails and is caught, and outlives its task."""

import os
from collections.abc import Callable

import pytest

from e2e.integrations.cells import CELLS, FAILS, OUTLIVES, REQUEST, SUCCEEDS
from e2e.integrations.conftest import Ended

Find = Callable[[str, str], Ended]
FAILED = ("TaskFailed", "LambdaFunctionFailed")
TIMED_OUT = ("TaskTimedOut", "LambdaFunctionTimedOut")


@pytest.fixture
def find(ended: dict[tuple[str, str], Ended]) -> Find:
    """Find the execution of a cell's job, where the environment has it."""

    def of(cell: str, outcome: str) -> Ended:
        if (cell, outcome) not in ended:
            pytest.skip("the environment does not configure this job")
        if cell == "phone.waitForTaskToken" and "AWS_ENDPOINT_URL" not in os.environ:
            pytest.skip("AWS delivers text messages to phones only: nothing here could read them")
        return ended[cell, outcome]

    return of


@pytest.mark.parametrize("name", CELLS)
def test_a_job_that_succeeds_is_its_tasks_result(name: str, find: Find) -> None:
    found = find(name, SUCCEEDS)
    assert found.told["status"] == "SUCCEEDED", found.told
    assert not {*FAILED, *TIMED_OUT} & set(found.kinds)
    if name.startswith("functionArn."):
        assert "LambdaFunctionSucceeded" in found.kinds
        return
    waits = ["TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded"]
    if CELLS[name].pattern == REQUEST:
        waits.remove("TaskSubmitted")
    assert [kind for kind in found.kinds if kind.startswith("Task") and kind != "TaskStateEntered"][
        : len(waits)
    ] == [*waits]


@pytest.mark.parametrize("name", CELLS)
def test_a_job_that_fails_is_caught_with_its_cause(name: str, find: Find) -> None:
    cell, found = CELLS[name], find(name, FAILS)
    failed = found.details(*FAILED)
    assert failed["error"].startswith(cell.error)
    assert cell.cause in str(failed["cause"]).replace('": ', '":')  # some targets tell an object
    if cell.by_run_job(FAILS):
        assert (found.told["status"], found.told["error"]) == ("FAILED", "JobFailed")
        assert found.told["cause"] == failed["cause"]
    else:
        assert found.told["status"] == "SUCCEEDED"
        assert found.output["error"] == {"Error": failed["error"], "Cause": failed["cause"]}


@pytest.mark.parametrize("name", [name for name, cell in CELLS.items() if cell.outlives])
def test_a_job_that_outlives_its_task_is_timed_out(name: str, find: Find) -> None:
    found = find(name, OUTLIVES)
    assert found.details(*TIMED_OUT)["error"] == "States.Timeout"
    assert not {"TaskSucceeded", "LambdaFunctionSucceeded"} & set(found.kinds)
    if CELLS[name].by_run_job(OUTLIVES):
        assert (found.told["status"], found.told["error"]) == ("FAILED", "JobTimedOut")
    else:
        assert found.output["error"]["Error"] == "States.Timeout"
