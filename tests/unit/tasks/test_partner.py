"""Onboarding a partner: a token kept as its hash alone, one API key, and nothing half-done."""

import hashlib
from argparse import Namespace
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from authorize_partner.authorize import authorize
from authorize_partner.table import DynamoDBPartners
from tasks import partner
from tasks.partner import Credentials, onboard
from tasks.processes.steps import StepError

TABLE = "dragons-unit-partners"
METHOD = "arn:aws:execute-api:us-east-1:000000000000:api/v1/GET/partners/dragons"


class ConflictException(ClientError):  # noqa: N818 - AWS's name
    """As API Gateway's client raises it."""


class FakeTable:
    """A DynamoDB client with one table's items, a page each when scanned."""

    def __init__(self, broken: bool = False) -> None:
        self.items: dict[str, dict[str, Any]] = {}
        self.broken = broken

    def put_item(self, TableName: str, Item: dict[str, Any]) -> None:
        assert TableName == TABLE
        if self.broken:
            raise ClientError({"Error": {"Code": "ThrottlingException", "Message": "no"}}, "PutItem")
        self.items[Item["token_sha256"]["S"]] = Item

    def get_item(self, TableName: str, Key: dict[str, Any], ConsistentRead: bool) -> dict[str, Any]:
        found = self.items.get(Key["token_sha256"]["S"])
        return {} if found is None else {"Item": found}

    def get_paginator(self, operation: str) -> "FakeTable":
        assert operation == "scan"
        return self

    def paginate(self, ExpressionAttributeValues: dict[str, Any], **_: Any) -> Iterator[dict[str, Any]]:
        wanted = ExpressionAttributeValues[":name"]
        yield {"Items": []}
        for item in self.items.values():
            yield {"Items": [item] if item["partner"] == wanted else []}


class FakeGateway:
    """An API Gateway client: API keys, and which of them are in the usage plan."""

    class exceptions:  # noqa: N801 - as on a client
        """The client's own errors."""

        ConflictException = ConflictException

    def __init__(self, broken: bool = False) -> None:
        self.keys: dict[str, dict[str, Any]] = {}
        self.plan: set[str] = set()
        self.broken = broken

    def create_api_key(self, name: str, enabled: bool) -> dict[str, Any]:
        assert enabled
        key = {"id": f"id{len(self.keys)}", "name": name, "value": f"value of {name}"}
        self.keys[key["id"]] = key
        return key

    def delete_api_key(self, apiKey: str) -> None:
        del self.keys[apiKey]
        self.plan.discard(apiKey)

    def create_usage_plan_key(self, usagePlanId: str, keyId: str, keyType: str) -> None:
        assert (usagePlanId, keyType) == ("plan", "API_KEY")
        if self.broken:
            raise ClientError({"Error": {"Code": "TooManyRequestsException"}}, "CreateUsagePlanKey")
        if keyId in self.plan:
            raise ConflictException({}, "CreateUsagePlanKey")
        self.plan.add(keyId)

    def get_paginator(self, operation: str) -> "FakeGateway":
        assert operation == "get_api_keys"
        return self

    def paginate(self, nameQuery: str, includeValues: bool) -> Iterator[dict[str, Any]]:
        assert includeValues
        for key in self.keys.values():
            yield {"items": [key] if key["name"].startswith(nameQuery) else []}


def make(name: str, dynamodb: FakeTable, gateway: FakeGateway) -> Credentials:
    return onboard(name, TABLE, "plan", dynamodb, gateway)


def test_a_partner_gets_a_token_that_the_authorizer_takes_and_a_key_of_the_plan() -> None:
    dynamodb, gateway = FakeTable(), FakeGateway()
    made = make("acme", dynamodb, gateway)
    assert not made.known
    assert made.token_sha256 == hashlib.sha256(made.token.encode()).hexdigest()
    registry = DynamoDBPartners(dynamodb, TABLE)  # type: ignore[arg-type]
    assert authorize(f"Bearer {made.token}", METHOD, registry)["principalId"] == "acme"
    [key] = gateway.keys.values()
    assert (key["value"], gateway.plan) == (made.api_key, {key["id"]})
    assert made.token not in repr(dynamodb.items)


def test_a_known_partner_gets_another_token_and_keeps_its_key() -> None:
    dynamodb, gateway = FakeTable(), FakeGateway()
    make("acme-corp", dynamodb, gateway)
    first, second = make("acme", dynamodb, gateway), make("acme", dynamodb, gateway)
    assert (first.known, second.known) == (False, True)
    assert first.api_key == second.api_key
    assert {first.token_sha256, second.token_sha256} < dynamodb.items.keys()
    assert len(gateway.plan) == len(gateway.keys) == 2


def test_a_partner_whose_key_is_gone_gets_a_new_one() -> None:
    dynamodb, gateway = FakeTable(), FakeGateway()
    make("acme", dynamodb, gateway)
    gateway.keys.clear()
    assert make("acme", dynamodb, gateway).known
    assert len(gateway.keys) == 1


@pytest.mark.parametrize(
    ("dynamodb", "gateway"),
    [(FakeTable(broken=True), FakeGateway()), (FakeTable(), FakeGateway(broken=True))],
)
def test_a_failure_leaves_nothing_behind(dynamodb: FakeTable, gateway: FakeGateway) -> None:
    with pytest.raises(ClientError):
        make("acme", dynamodb, gateway)
    assert dynamodb.items == gateway.keys == {}
    assert gateway.plan == set()


def test_a_failure_leaves_a_known_partners_key() -> None:
    dynamodb, gateway = FakeTable(), FakeGateway()
    first = make("acme", dynamodb, gateway)
    dynamodb.broken = True
    with pytest.raises(ClientError):
        make("acme", dynamodb, gateway)
    assert dynamodb.items.keys() == {first.token_sha256}
    assert len(gateway.plan) == len(gateway.keys) == 1


@given(st.from_regex(r"[a-z][a-z0-9-]{1,39}", fullmatch=True))
def test_a_name_of_letters_digits_and_hyphens_is_taken(name: str) -> None:
    assert make(name, FakeTable(), FakeGateway()).token


@pytest.mark.parametrize(
    "name", ["", "a", "a" * 41, "Acme", "1acme", "-acme", "a_b", "acme\n", "é" * 3, "a b"]
)
def test_another_name_is_refused_with_the_rule(name: str) -> None:
    dynamodb, gateway = FakeTable(), FakeGateway()
    with pytest.raises(StepError, match=r"NAME=.* is not a partner's name: take 2 to 40 lower-case"):
        make(name, dynamodb, gateway)
    assert gateway.keys == {}


class FakeEnvironment:
    """An environment whose services are fakes."""

    def __init__(self) -> None:
        self.table = FakeTable()
        self._fakes = {"dynamodb": self.table, "apigateway": FakeGateway()}

    def enter_tools(self) -> None:
        """Tests run where boto3 is."""

    def outputs(self) -> dict[str, str]:
        return {"partners_table": TABLE, "partners_usage_plan_id": "plan"}

    def client(self, service: str) -> Any:
        return self._fakes[service]


def test_the_target_prints_token_and_key_once_and_says_when_the_partner_is_known(
    capsys: pytest.CaptureFixture[str],
) -> None:
    environment: Any = FakeEnvironment()
    partner.run(environment, Namespace(name="acme"))
    first = capsys.readouterr().out
    token = dict(line.split(None, 1) for line in first.splitlines())["token"]
    assert first.count("value of") == 1
    assert hashlib.sha256(token.encode()).hexdigest() in environment.table.items
    assert "already" not in first
    partner.run(environment, Namespace(name="acme"))
    second = capsys.readouterr().out
    assert "acme is a partner already: this is another token" in second
    assert token not in second
