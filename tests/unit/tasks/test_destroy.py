"""`make destroy`: what protects data is respected, its name is asked for, and what is left is told."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from tasks import __main__ as launcher
from tasks import destroy
from tasks.account import remains
from tasks.environment.environment import Environment
from tasks.environment.settings_file import SettingsFile
from tasks.environment.terraform import Root

REGION = "us-east-1"


class Account:
    """An account with dev and its neighbours in it, and the command on it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.done: list[str] = []
        self.said = "dev"
        self.deployed = True
        self._patch = monkeypatch
        lacking = ("stepfunctions", "apigatewayv2", "cloudfront", "schemas")
        of_moto = [each for each in remains._LISTS if each[1] not in lacking]
        monkeypatch.setattr(remains, "_LISTS", of_moto)
        monkeypatch.setattr(destroy, "buildable", lambda environment: environment.root)
        monkeypatch.setattr(Root, "outputs", lambda _: {"rest_api_id": "a1b2c3"})
        monkeypatch.setattr(Root, "plan", lambda _, __, *options: self._plan(*options))
        monkeypatch.setattr(Root, "apply_plan", lambda *_: self._apply())
        monkeypatch.setattr(Environment, "enter_tools", lambda _: None)
        monkeypatch.setattr(launcher, "running_port", lambda _: None)
        monkeypatch.setattr("builtins.input", lambda _: self.said)

    def _plan(self, *options: str) -> bool:
        self.done.append(f"plan {' '.join(options)}")
        return self.deployed

    def _apply(self) -> None:
        self.done.append(f"apply with {len(self.pins())} pins")

    def pins(self) -> list[str]:
        found = self.client("ssm").get_parameters_by_path(Path="/dragons/dev", Recursive=True)["Parameters"]
        return [each["Name"] for each in found]

    def client(self, service: str) -> Any:
        return boto3.client(service, REGION)  # type: ignore[call-overload]

    def pin(self, name: str) -> None:
        self.client("ssm").put_parameter(Name=f"/dragons/dev/{name}", Value="10", Type="String")

    def table(self, name: str, protected: bool = False) -> None:
        self.client("dynamodb").create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "n", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "n", "AttributeType": "S"}],
            DeletionProtectionEnabled=protected,
        )

    def main(self, environment: str = "dev") -> int:
        self._patch.setattr("sys.argv", ["tasks", "--port", "1", "--env", environment, "destroy"])
        return launcher.main()


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    with mock_aws():
        yield Account(monkeypatch)


def test_pins_go_first_and_what_is_left_is_told(account: Account, capsys: pytest.CaptureFixture[str]) -> None:
    account.pin("pins/list_dragons")
    account.pin("state_machines/pins/report_dragon")
    account.pin("canary/percent")
    account.pin("halted/list_dragons")
    account.pin("site/live")
    account.table("dragons-dev-partners")
    account.table("dragons-develop-partners")
    account.client("apigateway").create_api_key(name="dragons-dev-partners-acme")
    account.client("apigateway").create_api_key(name="dragons-prod-partners-acme")
    for group in (
        "API-Gateway-Execution-Logs_a1b2c3/v1/Canary",
        "/aws/lambda/dragons-dev-hello",
        "/aws/lambda/dragons",
    ):
        account.client("logs").create_log_group(logGroupName=group)
    kms = account.client("kms")
    for name in ("dragons-dev: variables", "dragons-develop: variables"):
        key = kms.create_key(Description=name)["KeyMetadata"]["KeyId"]
        until = kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)["DeletionDate"]
    account.client("s3").create_bucket(Bucket="dragons-terraform-123456789012-us-east-1")
    assert account.main() == 0
    assert account.done == ["plan -destroy", "apply with 0 pins"]
    told = capsys.readouterr().out
    assert "This deletes dev: its dragons" in told
    assert "`make partner` gave out: dragons-dev-partners-acme\n" in told
    told = re.sub(r"\([0-9a-f-]{36}", "(1234abcd", told)
    assert [line.removeprefix("left:  ") for line in told.splitlines() if line.startswith("left:")] == [
        "API key dragons-dev-partners-acme",
        "table dragons-dev-partners",
        f"KMS key dragons-dev: variables (1234abcd, which is deleted on {until:%Y-%m-%d})",
        "log group /aws/lambda/dragons-dev-hello",
        "log group API-Gateway-Execution-Logs_a1b2c3/v1/Canary",
    ]


def test_what_the_edge_leaves_is_told_of_an_environment_elsewhere(
    account: Account, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(SettingsFile, "region", "eu-west-1")
    group = "/aws/lambda/us-east-1.dragons-dev-edge_viewer_request"
    account.client("logs").create_log_group(logGroupName=group)  # in us-east-1, as all here
    assert account.main() == 0
    assert f"left:  log group {group}\n" in capsys.readouterr().out


def test_another_answer_than_its_name_destroys_nothing(
    account: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    account.pin("pins/list_dragons")
    account.said = "yes"
    assert account.main() == 1
    assert account.done == ["plan -destroy"]
    assert account.pins() == ["/dragons/dev/pins/list_dragons"]
    assert capsys.readouterr().err == "error: nothing was destroyed\n"


def test_data_that_is_protected_is_not_asked_about(
    account: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    account.table("dragons-dev-dragons", protected=True)
    assert account.main() == 1
    assert account.done == ["plan -destroy"]
    assert capsys.readouterr().err == (
        "error: dev protects its data, and nothing was destroyed\n"
        "next:  set protect_data = false in terraform/environments/dev/settings.tf, `make apply ENV=dev`, "
        "then run it again\n"
    )


def test_where_nothing_is_deployed_nothing_is_asked(
    account: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    account.deployed, account.said = False, "no"
    assert account.main() == 0
    assert account.done == ["plan -destroy"]
    assert capsys.readouterr().out == "nothing of dev is left\n"


def test_the_local_system_is_taken_down_by_another_command(
    account: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    assert account.main("local") == 1
    assert account.done == []
    assert capsys.readouterr().err == (
        "error: `make destroy` is for an environment on AWS, not for local\n"
        "next:  `make down` discards the local system\n"
    )


def test_what_may_not_be_listed_is_named(account: Account) -> None:
    class Refusing:
        def can_paginate(self, _: str) -> bool:
            return True

        def get_paginator(self, _: str) -> Any:
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "ListTables")

    def client(service: str) -> Any:
        return Refusing() if service == "dynamodb" else account.client(service)

    [(kind, refusal)] = remains.find(client, "dev")
    assert (kind, "AccessDenied" in refusal) == ("table", True)


def test_every_list_has_pages_or_is_by_name() -> None:
    for _, service, operation, _ in remains._LISTS:
        client = boto3.client(service, REGION)  # type: ignore[call-overload]
        by_name = operation in ("list_archives", "list_event_buses")
        assert client.can_paginate(operation) is not by_name, (service, operation)


def test_the_settings_file_is_the_environments_own() -> None:
    assert Environment("prod").settings.protects_data
    assert not Environment("dev").settings.protects_data
    assert Path(Environment("dev").settings.shown) == Path("terraform/environments/dev/settings.tf")
