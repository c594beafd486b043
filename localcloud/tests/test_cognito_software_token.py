"""A second factor: set up with an access token, asked for at each sign-in, by the API and on the page."""

import base64
from typing import Any

import pytest
from moto.cognitoidp.models import CognitoIdpBackend, CognitoIdpUser, cognitoidp_backends

from localcloud.cognito_idp import account, sign_in, software_token
from localcloud.cognito_idp.errors import CognitoError
from localcloud.cognito_idp.passwords import FREE_FAILURES, LOCKOUTS
from localcloud.cognito_idp.software_token import STEP_SECONDS, code_of
from tests.hosted_ui import EMAIL, PASSWORD, Browser, Hosted, open_page, returned
from tests.srp_client import SrpClient

Response = dict[str, Any]


def backend() -> CognitoIdpBackend:
    """Moto's; other tests may replace it by a new one."""
    found: CognitoIdpBackend = cognitoidp_backends["000000000000"]["us-east-1"]
    return found


class Clock:
    """A clock that is set by hand."""

    now = 1_000_000.0

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(software_token, "time", made)
    return made


@pytest.fixture
def optional(ui: Hosted) -> Hosted:
    """A pool in which a second factor is everybody's own choice."""
    backend().set_user_pool_mfa_config(ui.pool.id, {}, {"Enabled": True}, "OPTIONAL")
    return ui


def code_now(secret: str, clock: Clock) -> str:
    return code_of(base64.b32decode(secret), int(clock.now) // STEP_SECONDS)


def by_password(ui: Hosted) -> Response:
    """Sign in through the API, as far as the password goes."""
    client = SrpClient(PASSWORD)
    ids = {"ClientId": ui.site.id}
    given = {"USERNAME": EMAIL, "SRP_A": client.public}
    asked = sign_in.initiate_auth(ids | {"AuthFlow": "USER_SRP_AUTH", "AuthParameters": given})
    responses = client.answer(ui.pool.id, asked["ChallengeParameters"])
    name = {"ChallengeName": asked["ChallengeName"]}
    return sign_in.respond_to_auth_challenge(ids | name | {"ChallengeResponses": responses})


def give_code(ui: Hosted, session: str, code: str, challenge: str = "SOFTWARE_TOKEN_MFA") -> Response:
    responses = {"USERNAME": EMAIL, "SOFTWARE_TOKEN_MFA_CODE": code, "NEW_PASSWORD": f"{PASSWORD}2"}
    response = {"ChallengeName": challenge, "Session": session, "ChallengeResponses": responses}
    return sign_in.respond_to_auth_challenge({"ClientId": ui.site.id} | response)


def access_token(ui: Hosted) -> str:
    return str(by_password(ui)["AuthenticationResult"]["AccessToken"])


def set_up(ui: Hosted, clock: Clock) -> str:
    """Set an app up, by the operations that clients call; the secret."""
    token = {"AccessToken": access_token(ui)}
    secret = software_token.associate_software_token(token)["SecretCode"]
    verified = software_token.verify_software_token(token | {"UserCode": code_now(secret, clock)})
    assert verified == {"Status": "SUCCESS"}
    chosen = {"Enabled": True, "PreferredMfa": True}
    software_token.set_user_mfa_preference(token | {"SoftwareTokenMfaSettings": chosen})
    clock.now += 2 * STEP_SECONDS
    assert account.get_user(token)["UserMFASettingList"] == ["SOFTWARE_TOKEN_MFA"]
    assert account.get_user(token)["PreferredMfaSetting"] == "SOFTWARE_TOKEN_MFA"
    return str(secret)


@pytest.mark.parametrize(
    ("seconds", "code"), [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")]
)
def test_the_codes_are_those_of_rfc_6238_appendix_b(seconds: int, code: str) -> None:
    assert code_of(b"12345678901234567890", seconds // STEP_SECONDS) == code


def test_a_code_is_asked_for_and_good_once(optional: Hosted, ann: CognitoIdpUser, clock: Clock) -> None:
    secret = set_up(optional, clock)
    asked = by_password(optional)
    assert (asked["ChallengeName"], "AuthenticationResult" in asked) == ("SOFTWARE_TOKEN_MFA", False)
    code = code_now(secret, clock)
    with pytest.raises(CognitoError) as wrong:
        give_code(optional, asked["Session"], f"{(int(code) + 1) % 1_000_000:06}")
    assert wrong.value.code == "CodeMismatchException"
    assert give_code(optional, asked["Session"], code)["AuthenticationResult"]["AccessToken"]
    with pytest.raises(CognitoError, match="Invalid session"):
        give_code(optional, asked["Session"], code)
    with pytest.raises(CognitoError) as used:
        give_code(optional, by_password(optional)["Session"], code)
    assert used.value.code == "CodeMismatchException"


@pytest.mark.parametrize(("steps", "good"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_clock_may_be_a_step_wrong(
    optional: Hosted, ann: CognitoIdpUser, clock: Clock, steps: int, good: bool
) -> None:
    secret = set_up(optional, clock)
    clock.now += 10 * STEP_SECONDS
    session = by_password(optional)["Session"]
    code = code_of(base64.b32decode(secret), int(clock.now) // STEP_SECONDS + steps)
    if good:
        assert give_code(optional, session, code)["AuthenticationResult"]
    else:
        with pytest.raises(CognitoError, match="Invalid code"):
            give_code(optional, session, code)


def test_a_session_answers_its_own_challenge_alone(
    optional: Hosted, ann: CognitoIdpUser, clock: Clock
) -> None:
    set_up(optional, clock)
    with pytest.raises(CognitoError, match="Invalid session"):
        give_code(optional, by_password(optional)["Session"], "", "NEW_PASSWORD_REQUIRED")
    assert ann.password == PASSWORD


def test_five_wrong_codes_lock_the_right_one_out(
    optional: Hosted, ann: CognitoIdpUser, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LOCKOUTS, "_clock", lambda: 0.0)  # a lockout begins with a second
    secret = set_up(optional, clock)
    for _ in range(FREE_FAILURES):
        with pytest.raises(CognitoError, match="Invalid code"):
            give_code(optional, by_password(optional)["Session"], "animal")
    with pytest.raises(CognitoError, match="attempts exceeded"):
        give_code(optional, by_password(optional)["Session"], code_now(secret, clock))


def test_the_page_asks_for_the_code_and_no_field_goes_round_it(
    optional: Hosted, ann: CognitoIdpUser, clock: Clock
) -> None:
    secret, browser = set_up(optional, clock), Browser()
    page = browser.fill_in(open_page(optional, browser), username=EMAIL, password=PASSWORD, code="")
    assert (page.status_code, "Enter the code" in page.text) == (200, True)
    again = browser.fill_in(page, code="animal")
    assert (again.status_code, "Invalid code" in again.text) == (400, True)
    assert returned(browser.fill_in(again, code=code_now(secret, clock)))["code"]


def test_a_secret_counts_once_it_is_verified(optional: Hosted, ann: CognitoIdpUser, clock: Clock) -> None:
    token = {"AccessToken": access_token(optional)}
    secret = software_token.associate_software_token(token)["SecretCode"]
    with pytest.raises(CognitoError, match="Code mismatch") as wrong:
        software_token.verify_software_token(token | {"UserCode": "animal"})
    assert wrong.value.code == "EnableSoftwareTokenMFAException"
    chosen = {"SoftwareTokenMfaSettings": {"Enabled": True}}
    with pytest.raises(Exception, match="not verified"):
        software_token.set_user_mfa_preference(token | chosen)
    assert "AuthenticationResult" in by_password(optional)
    software_token.verify_software_token(token | {"UserCode": code_now(secret, clock)})
    assert "AuthenticationResult" in by_password(optional)


def test_a_pool_without_the_factor_has_no_secrets_and_one_that_demands_it_lets_nobody_past(
    ui: Hosted, ann: CognitoIdpUser
) -> None:
    token = {"AccessToken": access_token(ui)}
    with pytest.raises(CognitoError) as refused:
        software_token.associate_software_token(token)
    assert refused.value.code == "SoftwareTokenMFANotFoundException"
    backend().set_user_pool_mfa_config(ui.pool.id, {}, {"Enabled": True}, "ON")
    with pytest.raises(CognitoError, match="MFA_SETUP is not served"):
        by_password(ui)
    with pytest.raises(CognitoError, match="Invalid Access Token"):
        software_token.associate_software_token({"Session": "s"})


def test_moto_takes_any_code() -> None:
    pool = backend().create_user_pool("mfa", {})
    try:
        user = CognitoIdpUser(pool.id, "ann", PASSWORD, "CONFIRMED", [])
        pool.users["ann"], pool.access_tokens["token"] = user, ("client", "ann")
        backend().verify_software_token("token", "")
        assert user.token_verified, "moto checks the code itself now: see what of software_token.py is needed"
    finally:
        backend().delete_user_pool(pool.id)
