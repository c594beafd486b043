"""Whose an access key is, what its owner may do, and who is given a role."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from moto.iam.models import IAMBackend, iam_backends
from moto.sts.models import sts_backends

from localcloud.iam.policy import MalformedPolicyError
from localcloud.iam.principals import Principal, find_principal
from localcloud.iam.web_identity import (
    AccessDeniedError,
    WebIdentitySession,
    assume_role_with_web_identity,
)

ACCOUNT = "123456789012"
PROVIDER = "cognito-identity.amazonaws.com"
INVOKE, ROUTE = (
    "execute-api:Invoke",
    "arn:aws:execute-api:us-east-1:123456789012:a/$default/GET/guest/animals",
)
CLAIMS = {"aud": ("pool",), "amr": ("unauthenticated",), "sub": ("identity",)}


@pytest.fixture
def iam() -> Iterator[IAMBackend]:
    """An account of its own."""
    backend: IAMBackend = iam_backends[ACCOUNT]["aws"]
    yield backend
    del iam_backends[ACCOUNT]
    sts_backends[ACCOUNT]["aws"].assumed_roles.clear()


def policy(effect: str = "Allow", resource: str = ROUTE, **more: Any) -> str:
    statement = {"Effect": effect, "Action": INVOKE, "Resource": resource} | more
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def trust(**more: Any) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": PROVIDER},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": {f"{PROVIDER}:aud": "pool"}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement | more]})


def make_role(iam: IAMBackend, document: str = "", boundary: str | None = None) -> Any:
    return iam.create_role("guests", document or trust(), "/", boundary, "", [], "3600")


def assume(role_arn: str, seconds: int = 3600) -> WebIdentitySession:
    return assume_role_with_web_identity(role_arn, PROVIDER, CLAIMS, "session", seconds)


def require(access_key: str) -> Principal:
    found = find_principal(access_key)
    assert found is not None
    return found


def test_the_local_accounts_own_key_is_its_roots() -> None:
    root = require("test")
    assert (root.secret, root.session_token) == ("test", None)
    assert root.arn == "arn:aws:iam::000000000000:root"
    assert root.may("any:Thing", "arn:aws:any:::thing")


@pytest.mark.parametrize("access_key", ["", "Test", "AKIAIOSFODNN7EXAMPLE", "000000000000"])
def test_a_key_of_nobodys_is_unknown(access_key: str) -> None:
    assert find_principal(access_key) is None


def test_a_users_policies_are_its_own_and_its_groups_and_those_attached(iam: IAMBackend) -> None:
    iam.create_user("us-east-1", "ann")
    key = iam.create_access_key("ann", "AKIA")
    assert not require(key.access_key_id).may(INVOKE, ROUTE)

    iam.put_user_policy("ann", "own", policy())
    user = require(key.access_key_id)
    assert (user.arn, user.secret) == (f"arn:aws:iam::{ACCOUNT}:user/ann", key.secret_access_key)
    assert user.may(INVOKE, ROUTE)
    assert not user.may(INVOKE, f"{ROUTE}/1")

    iam.create_group("readers")
    iam.add_user_to_group("readers", "ann")
    iam.put_group_policy("readers", "theirs", policy(resource=f"{ROUTE}/*"))
    assert user.may(INVOKE, f"{ROUTE}/1")

    attached = iam.create_policy("", "/", policy("Deny"), "closed", [])
    iam.attach_user_policy(attached.arn, "ann")
    assert not user.may(INVOKE, ROUTE)


def test_an_inactive_key_is_unknown(iam: IAMBackend) -> None:
    iam.create_user("us-east-1", "ann")
    key = iam.create_access_key("ann", "AKIA")
    iam.update_access_key("ann", key.access_key_id, "Inactive")
    assert find_principal(key.access_key_id) is None


def test_a_session_may_what_its_role_may(iam: IAMBackend) -> None:
    role = make_role(iam)
    session = assume(role.arn)
    principal = require(session.access_key_id)

    assert session.access_key_id.startswith("ASIA")
    assert principal.session_token == session.session_token
    assert principal.arn == f"arn:aws:sts::{ACCOUNT}:assumed-role/guests/session"
    assert principal.user_id == f"{role.id}:session"
    assert not principal.may(INVOKE, ROUTE)
    iam.put_role_policy("guests", "invoke", policy(resource=f"{ROUTE}/${{{PROVIDER}:sub}}"))
    assert principal.may(INVOKE, f"{ROUTE}/identity")
    assert not principal.may(INVOKE, f"{ROUTE}/another")


def test_a_session_is_over_after_its_time(iam: IAMBackend) -> None:
    over = assume(make_role(iam).arn, seconds=0)
    assert find_principal(over.access_key_id) is None
    kept = assume(over.role_arn)
    assert sts_backends[ACCOUNT]["aws"].assumed_roles == [kept]


def test_a_role_that_is_gone_allows_nothing(iam: IAMBackend) -> None:
    principal = require(assume(make_role(iam).arn).access_key_id)
    iam.delete_role("guests")
    assert not principal.may(INVOKE, ROUTE)


@pytest.mark.parametrize(("resource", "allowed"), [("*", True), ("arn:*:b/*", False)])
def test_a_boundary_has_to_allow_it_too(iam: IAMBackend, resource: str, allowed: bool) -> None:
    boundary = iam.create_policy("", "/", policy(resource=resource), "boundary", [])
    role = make_role(iam, boundary=boundary.arn)
    iam.put_role_policy("guests", "invoke", policy())
    assert require(assume(role.arn).access_key_id).may(INVOKE, ROUTE) is allowed

    user: Any = iam.create_user("us-east-1", "ann")
    user.permissions_boundary = boundary.arn  # as LocalStack sets it
    iam.put_user_policy("ann", "own", policy())
    key = iam.create_access_key("ann", "AKIA")
    assert require(key.access_key_id).may(INVOKE, ROUTE) is allowed


@pytest.mark.parametrize(("session_policy", "allowed"), [(policy(), True), (policy("Deny"), False)])
def test_a_sessions_own_policy_has_to_allow_it_too(
    iam: IAMBackend, session_policy: str, allowed: bool
) -> None:
    role = make_role(iam)
    iam.put_role_policy("guests", "invoke", policy())
    session = sts_backends[ACCOUNT]["aws"].assume_role("us-east-1", "s", role.arn, session_policy, 900, "")
    assert require(session.access_key_id).may(INVOKE, ROUTE) is allowed


def test_a_policy_that_is_not_supported_allows_nothing(iam: IAMBackend) -> None:
    role = make_role(iam)
    condition = {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}
    iam.put_role_policy("guests", "invoke", policy("Deny", Condition=condition))
    with pytest.raises(MalformedPolicyError, match="IpAddress"):
        require(assume(role.arn).access_key_id).may(INVOKE, ROUTE)


@pytest.mark.parametrize(
    "document",
    [
        trust(Condition={"StringEquals": {f"{PROVIDER}:aud": "another"}}),
        trust(Condition={"StringEquals": {f"{PROVIDER}:amr": "authenticated"}}),
        trust(Principal={"Service": PROVIDER}),
        trust(Action="sts:AssumeRole"),
        trust(Condition={"DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}),
    ],
)
def test_a_role_is_given_to_nobody_whom_it_does_not_trust(iam: IAMBackend, document: str) -> None:
    role = make_role(iam, document)
    with pytest.raises(AccessDeniedError, match="guests"):
        assume(role.arn)


@pytest.mark.parametrize(
    "arn", ["", "guests", f"arn:aws:iam::{ACCOUNT}:role/none", "arn:aws:iam::1:role/none"]
)
def test_a_role_that_does_not_exist_is_given_to_nobody(iam: IAMBackend, arn: str) -> None:
    with pytest.raises(AccessDeniedError, match="does not exist"):
        assume(arn)
