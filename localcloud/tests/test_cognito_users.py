"""Users of a user pool: how they come to be, what triggers decide, and what a failure leaves behind."""

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from moto.cognitoidp.models import CognitoIdpUserPool, CognitoIdpUserPoolDomain, cognitoidp_backends

from localcloud.cognito_idp import account, messages, pools, provider, sign_in, sign_up, triggers, users
from localcloud.cognito_idp.errors import CognitoError

PASSWORD = "Scales-and-fire-1"
EMAIL = "ann@example.org"
FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:trigger:live"


class Functions:
    """The triggers' functions: what they were told, and their responses."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.responses: dict[str, tuple[Any, bool]] = {}

    def invoke(self, _function: str, _pool_arn: str, payload: bytes) -> tuple[bytes, bool]:
        event = json.loads(payload)
        self.events.append(event)
        response, failed = self.responses.get(event["triggerSource"], (event, False))
        return json.dumps(response).encode(), failed


@pytest.fixture
def functions(monkeypatch: pytest.MonkeyPatch) -> Functions:
    made = Functions()
    monkeypatch.setattr(triggers, "invoke", made.invoke)
    monkeypatch.setattr(CognitoIdpUserPool, "_get_user", users.find_user)
    return made


@pytest.fixture
def pool(functions: Functions) -> Iterator[CognitoIdpUserPool]:
    """A pool with triggers, whose users are known by their address."""
    backend = cognitoidp_backends["000000000000"]["us-east-1"]
    names = ("PreSignUp", "PostConfirmation", "PreTokenGeneration")
    made = backend.create_user_pool(
        "unit",
        {
            "UsernameAttributes": ["email"],
            "AutoVerifiedAttributes": ["email"],
            "LambdaConfig": dict.fromkeys(names, FUNCTION),
        },
    )
    yield made
    backend.delete_user_pool(made.id)


@pytest.fixture
def client_id(pool: CognitoIdpUserPool) -> str:
    allowed: Any = {"ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"]}
    made = cognitoidp_backends["000000000000"]["us-east-1"].create_user_pool_client(pool.id, False, allowed)
    return str(made.id)


def join(client_id: str, email: str = EMAIL) -> dict[str, Any]:
    return sign_up.sign_up({"ClientId": client_id, "Username": email, "Password": PASSWORD})


def confirm(client_id: str) -> None:
    code = messages.sent_to(EMAIL)[-1]["code"]
    sign_up.confirm_sign_up({"ClientId": client_id, "Username": EMAIL, "ConfirmationCode": code})


def test_a_trigger_that_fails_leaves_nobody_behind(
    pool: CognitoIdpUserPool, client_id: str, functions: Functions
) -> None:
    functions.responses["PreSignUp_SignUp"] = ({"errorMessage": "not you"}, True)
    with pytest.raises(CognitoError, match=r"^PreSignUp failed with error not you\.$") as refused:
        join(client_id)
    assert refused.value.code == "UserLambdaValidationException"
    assert pool.users == {}


@pytest.mark.parametrize("answer", [None, "text", {}, {"response": None}, {"response": []}])
def test_an_answer_that_is_none_is_refused(
    pool: CognitoIdpUserPool, client_id: str, functions: Functions, answer: Any
) -> None:
    functions.responses["PreSignUp_SignUp"] = (answer, False)
    with pytest.raises(CognitoError) as refused:
        join(client_id)
    assert refused.value.code == "InvalidLambdaResponseException"
    assert pool.users == {}


def test_a_trigger_that_hangs_is_asked_three_times(
    client_id: str, functions: Functions, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, released = [], threading.Event()

    def hang(*_: Any) -> tuple[bytes, bool]:
        asked.append(1)
        released.wait(30)
        return b"{}", False

    monkeypatch.setattr(triggers, "invoke", hang)
    monkeypatch.setattr(triggers, "SECONDS", 0.05)
    with pytest.raises(CognitoError) as refused:
        join(client_id)
    released.set()
    assert refused.value.code == "UnexpectedLambdaException"
    assert len(asked) == triggers.ATTEMPTS


def test_a_trigger_may_confirm(pool: CognitoIdpUserPool, client_id: str, functions: Functions) -> None:
    decided = {"response": {"autoConfirmUser": True, "autoVerifyEmail": True}}
    functions.responses["PreSignUp_SignUp"] = (decided, False)
    assert join(client_id)["UserConfirmed"] is True
    [user] = pool.users.values()
    assert user.attribute_lookup["email_verified"] == "true"
    sources = [event["triggerSource"] for event in functions.events]
    assert sources == ["PreSignUp_SignUp", "PostConfirmation_ConfirmSignUp"]


def test_triggers_are_told_what_aws_tells(
    pool: CognitoIdpUserPool, client_id: str, functions: Functions
) -> None:
    sub = join(client_id)["UserSub"]
    confirm(client_id)
    before, after = functions.events
    assert before["request"]["userAttributes"] == {"email": EMAIL}
    assert (before["userName"], before["userPoolId"], before["version"]) == (sub, pool.id, "1")
    assert before["callerContext"]["clientId"] == client_id
    assert after["request"]["userAttributes"] == {
        "sub": sub,
        "email": EMAIL,
        "email_verified": "true",
        "cognito:user_status": "CONFIRMED",
    }


def test_twenty_sign_ups_of_one_address_make_one_user(pool: CognitoIdpUserPool, client_id: str) -> None:
    def attempt(number: int) -> str:
        try:
            join(client_id, EMAIL.upper() if number % 2 else EMAIL)
        except CognitoError as error:
            return str(error.code)
        return "made"

    with ThreadPoolExecutor(20) as callers:
        outcomes = sorted(callers.map(attempt, range(20)))
    assert outcomes == ["UsernameExistsException"] * 19 + ["made"]
    assert len(pool.users) == 1


@pytest.mark.parametrize("username", ["ann", "+15555550100", "@example.org", ""])
def test_a_username_that_is_no_address_is_refused(client_id: str, username: str) -> None:
    with pytest.raises(CognitoError) as refused:
        join(client_id, username)
    assert refused.value.code == "InvalidParameterException"


def test_a_flow_has_to_be_allowed(client_id: str) -> None:
    request = {"ClientId": client_id, "AuthFlow": "REFRESH_TOKEN_AUTH", "AuthParameters": {}}
    with pytest.raises(CognitoError, match="REFRESH_TOKEN_AUTH flow not enabled for this client"):
        sign_in.initiate_auth(request)
    with pytest.raises(CognitoError, match="not supported"):
        sign_in.initiate_auth(request | {"AuthFlow": "ADMIN_USER_PASSWORD_AUTH"})
    with pytest.raises(CognitoError, match="does not exist"):
        sign_in.initiate_auth(request | {"ClientId": "unknown"})


def test_a_first_password_is_to_be_changed(pool: CognitoIdpUserPool, client_id: str) -> None:
    invited = {"UserPoolId": pool.id, "Username": EMAIL, "TemporaryPassword": PASSWORD}
    sign_up.admin_create_user(invited)
    given = {"USERNAME": EMAIL, "PASSWORD": PASSWORD}
    request = {"ClientId": client_id, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": given}
    challenge = sign_in.initiate_auth(request)
    assert challenge["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    answer = {"USERNAME": EMAIL, "NEW_PASSWORD": f"{PASSWORD}2"}
    response = {
        "ClientId": client_id,
        "ChallengeName": challenge["ChallengeName"],
        "ChallengeResponses": answer,
    }
    with pytest.raises(CognitoError, match="Invalid session"):
        sign_in.respond_to_auth_challenge(response | {"Session": "another"})
    session = {"Session": challenge["Session"]}
    assert sign_in.respond_to_auth_challenge(response | session)["AuthenticationResult"]["AccessToken"]
    with pytest.raises(CognitoError, match="Invalid session"):
        sign_in.respond_to_auth_challenge(response | session)


def test_nobody_learns_from_a_client_that_may_not_know(pool: CognitoIdpUserPool, client_id: str) -> None:
    request = {"ClientId": client_id, "Username": "nobody@example.org"}
    with pytest.raises(CognitoError, match="User does not exist"):
        account.forgot_password(request)
    pool.clients[client_id].extended_config["PreventUserExistenceErrors"] = "ENABLED"
    assert account.forgot_password(request)["CodeDeliveryDetails"]["Destination"] == "n***@e***"
    with pytest.raises(CognitoError, match="Incorrect username or password"):
        sign_in.initiate_auth(
            {
                "ClientId": client_id,
                "AuthFlow": "USER_PASSWORD_AUTH",
                "AuthParameters": {"USERNAME": "nobody@example.org", "PASSWORD": PASSWORD},
            }
        )


def test_an_update_keeps_what_a_pool_was_made_with(pool: CognitoIdpUserPool) -> None:
    provider.update_settings(pool, {"DeletionProtection": "ACTIVE"})
    assert pool.extended_config["UsernameAttributes"] == ["email"]
    assert pool.extended_config["DeletionProtection"] == "ACTIVE"


def test_a_resource_server_is_deleted_once(pool: CognitoIdpUserPool) -> None:
    backend = cognitoidp_backends["000000000000"]["us-east-1"]
    backend.create_resource_server(pool.id, "animals", "Animals", [])
    named = {"UserPoolId": pool.id, "Identifier": "animals"}
    assert pools.delete_resource_server(named) == {}
    assert pool.resource_servers == {}
    with pytest.raises(CognitoError, match="Resource server does not exist") as caught:
        pools.delete_resource_server(named)
    assert caught.value.code == "ResourceNotFoundException"


def test_a_domain_is_in_the_account_each_time(pool: CognitoIdpUserPool) -> None:
    domain = CognitoIdpUserPoolDomain(pool.id, "animals")
    found = [provider.describe_domain(domain)["AWSAccountId"] for _ in range(2)]
    assert found == ["000000000000"] * 2
    assert set(provider.describe_domain(domain, extended=False)) == {"CloudFrontDomain"}
