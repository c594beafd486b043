"""Identity pools: whose login is whose identity, and which role it gets."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from localstack.aws.spec import load_service
from moto.cognitoidentity.models import cognitoidentity_backends
from moto.cognitoidp.models import CognitoIdpUserPool, cognitoidp_backends
from moto.iam.models import iam_backends
from moto.sts.models import sts_backends

from localcloud.cognito_identity import credentials, logins, pools
from localcloud.cognito_identity.identities import IDENTITIES
from localcloud.cognito_idp import pools as idp_pools
from localcloud.cognito_idp.errors import CognitoError
from localcloud.cognito_idp.sessions import SESSIONS, Session
from localcloud.iam.web_identity import PARTITION, WebIdentitySession
from localcloud.tokens.verifier import InvalidTokenError, Reason

ACCOUNT, REGION = "123456789012", "us-east-1"
GET_ROLES = "GetIdentityPoolRoles"


def context(operation: str) -> Any:
    model = load_service("cognito-identity").operation_model(operation)
    return SimpleNamespace(account_id=ACCOUNT, region=REGION, operation=model)


@pytest.fixture
def user_pool() -> Iterator[CognitoIdpUserPool]:
    backend = cognitoidp_backends[ACCOUNT][REGION]
    pool = backend.create_user_pool("unit", {})
    for name in ("ann", "ben"):
        backend.admin_create_user(pool.id, name, "SUPPRESS", "Scales-and-fire-1", [])
    yield pool
    backend.delete_user_pool(pool.id)


def provider(user_pool: CognitoIdpUserPool) -> str:
    return f"cognito-idp.{REGION}.amazonaws.com/{user_pool.id}"


@pytest.fixture
def pool_id(user_pool: CognitoIdpUserPool) -> Iterator[str]:
    """An identity pool with a role for each kind of identity."""
    backend = cognitoidentity_backends[ACCOUNT][REGION]
    client = {"ProviderName": provider(user_pool), "ClientId": "site", "ServerSideTokenCheck": True}
    made = json.loads(backend.create_identity_pool("unit", True, {}, "", [], [client], [], {}))
    pool_id: str = made["IdentityPoolId"]
    roles = {kind: make_role(kind, pool_id) for kind in ("authenticated", "unauthenticated")}
    set_roles(pool_id, roles)
    yield pool_id
    IDENTITIES.forget_pool(pool_id)
    del cognitoidentity_backends[ACCOUNT]
    del iam_backends[ACCOUNT]
    sts_backends[ACCOUNT][PARTITION].assumed_roles.clear()


def make_role(kind: str, pool_id: str) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": credentials.PROVIDER},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {f"{credentials.PROVIDER}:aud": pool_id},
            "ForAnyValue:StringLike": {f"{credentials.PROVIDER}:amr": kind},
        },
    }
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    backend = iam_backends[ACCOUNT][PARTITION]
    return str(backend.create_role(kind, trust, "/", None, "", [], "3600").arn)


def set_roles(pool_id: str, roles: dict[str, str]) -> None:
    request: Any = {"IdentityPoolId": pool_id, "Roles": roles}
    pools.set_identity_pool_roles(context("SetIdentityPoolRoles"), request)


@pytest.fixture
def people(user_pool: CognitoIdpUserPool, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The `sub` of everybody; a token is a user's name, perhaps with what is wrong with it."""
    subs = {user.username: str(user.id) for user in user_pool.users.values()}

    def verify(token: str, _issuer: str) -> dict[str, Any]:
        name, _, wrong = token.partition(" ")
        if wrong in {reason.value for reason in Reason}:
            raise InvalidTokenError(Reason(wrong))
        sub = subs.get(name, name)
        claims = {"sub": sub, "aud": "site", "token_use": "id", "origin_jti": f"of {sub}"}
        return claims | (json.loads(wrong) if wrong else {})

    monkeypatch.setattr(logins, "verify", verify)
    return subs


def get_id(pool_id: str, **logins: str) -> str:
    request: dict[str, Any] = {"IdentityPoolId": pool_id, "Logins": logins}
    return str(credentials.get_id(request)["IdentityId"])


def get_credentials(identity_id: str, **logins: str) -> WebIdentitySession:
    request: dict[str, Any] = {"IdentityId": identity_id, "Logins": logins}
    given = credentials.get_credentials_for_identity(request)["Credentials"]
    found = sts_backends[ACCOUNT][PARTITION].get_assumed_role_from_access_key(given["AccessKeyId"])
    assert isinstance(found, WebIdentitySession)
    assert (given["SecretKey"], given["SessionToken"]) == (found.secret_access_key, found.session_token)
    return found


def claims(session: WebIdentitySession) -> dict[str, tuple[str, ...]]:
    return {name.rpartition(":")[2]: values for name, values in session.claims.items()}


def test_every_guest_is_somebody_new(pool_id: str) -> None:
    one, two = get_id(pool_id), get_id(pool_id)
    assert one != two
    assert one.startswith(f"{REGION}:")
    session = get_credentials(one)
    assert session.role_arn.endswith("role/unauthenticated")
    assert claims(session) == {"aud": (pool_id,), "sub": (one,), "amr": ("unauthenticated",)}


def test_a_login_may_have_the_name_that_amplify_reads_off_the_token(
    pool_id: str, user_pool: CognitoIdpUserPool, people: dict[str, str]
) -> None:
    read_off = idp_pools.issuer(user_pool).removeprefix("http://")
    identity = get_id(pool_id, **{read_off: "ann"})
    assert identity == get_id(pool_id, **{provider(user_pool): "ann"})
    assert claims(get_credentials(identity, **{read_off: "ann"}))["amr"][1] == provider(user_pool)
    for wrong in (f"127.0.0.1:1/{user_pool.id}", user_pool.id, f"x{read_off}", f"http://{read_off}"):
        with pytest.raises(CognitoError, match="not from a supported provider"):
            get_id(pool_id, **{wrong: "ann"})


def test_a_login_is_always_the_same_identity(
    pool_id: str, user_pool: CognitoIdpUserPool, people: dict[str, str]
) -> None:
    name = provider(user_pool)
    with ThreadPoolExecutor(8) as callers:
        [identity] = set(callers.map(lambda _: get_id(pool_id, **{name: "ann"}), range(16)))
    assert get_id(pool_id, **{name: "ben"}) != identity

    session = get_credentials(identity, **{name: "ann"})
    assert session.role_arn.endswith("role/authenticated")
    assert claims(session)["amr"] == ("authenticated", name, f"{name}:CognitoSignIn:{people['ann']}")
    described = credentials.describe_identity({"IdentityId": identity})
    assert described["Logins"] == [name]
    assert described in credentials.list_identities({"IdentityPoolId": pool_id})["Identities"]


def test_a_guest_who_signs_in_stays_who_they_were(
    pool_id: str, user_pool: CognitoIdpUserPool, people: dict[str, str]
) -> None:
    guest, name = get_id(pool_id), provider(user_pool)
    assert get_credentials(guest, **{name: "ann"}).role_arn.endswith("role/authenticated")
    assert get_id(pool_id, **{name: "ann"}) == guest


def refused(call: Any, *arguments: Any, **logins: str) -> tuple[str, str]:
    with pytest.raises(CognitoError) as caught:
        call(*arguments, **logins)
    return caught.value.code, caught.value.message


def test_nobody_has_anothers_identity(
    pool_id: str, user_pool: CognitoIdpUserPool, people: dict[str, str]
) -> None:
    name = provider(user_pool)
    ann, guest = get_id(pool_id, **{name: "ann"}), get_id(pool_id)

    code, message = refused(get_credentials, ann)
    assert (code, message) == ("NotAuthorizedException", f"Access to Identity '{ann}' is forbidden.")
    code, message = refused(get_credentials, ann, **{name: "ben"})
    assert code == "NotAuthorizedException"
    assert message.startswith("Logins don't match.")
    code, _ = refused(get_credentials, guest, **{name: "ann"})
    assert code == "ResourceConflictException"


@pytest.mark.parametrize(
    ("token", "message"),
    [
        ("ann malformed", "Not a valid OpenId Connect identity token."),
        ("ann issuer", "Issuer doesn't match providerName"),
        ("ann signature", "Token signature invalid."),
        ("ann expired", "Token expired."),
        ("ann key", "Couldn't verify signed token."),
        ('ann {"token_use": "access"}', "Not a valid OpenId Connect identity token."),
        ('ann {"aud": "another"}', "Incorrect token audience."),
        ('ann {"aud": null}', "Incorrect token audience."),
        ("nobody", "Couldn't verify signed token."),
    ],
)
def test_a_token_that_is_not_good_is_refused(
    pool_id: str, user_pool: CognitoIdpUserPool, people: dict[str, str], token: str, message: str
) -> None:
    expected = ("NotAuthorizedException", f"Invalid login token. {message}")
    login = {provider(user_pool): token}
    assert refused(get_id, pool_id, **login) == expected
    assert refused(get_credentials, get_id(pool_id), **login) == expected


def test_the_user_pool_is_asked_whether_a_user_is_still_signed_in(
    pool_id: str, user_pool: CognitoIdpUserPool, people: dict[str, str]
) -> None:
    login = {provider(user_pool): "ann"}
    get_id(pool_id, **login)
    sub = people["ann"]
    SESSIONS.revoke(SESSIONS.open(Session(user_pool.id, "site", sub, (), 0, 1e12, origin_jti=f"of {sub}")))
    assert refused(get_id, pool_id, **login)[0] == "NotAuthorizedException"
    user_pool.users["ben"].enabled = False
    assert refused(get_id, pool_id, **{provider(user_pool): "ben"})[0] == "NotAuthorizedException"


@pytest.mark.parametrize(
    "name", ["graph.facebook.com", "cognito-idp.us-east-1.amazonaws.com/us-east-1_Other"]
)
def test_a_provider_that_is_not_the_pools_is_refused(pool_id: str, people: dict[str, str], name: str) -> None:
    expected = ("NotAuthorizedException", "Token is not from a supported provider of this identity pool.")
    assert refused(get_id, pool_id, **{name: "ann"}) == expected


def test_without_guests_only_who_signs_in_gets_in(
    pool_id: str, user_pool: CognitoIdpUserPool, people: dict[str, str]
) -> None:
    guest = get_id(pool_id)
    pools.require_identity_pool(pool_id).settings.allow_unauthenticated_identities = False
    expected = (
        "NotAuthorizedException",
        "Unauthenticated access is not supported for this identity pool.",
    )
    assert refused(get_id, pool_id) == expected
    assert refused(get_credentials, guest) == expected
    assert get_id(pool_id, **{provider(user_pool): "ann"})


@pytest.mark.parametrize("roles", [{}, {"authenticated": "guests"}, {"unauthenticated": "no such role"}])
def test_a_pool_without_the_role_gives_no_credentials(pool_id: str, roles: dict[str, str]) -> None:
    set_roles(pool_id, roles)
    code, message = refused(get_credentials, get_id(pool_id))
    assert code == "InvalidIdentityPoolConfigurationException"
    assert message == "Invalid identity pool configuration. Check assigned IAM roles for this pool."


def test_a_role_that_trusts_the_other_kind_gives_no_credentials(pool_id: str) -> None:
    signed_in = pools.require_identity_pool(pool_id).role("authenticated")
    assert signed_in is not None
    set_roles(pool_id, {"unauthenticated": signed_in})
    assert refused(get_credentials, get_id(pool_id))[0] == "InvalidIdentityPoolConfigurationException"


def test_what_does_not_exist_is_not_found(pool_id: str) -> None:
    unknown = f"{REGION}:00000000-0000-0000-0000-000000000000"
    for call in (get_id, get_credentials):
        assert refused(call, unknown)[0] == "ResourceNotFoundException"
    assert refused(credentials.describe_identity, {"IdentityId": unknown})[0] == "ResourceNotFoundException"
    request: Any = {"IdentityPoolId": unknown}
    assert refused(pools.get_identity_pool_roles, context(GET_ROLES), request)[1].endswith("not found.")


def test_what_is_left_out_is_refused(pool_id: str) -> None:
    guest = {"IdentityId": get_id(pool_id)}
    assert "classic" in refused(credentials.get_open_id_token, guest)[1]
    chosen = guest | {"CustomRoleArn": "arn:aws:iam::123456789012:role/admin"}
    assert refused(credentials.get_credentials_for_identity, chosen)[0] == "InvalidParameterException"


def test_tags_are_the_pools(pool_id: str) -> None:
    arn = f"arn:aws:cognito-identity:{REGION}:{ACCOUNT}:identitypool/{pool_id}"
    pools.tag_resource({"ResourceArn": arn, "Tags": {"a": "1", "b": "2"}})
    pools.untag_resource({"ResourceArn": arn, "TagKeys": ["a", "c"]})
    assert pools.list_tags_for_resource({"ResourceArn": arn}) == {"Tags": {"b": "2"}}


def test_a_deleted_pool_leaves_nothing(pool_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "call_moto", lambda _: {})
    guest = get_id(pool_id)
    request: Any = {"IdentityPoolId": pool_id}
    pools.delete_identity_pool(context("DeleteIdentityPool"), request)
    assert refused(credentials.describe_identity, {"IdentityId": guest})[0] == "ResourceNotFoundException"
    assert pools.get_identity_pool_roles(context(GET_ROLES), request) == {"IdentityPoolId": pool_id}
