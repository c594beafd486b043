"""Names of executions, as the API's reference allows them, and what is left of one that has ended."""

import copy
import gc
import json
import weakref
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from localstack.aws.api.stepfunctions import InvalidName, StateMachineType
from localstack.services.stepfunctions.asl.eval.environment import Environment
from localstack.services.stepfunctions.backend.alias import Alias
from localstack.services.stepfunctions.backend.execution import (
    BaseExecutionWorkerCommunication,
    Execution,
    SyncExecution,
)

from localcloud.stepfunctions import executions
from localcloud.stepfunctions.executions import MAX_NAME_LENGTH, check_execution_name


@given(st.from_regex(r"[A-Za-z0-9_.!@()+='-]{1,80}", fullmatch=True))
def test_plain_names_pass(name: str) -> None:
    check_execution_name(name)


def test_no_name_passes() -> None:
    check_execution_name(None)


@pytest.mark.parametrize(
    "character", [*' <>{}[]?*"#%\\^|~`$&,;:/\n\x00\x7f\x85', "\u3000", "\ud800", "\uffff"]
)
def test_forbidden_characters_are_refused(character: str) -> None:
    with pytest.raises(InvalidName):
        check_execution_name(f"a{character}b")


@pytest.mark.parametrize("name", ["", "x" * (MAX_NAME_LENGTH + 1)])
def test_lengths_beyond_1_to_80_are_refused(name: str) -> None:
    with pytest.raises(InvalidName):
        check_execution_name(name)


class Provider:
    """Step Functions with an alias, as far as StartSyncExecution asks it."""

    def get_store(self, context: object) -> Any:
        return SimpleNamespace(aliases={"arn:machine:live": SimpleNamespace(sample=lambda: "arn:machine:7")})


@pytest.mark.parametrize(
    ("asked", "started"),
    [
        ("arn:machine:live", "arn:machine:7"),
        ("arn:machine", "arn:machine"),
        ("arn:machine:3", "arn:machine:3"),
    ],
)
def test_an_alias_starts_its_version_synchronously(asked: str, started: str) -> None:
    def start(*given: Any, **named: Any) -> Any:
        return given[2], named

    found = executions._start_sync(start, Provider(), None, asked, name="one", input="{}")
    assert found == (started, {"name": "one", "input": "{}"})


def test_a_synchronous_execution_has_a_good_name() -> None:
    with pytest.raises(InvalidName):
        executions._start_sync(pytest.fail, Provider(), None, "arn:machine", name="a b")


def test_a_machine_is_copied_with_its_aliases(monkeypatch: pytest.MonkeyPatch) -> None:
    route: Any = {"stateMachineVersionArn": "arn:machine:1", "weight": 100}
    aliases = {Alias("arn:machine", "live", None, [route])}
    with pytest.raises(TypeError):  # otherwise delete keep_aliases
        copy.deepcopy(aliases)
    monkeypatch.setattr(Alias, "__deepcopy__", None, raising=False)  # to be put back
    executions.keep_aliases()
    assert copy.deepcopy(aliases) == aliases


PASS = {"Type": "Pass", "Parameters": {"seen.$": "$.animal"}, "Next": "End"}
DEFINITIONS = {
    "SUCCEEDED": {"StartAt": "Pass", "States": {"Pass": PASS, "End": {"Type": "Succeed"}}},
    "FAILED": {
        "StartAt": "End",
        "States": {"End": {"Type": "Fail", "Error": "Scorched", "Cause": "a animal"}},
    },
}


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is told of an execution's status: there is no EventBridge here."""
    monkeypatch.setattr(Execution, "publish_execution_status_change_event", lambda _: None)


@pytest.fixture
def shedding(silent: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The correction, for one test."""
    worker = BaseExecutionWorkerCommunication
    monkeypatch.setattr(worker, "terminated", worker.terminated)  # to be put back
    executions.pack_ended()


def ended(status: str = "SUCCEEDED", kind: type[Execution] = Execution) -> Execution:
    """Run an execution to its end, in this thread."""
    definition = json.dumps(DEFINITIONS[status])
    machine: Any = SimpleNamespace(
        arn="arn:machine", name="machine", definition=definition, sm_type=StateMachineType.STANDARD
    )
    execution = kind(
        name="execution",
        sm_type=StateMachineType.STANDARD,
        role_arn="arn:role",
        exec_arn="arn:execution",
        account_id="000000000000",
        region_name="us-east-1",
        state_machine=machine,
        start_date=datetime.now(UTC),
        cloud_watch_logging_session=None,
        activity_store={},
        input_data={"animal": "Smaug"},
    )
    worker: Any = execution._get_start_execution_worker()
    execution.exec_worker = worker
    worker._execution_logic()
    return execution


def types(execution: Execution) -> list[str]:
    return [str(event["type"]) for event in execution.to_history_output()["events"]]


@pytest.mark.usefixtures("silent")
def test_localstack_keeps_the_environment_of_an_execution_that_has_ended() -> None:
    execution = ended()
    assert execution.exec_worker
    assert isinstance(execution.exec_worker.env, Environment), (
        "LocalStack does this itself now: delete History from stepfunctions/executions.py"
    )


@pytest.mark.usefixtures("silent")
@pytest.mark.parametrize("status", DEFINITIONS)
def test_an_ended_execution_is_told_of_as_before(status: str) -> None:
    execution: Any = ended(status)
    before = [
        execution.to_describe_output(),
        execution.to_history_output(),
        execution.to_execution_list_item(),
    ]
    pools = [
        execution.exec_worker.env.callback_pool_manager,
        execution.exec_worker.env.map_run_record_pool_manager,
    ]
    executions._shed(execution)
    env = execution.exec_worker.env
    assert not isinstance(env, Environment)
    assert before == [
        execution.to_describe_output(),
        execution.to_history_output(),
        execution.to_execution_list_item(),
    ]
    assert [env.callback_pool_manager, env.map_run_record_pool_manager] == pools
    assert before[0]["status"] == status


@pytest.mark.usefixtures("shedding")
def test_an_environment_goes_when_its_execution_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[weakref.ref[Environment]] = []
    init = Environment.__init__

    def note(self: Environment, *given: Any, **named: Any) -> None:
        made.append(weakref.ref(self))
        init(self, *given, **named)

    monkeypatch.setattr(Environment, "__init__", note)
    execution = ended()
    gc.collect()
    assert made
    assert [each() for each in made] == [None] * len(made)
    assert types(execution) == [
        "ExecutionStarted",
        "PassStateEntered",
        "PassStateExited",
        "SucceedStateEntered",
        "SucceedStateExited",
        "ExecutionSucceeded",
    ]
    assert execution.to_describe_output()["output"] == '{"seen":"Smaug"}'


@pytest.mark.usefixtures("shedding")
@pytest.mark.parametrize("status", DEFINITIONS)
def test_to_stop_an_ended_execution_changes_nothing(status: str) -> None:
    execution = ended(status)
    before = execution.to_describe_output(), execution.to_history_output()
    execution.stop(stop_date=datetime.now(UTC), error="Late", cause="it has ended")
    assert (execution.to_describe_output(), execution.to_history_output()) == before
    assert before[0]["status"] == status


@pytest.mark.usefixtures("shedding")
def test_an_execution_that_is_waited_for_stays_as_it_is() -> None:
    execution = ended(kind=SyncExecution)
    assert execution.exec_worker
    assert isinstance(execution.exec_worker.env, Environment)
    assert types(execution)[-1] == "ExecutionSucceeded"


events = st.dictionaries(
    st.text(),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.datetimes(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=6,
    ),
    max_size=4,
)


@given(st.lists(events, max_size=6))
def test_a_packed_history_is_the_history(history: list[Any]) -> None:
    packed = executions.History(history)
    assert packed.get_event_history() == history
    packed.get_event_history().append("of the caller's own")
    assert packed.get_event_history() == history
