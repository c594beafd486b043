"""What an inspection finds, which settings a worker takes, and what errors of AWS mean to it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import jsonschema
import pytest
from botocore.exceptions import EndpointConnectionError, NoCredentialsError, ReadTimeoutError
from botocore.stub import Stubber
from hypothesis import given
from hypothesis import strategies as st
from moto import mock_aws

from dragons import config
from dragons.errors import ConfigurationError
from dragons.fields import RECORD_NAMES
from dragons.schemas import schema
from dragons_inspector.activity import (
    RefusedError,
    StepFunctionsActivity,
    Task,
    TaskGoneError,
    UnavailableError,
)
from dragons_inspector.backoff import Backoff
from dragons_inspector.inspection import DragonNotFoundError, InvalidInspectionError, inspect
from dragons_inspector.registry import DynamoDBRegistry
from dragons_inspector.settings import Settings
from support.reports import REPORT
from support.strategies import texts

Asked = tuple[StepFunctionsActivity, Any]
"""An activity, and the stub that has its client's answers."""

ROOT = Path(__file__).parents[3]
ARN = "arn:aws:states:eu-west-1:123456789012:activity:dragons-dev-inspect_dragon"
DRAGON = {record: REPORT[field] for field, record in RECORD_NAMES.items()}


class FakeRegistry:
    """One dragon on record, or none."""

    def __init__(self, record: dict[str, Any] | None) -> None:
        self._record = record

    def record(self, dragon_name: str) -> dict[str, Any] | None:
        return self._record


def found(record: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(inspect('{"dragonName": "Atlas"}', FakeRegistry(record)).text())
    assert told["dragonName"] == "Atlas"
    return told


def test_a_dragon_as_the_schema_has_it_is_sound() -> None:
    assert found(DRAGON | {"report_id": "r-1"}) == {"dragonName": "Atlas", "sound": True, "findings": []}


@given(
    st.dictionaries(
        st.sampled_from([*DRAGON, "wings"]), st.one_of(st.none(), st.integers(), texts, st.just("x" * 4001))
    ),
    st.sets(st.sampled_from([*DRAGON])),
)
def test_what_is_found_is_where_the_record_breaks_the_schema(
    changes: dict[str, Any], missing: set[str]
) -> None:
    record = {name: value for name, value in (DRAGON | changes).items() if name not in missing}
    told = found(record)
    valid = jsonschema.Draft4Validator(schema("dragon")).is_valid(record)
    assert told["sound"] is valid is (told["findings"] == [])
    fields = [finding["field"] for finding in told["findings"]]
    assert len(fields) == len(set(fields))
    assert missing <= set(fields)


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        (
            {"family_str": ""},
            {"field": "family_str", "reason": "must be longer than or equal to 1 characters"},
        ),
        ({"wings": 2}, {"field": "wings", "reason": "is not a field of a dragon"}),
    ],
)
def test_a_finding_names_the_field_and_says_why(change: dict[str, Any], finding: dict[str, str]) -> None:
    assert found(DRAGON | change)["findings"] == [finding]


@pytest.mark.parametrize("task_input", ["", "{", "[]", "3", "{}", '{"dragonName": 3}', '{"dragonName": ""}'])
def test_an_input_that_names_no_dragon_is_told(task_input: str) -> None:
    with pytest.raises(InvalidInspectionError):
        inspect(task_input, FakeRegistry(DRAGON))


def test_a_dragon_that_is_not_there_is_told() -> None:
    with pytest.raises(DragonNotFoundError, match="no dragon is named Smaug"):
        inspect('{"dragonName": "Smaug", "more": 1}', FakeRegistry(None))


@mock_aws
def test_a_record_is_read_as_it_is() -> None:
    dynamodb = boto3.client("dynamodb", region_name="us-east-1")
    key = "dragon_name_str"
    dynamodb.create_table(
        TableName="dragons",
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"}],
        KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    dynamodb.put_item(TableName="dragons", Item={key: {"S": "Atlas"}, "heads": {"N": "3"}})
    registry = DynamoDBRegistry(dynamodb, "dragons")
    assert registry.record("Atlas") == {key: "Atlas", "heads": 3}
    assert registry.record("Smaug") is None


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("INSPECT_DRAGON_ACTIVITY", ARN)
    monkeypatch.setenv("DRAGONS_TABLE", "dragons")
    for name in ("POLLERS", "HEARTBEAT_SECONDS", "STOP_SECONDS"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_settings_are_the_environments_and_defaults(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("POLLERS", "9")
    settings = config.load(Settings)
    assert settings == Settings(ARN, "dragons", pollers=9, heartbeat_seconds=10, stop_seconds=20)
    assert settings.region == "eu-west-1"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("DRAGONS_TABLE", "", "DRAGONS_TABLE is not set: add it to the worker's environment"),
        ("INSPECT_DRAGON_ACTIVITY", "x", "INSPECT_DRAGON_ACTIVITY is x: make it the ARN of an activity"),
        ("POLLERS", "many", "POLLERS is many: make it a whole number in the worker's environment"),
        ("POLLERS", "0", "POLLERS is 0: make it at least 1"),
        ("HEARTBEAT_SECONDS", "0", "HEARTBEAT_SECONDS is 0: make it at least 1"),
    ],
)
def test_a_bad_setting_is_named_with_the_remedy(
    environment: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    environment.setenv(name, value)
    with pytest.raises(ConfigurationError, match=f"^environment variable {said}"):
        config.load(Settings, of="worker's environment")


def test_the_command_says_so_in_one_line() -> None:
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": f"{ROOT / 'workers'}:{ROOT / 'shared'}"}
    command = [sys.executable, "-m", "dragons_inspector"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == (
        "error: environment variable INSPECT_DRAGON_ACTIVITY is not set: add it to the worker's environment\n"
    )


@pytest.fixture
def asked(environment: pytest.MonkeyPatch) -> Asked:
    """An activity whose answers a test gives."""
    environment.setenv("AWS_ACCESS_KEY_ID", "test")
    environment.setenv("AWS_SECRET_ACCESS_KEY", "test")
    made = StepFunctionsActivity(ARN, "eu-west-1")
    made._reports = made._polls
    stubber: Any = Stubber(made._polls)
    stubber.activate()
    return made, stubber


@pytest.mark.parametrize(
    ("answer", "task"),
    [({"taskToken": "t", "input": "{}"}, Task("t", "{}")), ({}, None)],
)
def test_a_poll_gives_a_task_or_none(asked: Asked, answer: dict[str, Any], task: Task | None) -> None:
    activity, stubber = asked
    stubber.add_response("get_activity_task", answer, {"activityArn": ARN, "workerName": "w" * 80})
    assert activity.poll("w" * 99) == task


@pytest.mark.parametrize(
    ("code", "status", "meaning"),
    [
        ("TaskTimedOut", 400, TaskGoneError),
        ("TaskDoesNotExist", 400, TaskGoneError),
        ("InvalidToken", 400, TaskGoneError),
        ("ThrottlingException", 400, UnavailableError),
        ("ExpiredTokenException", 400, UnavailableError),
        ("InternalFailure", 500, UnavailableError),
        ("ActivityDoesNotExist", 400, RefusedError),
        ("AccessDeniedException", 400, RefusedError),
        ("InvalidOutput", 400, RefusedError),
    ],
)
def test_an_error_of_step_functions_says_what_there_is_to_do(
    asked: Asked, code: str, status: int, meaning: type[Exception]
) -> None:
    activity, stubber = asked
    for operation in ("get_activity_task", "send_task_heartbeat", "send_task_success", "send_task_failure"):
        stubber.add_client_error(operation, code, http_status_code=status)
    task = Task("token", "{}")
    calls: list[Callable[[], object]] = [
        lambda: activity.poll("w"),
        lambda: activity.heartbeat(task),
        lambda: activity.succeed(task, "{}"),
        lambda: activity.fail(task, "Error", "cause"),
    ]
    for call in calls:
        with pytest.raises(meaning):
            call()


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        (EndpointConnectionError(endpoint_url="https://states"), UnavailableError),
        (ReadTimeoutError(endpoint_url="https://states"), UnavailableError),
        (NoCredentialsError(), RefusedError),
    ],
)
def test_a_lost_network_is_for_later_and_missing_credentials_are_not(
    asked: Asked, error: Exception, meaning: type[Exception]
) -> None:
    activity, stubber = asked

    def lose(**_: object) -> None:
        raise error

    stubber.client.send_task_heartbeat = lose
    with pytest.raises(meaning):
        activity.heartbeat(Task("token", "{}"))


def test_an_error_and_its_cause_fit(asked: Asked) -> None:
    activity, stubber = asked
    expected = {"taskToken": "token", "error": "E" * 256, "cause": "c" * 32_768}
    stubber.add_response("send_task_failure", {}, expected)
    activity.fail(Task("token", "{}"), "E" * 300, "c" * 40_000)
    stubber.assert_no_pending_responses()


@given(st.integers(1, 40))
def test_a_wait_grows_up_to_its_bound_and_begins_anew(tries: int) -> None:
    backoff = Backoff(first=0.5, longest=20)
    waits = [backoff.next() for _ in range(tries)]
    assert all(0 <= wait <= min(20, 0.5 * 2**number) for number, wait in enumerate(waits))
    backoff.reset()
    assert backoff.next() <= 0.5
