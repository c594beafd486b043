"""Sign-in by SRP: who knows the password gets in, nobody else does, and nobody learns who is there."""

import base64
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from moto.cognitoidp.models import CognitoIdpUser, CognitoIdpUserPool, UserStatus, cognitoidp_backends

from localcloud.cognito_idp import password_verifier, sign_in
from localcloud.cognito_idp.errors import CognitoError
from localcloud.cognito_idp.expiring import Expiring
from localcloud.cognito_idp.passwords import FREE_FAILURES, LOCKOUTS
from tests.srp_client import N, SrpClient

PASSWORD = "Scales-and-fire-1"
EMAIL = "ann@example.org"
POOL_ID = "us-east-1_Pool"
Answer = dict[str, Any]


@pytest.fixture
def pool() -> Iterator[CognitoIdpUserPool]:
    backend = cognitoidp_backends["000000000000"]["us-east-1"]
    made = backend.create_user_pool("srp", {"UsernameAttributes": ["email"]})
    yield made
    backend.delete_user_pool(made.id)


@pytest.fixture
def client_id(pool: CognitoIdpUserPool) -> str:
    backend = cognitoidp_backends["000000000000"]["us-east-1"]
    return str(backend.create_user_pool_client(pool.id, False, {}).id)  # with Cognito's default flows


@pytest.fixture
def ann(pool: CognitoIdpUserPool) -> CognitoIdpUser:
    attributes = [{"Name": "email", "Value": EMAIL}]
    user = CognitoIdpUser(pool.id, None, PASSWORD, UserStatus.CONFIRMED, attributes)
    pool.users[user.username] = user
    return user


def start(client_id: str, client: SrpClient, username: str = EMAIL, **changes: str) -> Answer:
    given = {"USERNAME": username, "SRP_A": client.public} | changes
    request = {"ClientId": client_id, "AuthFlow": "USER_SRP_AUTH", "AuthParameters": given}
    return sign_in.initiate_auth(request)


def finish(client_id: str, answers: dict[str, str]) -> Answer:
    request = {"ClientId": client_id, "ChallengeName": "PASSWORD_VERIFIER", "ChallengeResponses": answers}
    return sign_in.respond_to_auth_challenge(request)


def try_password(pool: CognitoIdpUserPool, client_id: str, password: str, username: str = EMAIL) -> Answer:
    client = SrpClient(password)
    challenge = start(client_id, client, username)["ChallengeParameters"]
    return finish(client_id, client.answer(pool.id, challenge))


@settings(max_examples=25, deadline=None)
@given(st.text(), st.text(), st.integers(1, 2**128 - 1))
def test_the_password_and_no_other_gives_the_same_signature(known: str, typed: str, salt: int) -> None:
    client = SrpClient(typed)
    exchange = password_verifier.Exchange("Poolann", salt, int(client.public, 16))
    challenge = {
        "SALT": f"{salt:x}",
        "SECRET_BLOCK": base64.b64encode(b"block").decode(),
        "SRP_B": f"{exchange.server_public(known):x}",
        "USERNAME": "ann",
        "USER_ID_FOR_SRP": "ann",
    }
    answer = client.answer(POOL_ID, challenge)
    signed = base64.b64decode(answer["PASSWORD_CLAIM_SIGNATURE"])
    assert (signed == exchange.signature(known, b"block", answer["TIMESTAMP"])) is (known == typed)


def test_anybody_with_a_password_signs_in(pool: CognitoIdpUserPool, client_id: str, ann: Any) -> None:
    result = try_password(pool, client_id, PASSWORD, EMAIL.upper())["AuthenticationResult"]
    assert {"AccessToken", "IdToken", "RefreshToken"} <= result.keys()
    with pytest.raises(CognitoError, match=r"^Incorrect username or password\.$") as refused:
        try_password(pool, client_id, f"{PASSWORD}2")
    assert refused.value.code == "NotAuthorizedException"


def test_an_administrator_s_server_signs_people_in(
    pool: CognitoIdpUserPool, client_id: str, ann: Any
) -> None:
    client, ids = SrpClient(PASSWORD), {"ClientId": client_id, "UserPoolId": pool.id}
    given = {"USERNAME": EMAIL, "SRP_A": client.public}
    asked = sign_in.admin_initiate_auth(ids | {"AuthFlow": "USER_SRP_AUTH", "AuthParameters": given})
    answers = client.answer(pool.id, asked["ChallengeParameters"])
    response = ids | {"ChallengeName": "PASSWORD_VERIFIER", "ChallengeResponses": answers}
    assert sign_in.admin_respond_to_auth_challenge(response)["AuthenticationResult"]["AccessToken"]


@pytest.mark.parametrize("public", ["0", f"{N:x}", f"{2 * N:x}", f"-{N:x}", "-1", "", "animal"])
def test_a_key_that_anybody_would_know_is_refused(client_id: str, ann: Any, public: str) -> None:
    with pytest.raises(CognitoError) as refused:
        start(client_id, SrpClient(PASSWORD), SRP_A=public)
    assert refused.value.code == "InvalidParameterException"


def test_a_challenge_is_good_once_even_if_it_was_not_met(
    pool: CognitoIdpUserPool, client_id: str, ann: Any
) -> None:
    client = SrpClient(PASSWORD)
    challenge = start(client_id, client)["ChallengeParameters"]
    answers = client.answer(pool.id, challenge)
    wrong = SrpClient("guess", client.secret).answer(pool.id, challenge)
    for attempt in (wrong, answers):
        with pytest.raises(CognitoError, match="Incorrect"):
            finish(client_id, attempt)


def test_a_challenge_is_for_one_client_and_does_not_wait_for_ever(
    pool: CognitoIdpUserPool, client_id: str, ann: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = cognitoidp_backends["000000000000"]["us-east-1"]
    other = backend.create_user_pool_client(pool.id, False, {})
    client, now = SrpClient(PASSWORD), [1000.0]
    monkeypatch.setattr(password_verifier, "_waiting", Expiring(180, lambda: now[0]))
    answers = client.answer(pool.id, start(client_id, client)["ChallengeParameters"])
    with pytest.raises(CognitoError, match="Incorrect"):
        finish(other.id, answers)
    answers = client.answer(pool.id, start(client_id, client)["ChallengeParameters"])
    now[0] += 180
    with pytest.raises(CognitoError, match="Incorrect"):
        finish(client_id, answers)


def test_a_password_that_has_changed_meanwhile_counts_no_more(
    pool: CognitoIdpUserPool, client_id: str, ann: CognitoIdpUser
) -> None:
    client = SrpClient(PASSWORD)
    answers = client.answer(pool.id, start(client_id, client)["ChallengeParameters"])
    ann.password = f"{PASSWORD}2"
    with pytest.raises(CognitoError, match="Incorrect"):
        finish(client_id, answers)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PASSWORD_CLAIM_SIGNATURE", "no base64"),
        ("PASSWORD_CLAIM_SECRET_BLOCK", "é"),
        ("PASSWORD_CLAIM_SIGNATURE", None),
        ("TIMESTAMP", None),
    ],
)
def test_an_answer_has_its_form(
    pool: CognitoIdpUserPool, client_id: str, ann: Any, name: str, value: str | None
) -> None:
    client = SrpClient(PASSWORD)
    answers = client.answer(pool.id, start(client_id, client)["ChallengeParameters"])
    spoiled = {key: given for key, given in (answers | {name: value}).items() if given is not None}
    with pytest.raises(CognitoError) as refused:
        finish(client_id, spoiled)
    assert refused.value.code == "InvalidParameterException"


def test_a_secret_block_of_nobody_s(client_id: str, ann: Any) -> None:
    block = base64.b64encode(b"\xff\x00").decode()
    answers = {
        "PASSWORD_CLAIM_SECRET_BLOCK": block,
        "PASSWORD_CLAIM_SIGNATURE": block,
        "TIMESTAMP": "now",
    }
    with pytest.raises(CognitoError, match="Incorrect"):
        finish(client_id, answers)


def test_whoever_is_unknown_looks_like_anybody(pool: CognitoIdpUserPool, client_id: str, ann: Any) -> None:
    client = SrpClient(PASSWORD)
    with pytest.raises(CognitoError, match="User does not exist"):
        start(client_id, client, "nobody@example.org")
    pool.clients[client_id].extended_config["PreventUserExistenceErrors"] = "ENABLED"
    known, unknown = (start(client_id, client, who)["ChallengeParameters"] for who in (EMAIL, "no@a.org"))
    again = start(client_id, client, "NO@a.org")["ChallengeParameters"]
    assert known.keys() == unknown.keys()
    assert len(known["USERNAME"]) == len(unknown["USERNAME"])
    for name in ("SALT", "USER_ID_FOR_SRP"):
        assert unknown[name] == again[name] != known[name]
    assert unknown["SRP_B"] != again["SRP_B"]
    with pytest.raises(CognitoError, match=r"^Incorrect username or password\.$"):
        finish(client_id, client.answer(pool.id, unknown))


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (UserStatus.UNCONFIRMED, "UserNotConfirmedException"),
        (UserStatus.RESET_REQUIRED, "PasswordResetRequiredException"),
    ],
)
def test_only_who_knows_the_password_learns_of_the_account(
    pool: CognitoIdpUserPool, client_id: str, ann: CognitoIdpUser, status: Any, code: str
) -> None:
    ann.status = status
    for password, expected in ((PASSWORD, code), ("guess", "NotAuthorizedException")):
        with pytest.raises(CognitoError) as refused:
            try_password(pool, client_id, password)
        assert refused.value.code == expected


def test_a_first_password_is_to_be_changed(
    pool: CognitoIdpUserPool, client_id: str, ann: CognitoIdpUser
) -> None:
    ann.status = UserStatus.FORCE_CHANGE_PASSWORD
    answer = try_password(pool, client_id, PASSWORD)
    assert (answer["ChallengeName"], bool(answer["Session"])) == ("NEW_PASSWORD_REQUIRED", True)


def test_somebody_of_another_identity_provider_has_no_password(
    pool: CognitoIdpUserPool, client_id: str, ann: CognitoIdpUser
) -> None:
    ann.password = None
    for password in ("", "None"):
        with pytest.raises(CognitoError, match="Incorrect"):
            try_password(pool, client_id, password)


def test_the_client_has_to_allow_it(pool: CognitoIdpUserPool, client_id: str, ann: Any) -> None:
    pool.clients[client_id].extended_config["ExplicitAuthFlows"] = ["ALLOW_USER_PASSWORD_AUTH"]
    with pytest.raises(CognitoError, match="USER_SRP_AUTH flow not enabled for this client"):
        start(client_id, SrpClient(PASSWORD))


def test_five_wrong_passwords_lock_the_right_one_out(
    pool: CognitoIdpUserPool, client_id: str, ann: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LOCKOUTS, "_clock", lambda: 0.0)  # a lockout begins with a second
    for _ in range(FREE_FAILURES):
        with pytest.raises(CognitoError, match="Incorrect"):
            try_password(pool, client_id, "guess")
    with pytest.raises(CognitoError, match=r"^Password attempts exceeded$") as locked:
        try_password(pool, client_id, PASSWORD)
    assert locked.value.code == "NotAuthorizedException"


def test_moto_speaks_no_srp(pool: CognitoIdpUserPool, client_id: str, ann: CognitoIdpUser) -> None:
    backend = cognitoidp_backends["000000000000"]["us-east-1"]
    given = {"USERNAME": ann.username, "SRP_A": SrpClient(PASSWORD).public}
    served = backend.initiate_auth(client_id, "USER_SRP_AUTH", given)["ChallengeParameters"]["SRP_B"]
    assert len(served) < 100, (
        "moto answers with a number of the group: delete password_verifier.py and password_verifier.py"
    )
