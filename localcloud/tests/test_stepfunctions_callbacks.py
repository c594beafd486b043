"""What a task's token is good for, and how a lost heartbeat is worded."""

import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
from localstack.aws.api.stepfunctions import TaskTimedOut
from localstack.services.stepfunctions.asl.component.state.state_execution.execute_state import ExecutionState
from localstack.services.stepfunctions.asl.component.state.state_execution.state_task.service import (
    resource as resources,
)
from localstack.services.stepfunctions.asl.component.state.state_execution.state_task.service import (
    state_task_service_sqs as sqs,
)
from localstack.services.stepfunctions.asl.component.state.state_execution.state_task.state_task import (
    StateTask,
)
from localstack.services.stepfunctions.asl.component.state.state_execution.state_task.state_task_activitiy import (  # noqa: E501
    StateTaskActivity,
)
from localstack.services.stepfunctions.asl.eval.callback.callback import (
    CallbackOutcomeSuccess,
    CallbackPoolManager,
    CallbackTimeoutError,
    HeartbeatTimeoutError,
)
from localstack.services.stepfunctions.asl.eval.environment import Environment
from localstack.services.stepfunctions.asl.eval.program_state import ProgramRunning, ProgramStopped
from localstack.services.stepfunctions.backend.execution_worker import ExecutionWorker

from localcloud.stepfunctions import callbacks

TOKEN = "token"


PATCHED: list[tuple[Any, str]] = [
    (CallbackPoolManager, "add"),
    (CallbackPoolManager, "notify"),
    (CallbackPoolManager, "heartbeat"),
    (StateTask, "_from_error"),
    (StateTaskActivity, "_from_error"),
    (ExecutionState, "_evaluate_with_timeout"),
    (ExecutionWorker, "stop"),
    (Environment, "set_error"),
]


@pytest.fixture(autouse=True)
def _applied(monkeypatch: pytest.MonkeyPatch) -> None:
    for owner, name in PATCHED:
        monkeypatch.setattr(owner, name, getattr(owner, name))  # which puts it back in the end
    callbacks.apply()


@pytest.fixture
def pool() -> CallbackPoolManager:
    """An execution's tasks, one of which waits with a heartbeat."""
    found = CallbackPoolManager({})
    found.add(TOKEN).setup_heartbeat_endpoint(60)
    return found


def answer(pool: CallbackPoolManager, output: str = "{}") -> bool:
    return pool.notify(callback_id=TOKEN, outcome=CallbackOutcomeSuccess(TOKEN, output))


def test_of_many_answers_one_is_taken(pool: CallbackPoolManager) -> None:
    def sent(number: int) -> str | None:
        try:
            return str(number) if answer(pool, str(number)) else None
        except TaskTimedOut:
            return None

    with ThreadPoolExecutor(20) as callers:
        [taken] = [each for each in callers.map(sent, range(20)) if each is not None]
    endpoint: Any = pool.get(TOKEN)
    assert endpoint.get_outcome().output == taken


def test_heartbeats_are_taken_until_the_answer(pool: CallbackPoolManager) -> None:
    assert pool.heartbeat(callback_id=TOKEN)
    assert pool.heartbeat(callback_id=TOKEN)
    assert answer(pool)
    with pytest.raises(TaskTimedOut):
        pool.heartbeat(callback_id=TOKEN)


def test_nothing_is_taken_when_the_execution_has_ended(pool: CallbackPoolManager) -> None:
    callbacks.close(pool)
    with pytest.raises(TaskTimedOut):
        answer(pool)


def test_a_token_of_nobody_is_not_taken(pool: CallbackPoolManager) -> None:
    outcome = CallbackOutcomeSuccess("another", "{}")
    assert not pool.notify(callback_id="another", outcome=outcome)


@pytest.mark.parametrize("kind", [sqs.StateTaskServiceSqs, StateTaskActivity])
@pytest.mark.parametrize(
    ("failure", "error"),
    [(HeartbeatTimeoutError(), "States.HeartbeatTimeout"), (CallbackTimeoutError(), "States.Timeout")],
)
def test_a_lost_heartbeat_is_told_from_a_timeout(kind: Any, failure: Exception, error: str) -> None:
    task: Any = kind.__new__(kind)
    task.resource = SimpleNamespace(api_action="sendMessage", service_name="sqs", condition=None)
    context = SimpleNamespace(source_event_id=1)
    event = task._from_error(
        env=SimpleNamespace(next_state_name="Wait", event_history_context=context), ex=failure
    )
    [details] = event.event_details.values()
    assert event.error_name.error_name == details["error"] == error


def test_each_try_has_a_token_of_its_own(pool: CallbackPoolManager) -> None:
    given = list[str]()

    class Context:
        """What a state's tries share."""

        context_object_data: ClassVar[dict[str, Any]] = {"State": {"RetryCount": 0}, "Task": {"Token": TOKEN}}

        def update_task_token(self) -> str:
            given.append(f"token {len(given)}")
            return given[-1]

    state = SimpleNamespace(resource=SimpleNamespace(condition=resources.ResourceCondition.WaitForTaskToken))
    env = SimpleNamespace(states=SimpleNamespace(context_object=Context()), callback_pool_manager=pool)
    for tries in (0, 1, 2):
        Context.context_object_data["State"]["RetryCount"] = tries
        callbacks._with_its_own_token(lambda *_, **__: None, state, env)
    assert given == ["token 0", "token 1"]
    assert all(pool.get(token) is not None for token in given)


def test_a_failure_after_the_stop_is_none() -> None:
    noted = list[Any]()
    running, stopped = (
        SimpleNamespace(program_state=lambda state=state: state)
        for state in (ProgramRunning(), ProgramStopped(stop_date=None, error=None, cause=None))  # type: ignore[arg-type,no-untyped-call]
    )
    for env in (running, stopped):
        callbacks._unless_stopped(lambda env, error: noted.append(env), env, error=None)
    assert noted == [running]


class Worker:
    """One of an execution that enters its first state a little later."""

    def __init__(self, pool: CallbackPoolManager) -> None:
        self.env: Any = None
        self._began = SimpleNamespace(callback_pool_manager=pool, program_state=lambda: self._state)
        self._state: ProgramRunning | None = None
        self.stopped: list[tuple[str, Any]] = []

    def begin(self) -> None:
        self.env = self._began
        self._state = ProgramRunning()  # type: ignore[no-untyped-call]


def stopped(worker: Worker, cause: str) -> None:
    worker.stopped.append((cause, worker.env.program_state()))


def test_what_is_stopped_waits_no_longer(pool: CallbackPoolManager) -> None:
    worker = Worker(pool)
    worker.begin()
    callbacks._stop(stopped, worker, cause="late")
    assert [cause for cause, _ in worker.stopped] == ["late"]
    with pytest.raises(TaskTimedOut):
        answer(pool)
    pool.add("of the state that was being entered").wait(60)  # which returns at once, or the test times out


def test_a_stop_waits_for_the_beginning(pool: CallbackPoolManager) -> None:
    worker = Worker(pool)
    beginning = threading.Timer(0.1, worker.begin)
    beginning.start()
    callbacks._stop(stopped, worker, cause="early")
    assert [(cause, type(state)) for cause, state in worker.stopped] == [("early", ProgramRunning)]
