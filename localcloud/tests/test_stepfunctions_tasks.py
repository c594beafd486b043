"""How a task's timeout is worded, that parsing once changes no response, and when a task begins."""

import contextlib
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from localstack.aws.api.stepfunctions import StateMachineType
from localstack.services.stepfunctions.asl.component.state.state_execution.execute_state import (
    ExecutionState,
)
from localstack.services.stepfunctions.asl.component.state.state_execution.state_task.service import (
    resource,
)
from localstack.services.stepfunctions.asl.component.state.state_execution.state_task.service import (
    state_task_service_dynamodb as dynamodb,
)
from localstack.services.stepfunctions.asl.utils import json_path

from localcloud.stepfunctions import parsing, tasks


@pytest.fixture(autouse=True, scope="module")
def _applied() -> None:
    tasks.correct_timeouts()
    parsing.apply()


def error_of(failure: Exception) -> str:
    task: Any = dynamodb.StateTaskServiceDynamoDB.__new__(dynamodb.StateTaskServiceDynamoDB)
    task.resource = SimpleNamespace(api_action="putItem", service_name="dynamodb")
    context = SimpleNamespace(source_event_id=1)
    env = SimpleNamespace(next_state_name="AddAnimal", event_history_context=context)
    event = task._from_error(env=env, ex=failure)
    return str(event.error_name.error_name)


def test_a_dynamodb_task_that_takes_too_long_fails_as_any_other() -> None:
    assert error_of(TimeoutError()) == "States.Timeout"


def test_its_other_errors_keep_their_names() -> None:
    assert error_of(RuntimeError("boom")) == "DynamoDB.AmazonDynamoDBException"


names = st.from_regex(r"[a-z]{1,8}", fullmatch=True)


@given(names, names, st.one_of(st.integers(), st.text(), st.none()))
def test_a_path_finds_in_each_document_what_is_there(one: str, other: str, value: object) -> None:
    for document in ({one: {other: value}}, {one: {other: [value]}}):
        assert json_path.extract_json(f"$.{one}.{other}", document) == document[one][other]


def test_a_definition_is_parsed_once_and_another_is_another() -> None:
    def worker(state: str) -> Any:
        definition = json.dumps({"StartAt": state, "States": {state: {"Type": "Succeed"}}})
        machine = SimpleNamespace(definition=definition)
        return SimpleNamespace(_evaluation_details=SimpleNamespace(state_machine_details=machine))

    first = parsing._parsed_definition(worker("A"))
    assert parsing._parsed_definition(worker("A")) is first
    assert parsing._parsed_definition(worker("B")) is not first


LAMBDA = "arn:aws:lambda:us-east-1:000000000000:function:f"
SECONDS = 20.0


class Task(ExecutionState):
    """A task of some kind, which does what it is told."""

    def __init__(self, arn: str, work: Any) -> None:
        self.resource = resource.Resource.from_resource_arn(arn)
        self.timeout = cast("Any", SimpleNamespace(eval=lambda env: env.stack.append(30)))
        self.assign_decl = self.result_selector = None
        self.result_path = cast(
            "Any", SimpleNamespace(eval=lambda env: None)
        )  # the result stays on the stack
        self._work = work

    def _eval_execution(self, env: Any) -> None:
        env.stack.append(self._work())

    def _is_language_query_jsonpath(self) -> bool:
        return True

    def _from_error(self, env: Any, ex: Exception) -> Any:
        raise AssertionError from ex


def environment(kind: str = StateMachineType.STANDARD) -> Any:
    """An execution's environment, as far as the evaluation of a state with its timeout asks for it."""
    states = SimpleNamespace(get_input=lambda: {}, reset=lambda **_: None)
    frame = SimpleNamespace(states=states, stack=[], set_ended=lambda: None)
    return SimpleNamespace(
        execution_type=kind,
        stack=[],
        states=states,
        open_frame=lambda: frame,
        close_frame=lambda _: None,
    )


@pytest.fixture
def stock(monkeypatch: pytest.MonkeyPatch) -> None:
    """What LocalStack does, and what is put in its place for the one test."""
    monkeypatch.setattr(ExecutionState, "_evaluate_with_timeout", ExecutionState._evaluate_with_timeout)


def evaluate(task: Task, env: Any = None) -> Any:
    env = env or environment()
    task._evaluate_with_timeout(env)
    return env.stack


@pytest.mark.usefixtures("stock")
def test_localstack_begins_all_tasks_at_once() -> None:
    at_once = threading.Barrier(tasks._SLOTS * 2)
    with ThreadPoolExecutor(at_once.parties) as executions:
        begun = [Task(LAMBDA, lambda: at_once.wait(SECONDS)) for _ in range(at_once.parties)]
        try:
            assert len(list(executions.map(evaluate, begun))) == at_once.parties
        except threading.BrokenBarrierError:
            pytest.fail("LocalStack does this itself now: delete it from stepfunctions/tasks.py")


@pytest.mark.usefixtures("stock")
def test_as_many_tasks_as_slots_run_at_once_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "_SLOTS", 3)
    tasks.apply()
    lock, inside, most = threading.Lock(), 0, 0
    all_slots = threading.Barrier(3)

    def work() -> str:
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
        all_slots.wait(SECONDS)  # three at a time get past, so three must be in
        with lock:
            inside -= 1
        return "done"

    with ThreadPoolExecutor(30) as executions:
        stacks = list(executions.map(evaluate, [Task(LAMBDA, work) for _ in range(30)]))
    assert stacks == [["done"]] * 30
    assert most == 3


@pytest.mark.usefixtures("stock")
def test_a_task_that_fails_gives_its_slot_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "_SLOTS", 1)
    tasks.apply()

    def fail() -> None:
        raise RuntimeError("failed")

    for _ in range(3):
        with pytest.raises(RuntimeError, match="failed"):
            evaluate(Task(LAMBDA, fail))
    assert evaluate(Task(LAMBDA, lambda: "done")) == ["done"]


@pytest.fixture
def entered(stock: None, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What happens to a task's slot and to the task, in order."""
    happened: list[str] = []

    class Slots:
        def __init__(self, capacity: int) -> None:
            assert capacity == tasks._SLOTS

        @contextlib.contextmanager
        def place(self) -> Iterator[None]:
            happened.append("slot")
            yield
            happened.append("free")

    monkeypatch.setattr(tasks, "ProcessQueue", Slots)
    tasks.apply()
    return happened


@pytest.mark.parametrize(
    "arn",
    [
        LAMBDA,
        "arn:aws:states:::lambda:invoke",
        "arn:aws:states:::dynamodb:putItem",
        "arn:aws:states:::sns:publish",
        "arn:aws:states:::aws-sdk:sns:publish",
        "arn:aws:states:::states:startExecution",
    ],
)
def test_a_task_that_calls_and_returns_has_a_slot_before_its_timeout_begins(
    arn: str, entered: list[str]
) -> None:
    task = Task(arn, lambda: entered.append("work"))

    def begin(env: Any) -> None:
        entered.append("timeout")
        env.stack.append(30)

    task.timeout = cast("Any", SimpleNamespace(eval=begin))
    evaluate(task)
    assert entered == ["slot", "timeout", "work", "free"]


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:states:::lambda:invoke.waitForTaskToken",
        "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "arn:aws:states:::states:startExecution.sync",
        "arn:aws:states:::states:startExecution.sync:2",
        "arn:aws:states:us-east-1:000000000000:activity:hunt",
    ],
)
def test_a_task_that_waits_for_others_holds_no_slot(arn: str, entered: list[str]) -> None:
    evaluate(Task(arn, lambda: entered.append("work")))
    assert entered == ["work"]


def test_the_tasks_of_an_express_workflow_hold_no_slot(entered: list[str]) -> None:
    evaluate(Task(LAMBDA, lambda: entered.append("work")), environment(StateMachineType.EXPRESS))
    assert entered == ["work"]


def test_a_state_that_is_no_task_holds_no_slot(entered: list[str]) -> None:
    state = Task(LAMBDA, lambda: entered.append("work"))
    del state.resource  # as Map and Parallel, whose tasks would wait for a slot that they hold
    evaluate(state)
    assert entered == ["work"]
