"""The store of resources that moto does not keep."""

from types import SimpleNamespace
from typing import Any

from localstack.aws.spec import load_service

from localcloud.resource_store import ResourceStore

MODEL = load_service("cognito-identity")


def context(operation: str, account: str = "1", region: str = "us-east-1") -> Any:
    model = MODEL.operation_model(operation)
    return SimpleNamespace(account_id=account, region=region, operation=model)


def request(**parameters: Any) -> Any:
    return {"IdentityPoolId": "p", **parameters}


def test_what_is_put_comes_back_as_the_model_shapes_it() -> None:
    store = ResourceStore("IdentityPoolId")
    put = request(Roles={"authenticated": "r"}, Unknown="x")
    assert store.put(context("SetIdentityPoolRoles"), put) == {}
    got = store.get(context("GetIdentityPoolRoles"), request())
    assert got == {"IdentityPoolId": "p", "Roles": {"authenticated": "r"}}


def test_a_put_replaces_and_a_delete_forgets() -> None:
    store = ResourceStore("IdentityPoolId")
    store.put(context("SetIdentityPoolRoles"), request(Roles={"authenticated": "r"}, RoleMappings={"p": {}}))
    store.put(context("SetIdentityPoolRoles"), request(Roles={"unauthenticated": "s"}))
    assert store.find("1", "us-east-1", "p") == request(Roles={"unauthenticated": "s"})
    assert store.delete(context("DeleteIdentityPool"), request()) == {}
    assert store.find("1", "us-east-1", "p") == request()


def test_accounts_regions_and_names_are_apart() -> None:
    store = ResourceStore("IdentityPoolId")
    store.put(context("SetIdentityPoolRoles"), request(Roles={"authenticated": "r"}))
    for where in (("2", "us-east-1", "p"), ("1", "eu-west-1", "p"), ("1", "us-east-1", "q")):
        assert store.find(*where) == {"IdentityPoolId": where[2]}
