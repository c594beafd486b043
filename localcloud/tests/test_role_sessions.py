"""A role is assumed once for all tasks that need it; LocalStack assumes it for each."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.config import Config
from hypothesis import given
from hypothesis import strategies as st
from localstack.aws.connect import ClientFactory, connect_to
from localstack.services.stepfunctions.asl.component.state.state_execution.state_task.credentials import (
    StateCredentials,
)
from localstack.services.stepfunctions.asl.utils.boto_client import boto_client_for

from localcloud import role_sessions

ROLE, OTHER = (f"arn:aws:iam::000000000000:role/{name}" for name in ("one", "other"))
REGION = "us-east-1"
CONFIG = Config(read_timeout=7)


class Sts:
    """AWS's STS, which counts the sessions that it opens."""

    def __init__(self) -> None:
        self.opened: list[str] = []
        self.refuses = False

    def response(self, client: Any, operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
        assert operation == "AssumeRole"
        self.opened.append(parameters["RoleArn"])
        if self.refuses:
            raise PermissionError("not allowed to assume the role")
        number = len(self.opened)
        credentials = {name: f"{name}{number}" for name in ("AccessKeyId", "SecretAccessKey", "SessionToken")}
        return {"Credentials": credentials | {"Expiration": datetime.now(UTC) + timedelta(hours=1)}}


@pytest.fixture
def sts(monkeypatch: pytest.MonkeyPatch) -> Sts:
    made = Sts()
    monkeypatch.setattr(BaseClient, "_make_api_call", lambda *called: made.response(*called))
    client("unused")  # with the first client, LocalStack's configuration of them changes, and so its hash
    made.opened.clear()
    return made


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The correction at work for one test, with the clock that it reads."""
    clock = SimpleNamespace(now=role_sessions._SECONDS * 3.0)
    monkeypatch.setattr(role_sessions, "time", SimpleNamespace(monotonic=lambda: clock.now))
    monkeypatch.setattr(ClientFactory, "with_assumed_role", ClientFactory.with_assumed_role)
    role_sessions.apply()
    return clock


def client(role: str = ROLE, region: str = REGION, service: str = "dynamodb") -> Any:
    return boto_client_for(service, region, StateCredentials(role_arn=role))


def test_localstack_assumes_a_role_for_each_task(sts: Sts) -> None:
    client()
    client()
    assert sts.opened == [ROLE, ROLE], "LocalStack does this itself now: delete role_sessions.py"


@pytest.mark.usefixtures("clock")
def test_tasks_of_a_role_share_a_session_and_its_clients(sts: Sts) -> None:
    assert client()._client is client()._client
    client(service="sns")
    assert sts.opened == [ROLE]


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize(
    "option",
    [
        {"role_arn": OTHER},
        {"region_name": "eu-west-1"},
        {"service_principal": "events"},
        {"session_name": "of-its-own"},
        {"endpoint_url": "http://127.0.0.1:1"},
        {"config": CONFIG},
    ],
)
def test_what_differs_has_a_session_of_its_own(sts: Sts, option: dict[str, Any]) -> None:
    usual: dict[str, Any] = {"role_arn": ROLE, "region_name": REGION, "service_principal": "states"}
    for options in (usual, usual | option) * 2:
        connect_to.with_assumed_role(**options)
    assert sts.opened == [ROLE, option.get("role_arn", ROLE)]


@pytest.mark.usefixtures("clock")
def test_a_session_signs_for_the_role_that_was_asked_for(sts: Sts) -> None:
    keys = [client(role)._client._request_signer._credentials.access_key for role in (ROLE, OTHER, ROLE)]
    assert sts.opened == [ROLE, OTHER]
    assert keys == ["AccessKeyId1", "AccessKeyId2", "AccessKeyId1"]


@pytest.mark.usefixtures("clock")
def test_a_role_that_cannot_be_assumed_is_tried_anew(sts: Sts) -> None:
    sts.refuses = True
    for _ in range(2):
        with pytest.raises(PermissionError):
            client()
    sts.refuses = False
    client()
    assert len(sts.opened) == 3


def test_a_session_is_not_used_for_longer_than_half_its_life(sts: Sts, clock: SimpleNamespace) -> None:
    client()
    clock.now += role_sessions._SECONDS - 1
    client()
    assert len(sts.opened) == 1
    clock.now += 1
    client()
    assert len(sts.opened) == 2


@given(st.lists(st.floats(0, 4000), min_size=1, max_size=12))
def test_no_session_is_used_close_to_its_end(pauses: list[float]) -> None:
    with pytest.MonkeyPatch.context() as patching:
        clock = SimpleNamespace(now=0.0)
        patching.setattr(role_sessions, "time", SimpleNamespace(monotonic=lambda: clock.now))
        patching.setattr(ClientFactory, "with_assumed_role", lambda factory, **options: clock.now)
        role_sessions.apply()
        for pause in pauses:
            clock.now += pause
            opened: Any = connect_to.with_assumed_role(role_arn=ROLE)
            assert 0 <= clock.now - opened < role_sessions._SECONDS <= 1800
