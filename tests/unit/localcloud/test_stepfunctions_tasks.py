"""How a task's timeout is worded, and that parsing once changes no answer."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from localstack.services.stepfunctions.asl.component.state.state_execution.state_task.service import (
    state_task_service_dynamodb as dynamodb,
)
from localstack.services.stepfunctions.asl.utils import json_path

from localcloud_plugin.stepfunctions import parsing, timeouts


@pytest.fixture(autouse=True, scope="module")
def _applied() -> None:
    timeouts.apply()
    parsing.apply()


def error_of(failure: Exception) -> str:
    task: Any = dynamodb.StateTaskServiceDynamoDB.__new__(dynamodb.StateTaskServiceDynamoDB)
    task.resource = SimpleNamespace(api_action="putItem", service_name="dynamodb")
    context = SimpleNamespace(source_event_id=1)
    env = SimpleNamespace(next_state_name="AddDragon", event_history_context=context)
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
