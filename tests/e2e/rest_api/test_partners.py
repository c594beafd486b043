"""GET /partners/dragons: who may read it, with what answer to everybody else."""

import hashlib
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from support.system import Api, page_of, poll


@dataclass(frozen=True)
class Partner:
    """A partner's credentials."""

    token: str
    key: str

    def headers(self, **changes: str | None) -> dict[str, str]:
        """The headers that let a partner in, some of them changed or left out."""
        headers = {"Authorization": f"Bearer {self.token}", "x-api-key": self.key} | changes
        return {name: value for name, value in headers.items() if value is not None}


def put_token(table: Any, name: str, **attributes: Any) -> str:
    token = secrets.token_urlsafe(32)
    digest = hashlib.sha256(token.encode()).hexdigest()
    item = {"token_sha256": {"S": digest}, "partner": {"S": "e2e"}, **attributes}
    table.put_item(TableName=name, Item=item)
    return token


@pytest.fixture(scope="module")
def partner(outputs: dict[str, Any], aws: Callable[[str], Any]) -> Iterator[Partner]:
    gateway, table = aws("apigateway"), aws("dynamodb")
    key = gateway.create_api_key(name=f"e2e-{secrets.token_hex(8)}", enabled=True)
    plan = outputs["partners_usage_plan_id"]
    gateway.create_usage_plan_key(usagePlanId=plan, keyId=key["id"], keyType="API_KEY")
    token = put_token(table, outputs["partners_table"])
    yield Partner(token, key["value"])
    gateway.delete_usage_plan_key(usagePlanId=plan, keyId=key["id"])
    gateway.delete_api_key(apiKey=key["id"])
    digest = hashlib.sha256(token.encode()).hexdigest()
    table.delete_item(TableName=outputs["partners_table"], Key={"token_sha256": {"S": digest}})


def test_a_partner_reads_the_list_that_everybody_reads(api: Api, partner: Partner) -> None:
    query = {"family": "red", "limit": "5"}

    def let_in() -> dict[str, Any] | None:
        answer = api.get("/partners/dragons", params=query, headers=partner.headers())
        return page_of(answer) if answer.status_code == 200 else None

    assert poll(let_in, "the new key to be known") == page_of(api.get("/dragons", params=query))


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"Authorization": None}, 401),
        ({"Authorization": ""}, 401),
        ({"Authorization": "Bearer"}, 401),
        ({"Authorization": "Bearer unknown"}, 401),
        ({"Authorization": "Basic dXNlcjpwYXNz"}, 401),
        ({"Authorization": "Bearer " + "x" * 4000}, 401),
        ({"x-api-key": None}, 403),
        ({"x-api-key": "unknown"}, 403),
    ],
)
def test_anybody_else_is_refused(
    api: Api, partner: Partner, changes: dict[str, str | None], status: int
) -> None:
    answer = api.get("/partners/dragons", headers=partner.headers(**changes))
    assert answer.status_code == status, answer.text
    assert answer.json()["message"]
    assert answer.json()["errors"] == []


def test_a_revoked_token_is_refused(
    api: Api, partner: Partner, outputs: dict[str, Any], aws: Callable[[str], Any]
) -> None:
    token = put_token(aws("dynamodb"), outputs["partners_table"], revoked={"BOOL": True})
    answer = api.get("/partners/dragons", headers=partner.headers(Authorization=f"Bearer {token}"))
    assert answer.status_code == 401


def test_a_partners_bad_parameter_is_named(api: Api, partner: Partner) -> None:
    answer = api.get("/partners/dragons?colour=red", headers=partner.headers())
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == ["colour"]


def test_a_usage_plan_holds_its_keys_to_their_rate(
    api: Api, partner: Partner, aws: Callable[[str], Any]
) -> None:
    gateway = aws("apigateway")
    stage = {"apiId": api.stage["restApiId"], "stage": api.stage["stageName"]}
    plan = gateway.create_usage_plan(
        name=f"e2e-{secrets.token_hex(8)}", apiStages=[stage], throttle={"rateLimit": 1, "burstLimit": 2}
    )
    key = gateway.create_api_key(name=f"e2e-{secrets.token_hex(8)}", enabled=True)
    gateway.create_usage_plan_key(usagePlanId=plan["id"], keyId=key["id"], keyType="API_KEY")
    headers = partner.headers(**{"x-api-key": key["value"]})
    try:

        def throttled() -> Any:
            answer = api.get("/partners/dragons?limit=1", headers=headers)
            assert answer.status_code in (200, 403, 429), answer.text
            return answer if answer.status_code == 429 else None

        answer = poll(throttled, "a call too many", pause=0)
        assert answer.json()["errors"] == []
        assert api.get("/partners/dragons?limit=1", headers=partner.headers()).status_code == 200
    finally:
        gateway.delete_usage_plan_key(usagePlanId=plan["id"], keyId=key["id"])
        operation = {"op": "remove", "path": "/apiStages", "value": f"{stage['apiId']}:{stage['stage']}"}
        gateway.update_usage_plan(usagePlanId=plan["id"], patchOperations=[operation])
        gateway.delete_usage_plan(usagePlanId=plan["id"])
        gateway.delete_api_key(apiKey=key["id"])
