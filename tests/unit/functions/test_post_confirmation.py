"""A confirmed sign-up makes a reporter, once, however often it is tried and wherever it fails."""

import json
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from dragons.bus import EventBridgeBus
from dragons.events import VERSION
from post_confirmation.enrol import enrol
from post_confirmation.group import CognitoGroup
from post_confirmation.table import DynamoDBProfiles

EVENT = json.loads((Path(__file__).parents[2] / "fixtures/events/post_confirmation.json").read_text())
SUB = EVENT["request"]["userAttributes"]["sub"]


class ConditionalCheckFailedException(ClientError):  # noqa: N818 - AWS's name
    """As DynamoDB's client raises it."""


class FakeTable:
    """A DynamoDB client with one table's items; fails as often as it is told."""

    class exceptions:  # noqa: N801 - as on a client
        """The client's own errors."""

        ConditionalCheckFailedException = ConditionalCheckFailedException

    def __init__(self, failures: int = 0) -> None:
        self.items: dict[str, dict[str, Any]] = {}
        self.failures = failures

    def put_item(self, TableName: str, Item: dict[str, Any], **condition: Any) -> None:
        assert TableName == "table"
        assert condition == {
            "ConditionExpression": "attribute_not_exists(#sub)",
            "ExpressionAttributeNames": {"#sub": "sub"},
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
        fail(self, "PutItem")
        if (there := self.items.get(Item["sub"]["S"])) is not None:
            raise ConditionalCheckFailedException({"Item": there}, "PutItem")  # type: ignore[typeddict-unknown-key]
        self.items[Item["sub"]["S"]] = Item


class FakePool:
    """A client of the user pool with one group's members; fails as often as it is told."""

    def __init__(self, failures: int = 0) -> None:
        self.members: set[tuple[str, str]] = set()
        self.failures = failures

    def admin_add_user_to_group(self, UserPoolId: str, Username: str, GroupName: str) -> None:
        assert GroupName == "reporters"
        fail(self, "AdminAddUserToGroup")
        self.members.add((UserPoolId, Username))


class FakeEvents:
    """EventBridge with what its bus heard; fails as often as it is told, or refuses what it is given."""

    def __init__(self, failures: int = 0, refuses: bool = False) -> None:
        self.heard: list[dict[str, Any]] = []
        self.failures, self._refuses = failures, refuses

    def put_events(self, Entries: list[dict[str, Any]]) -> dict[str, Any]:
        fail(self, "PutEvents")
        if self._refuses:
            return {"Entries": [{"ErrorCode": "InternalFailure", "ErrorMessage": "again"}]}
        self.heard += Entries
        return {"Entries": [{"EventId": "1"}]}


def fail(fake: FakeTable | FakePool | FakeEvents, operation: str) -> None:
    if fake.failures:
        fake.failures -= 1
        raise ClientError({"Error": {"Code": "ThrottlingException"}}, operation)


def confirm(
    table: FakeTable, pool: FakePool, event: dict[str, Any] = EVENT, events: FakeEvents | None = None
) -> None:
    clients: list[Any] = [table, pool, events or FakeEvents()]
    enrol(
        event,
        DynamoDBProfiles(clients[0], "table"),
        CognitoGroup(clients[1], "reporters"),
        EventBridgeBus(clients[2], "dragons-unit"),
    )


def test_a_confirmed_sign_up_leaves_a_profile_and_a_member() -> None:
    table, pool = FakeTable(), FakePool()
    confirm(table, pool)
    [profile] = table.items.values()
    created = datetime.fromisoformat(profile.pop("created_at")["S"])
    assert timedelta() <= datetime.now(UTC) - created < timedelta(minutes=1)
    assert profile == {"sub": {"S": SUB}, "email": {"S": "ann@example.org"}}
    assert pool.members == {(EVENT["userPoolId"], EVENT["userName"])}


def test_the_profile_of_the_first_time_stays() -> None:
    table, pool = FakeTable(), FakePool()
    table.items[SUB] = {"created_at": {"S": "2020-01-01T00:00:00+00:00"}}
    confirm(table, pool)
    assert table.items[SUB] == {"created_at": {"S": "2020-01-01T00:00:00+00:00"}}
    assert pool.members


def test_a_new_reporter_is_told_and_again_the_same() -> None:
    table, pool, events = FakeTable(), FakePool(), FakeEvents()
    table.items[SUB] = {"created_at": {"S": "2020-01-01T00:00:00+00:00"}}
    for _ in range(2):
        confirm(table, pool, events=events)
    first, again = events.heard
    assert first == again
    assert (first["DetailType"], first["EventBusName"]) == ("ReporterJoined", "dragons-unit")
    at = "2020-01-01T00:00:00+00:00"  # since when they are on record, not when it is told
    assert json.loads(first["Detail"]) == {"version": VERSION, "eventId": SUB, "at": at, "sub": SUB}


@pytest.mark.parametrize("events", [FakeEvents(failures=1), FakeEvents(refuses=True)])
def test_an_event_that_cannot_be_put_keeps_nobody_out_and_is_an_error_in_the_log(
    events: FakeEvents, caplog: pytest.LogCaptureFixture
) -> None:
    table, pool = FakeTable(), FakePool()
    confirm(table, pool, events=events)
    assert pool.members
    [record] = caplog.records
    assert record.levelno == logging.ERROR
    assert record.message == f"ReporterJoined of {SUB} is not on the bus"
    assert record.exc_info


@given(st.integers(0, 2), st.integers(0, 2))
def test_a_retry_mends_what_a_failure_left(table_failures: int, group_failures: int) -> None:
    table, pool = FakeTable(table_failures), FakePool(group_failures)
    for _ in range(table_failures + group_failures):
        with pytest.raises(ClientError, match="ThrottlingException"):
            confirm(table, pool)
        assert not pool.members
    confirm(table, pool)
    assert table.items.keys() == {SUB}
    assert len(pool.members) == 1


def test_a_reset_password_changes_nothing() -> None:
    table, pool, events = FakeTable(), FakePool(), FakeEvents()
    confirm(table, pool, EVENT | {"triggerSource": "PostConfirmation_ConfirmForgotPassword"}, events)
    assert not table.items
    assert not pool.members
    assert not events.heard


def test_the_handler_answers_the_event_and_its_calls_fit_into_cognitos_five_seconds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from post_confirmation import handler

    clients: list[Any] = [handler.profiles._dynamodb, handler.group._cognito, handler.bus._events]
    configs = [client.meta.config for client in clients]
    assert sum(config.connect_timeout + config.read_timeout for config in configs) < 5
    assert [config.retries["total_max_attempts"] for config in configs] == [1, 1, 1]
    monkeypatch.setattr(handler, "profiles", DynamoDBProfiles(FakeTable(), "table"))  # type: ignore[arg-type]
    monkeypatch.setattr(handler, "group", CognitoGroup(FakePool(), "reporters"))  # type: ignore[arg-type]
    monkeypatch.setattr(handler, "bus", EventBridgeBus(FakeEvents(), "dragons-unit"))  # type: ignore[arg-type]
    assert handler.handler(EVENT, None) == EVENT
