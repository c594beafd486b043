"""`make token`: who is unknown is signed up, who is known signs in, and nothing but a token is printed."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tasks import token as sign_in
from tasks.processes.steps import StepError

ANN = "ann@example.org"
OUTPUTS = {"user_pool_id": "pool", "user_pool_client_id": "client"}


class UserNotFoundException(ClientError):  # noqa: N818 - AWS's name
    """As the client of Cognito raises it."""


class NotAuthorizedException(ClientError):  # noqa: N818 - AWS's name
    """As the client of Cognito raises it."""


class FakePool:
    """A client of Cognito with the people of one pool: a password and a status each."""

    class exceptions:  # noqa: N801 - as on a client
        """The client's own errors."""

        ClientError = ClientError
        UserNotFoundException = UserNotFoundException
        NotAuthorizedException = NotAuthorizedException

    def __init__(self, refusal: str = "", **people: tuple[str, str]) -> None:
        self.people = {f"{name}@example.org": person for name, person in people.items()}
        self.refusal = refusal
        self.groups: list[tuple[str, str]] = []

    def admin_get_user(self, UserPoolId: str, Username: str) -> dict[str, Any]:
        if Username not in self.people:
            raise UserNotFoundException({}, "AdminGetUser")
        return {"UserStatus": self.people[Username][1]}

    def sign_up(self, ClientId: str, Username: str, Password: str) -> None:
        if self.refusal:
            raise ClientError({"Error": {"Message": self.refusal}}, "SignUp")
        self.people[Username] = (Password, "UNCONFIRMED")

    def admin_confirm_sign_up(self, UserPoolId: str, Username: str) -> None:
        password, status = self.people[Username]
        assert status == "UNCONFIRMED"
        self.people[Username] = (password, "CONFIRMED")

    def admin_add_user_to_group(self, UserPoolId: str, Username: str, GroupName: str) -> None:
        assert UserPoolId == "pool"
        if GroupName != "reviewers":
            raise ClientError({"Error": {"Message": "Group not found."}}, "AdminAddUserToGroup")
        self.groups.append((Username, GroupName))

    def initiate_auth(self, ClientId: str, AuthFlow: str, AuthParameters: dict[str, str]) -> dict[str, Any]:
        assert (ClientId, AuthFlow) == ("client", "USER_PASSWORD_AUTH")
        password, status = self.people[AuthParameters["USERNAME"]]
        if AuthParameters["PASSWORD"] != password:
            raise NotAuthorizedException(
                {"Error": {"Message": "Incorrect username or password."}}, "InitiateAuth"
            )
        if status == "FORCE_CHANGE_PASSWORD":
            return {"ChallengeName": "NEW_PASSWORD_REQUIRED", "ChallengeParameters": {}}
        return {"AuthenticationResult": {"IdToken": "an id", "AccessToken": "an access", "RefreshToken": "r"}}


@pytest.fixture(autouse=True)
def _no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PASSWORD", raising=False)


def issue(pool: FakePool, kind: str = "id") -> str:
    return sign_in.issue(pool, OUTPUTS, ANN, kind)


def test_a_stranger_is_signed_up_once(capsys: pytest.CaptureFixture[str]) -> None:
    pool = FakePool()
    assert issue(pool) == "an id"
    assert capsys.readouterr() == ("", f"{ANN} was unknown and is signed up now\n")
    assert pool.people == {ANN: (sign_in.PASSWORD, "CONFIRMED")}
    assert issue(pool, "access") == "an access"
    assert capsys.readouterr() == ("", "")


def test_who_has_signed_up_is_confirmed(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = FakePool(ann=("Of-her-own-42", "UNCONFIRMED"))
    monkeypatch.setenv("PASSWORD", "Of-her-own-42")
    issue(pool)
    assert pool.people[ANN][1] == "CONFIRMED"


def test_who_is_to_review_is_put_into_the_group_before(capsys: pytest.CaptureFixture[str]) -> None:
    pool = FakePool()
    assert sign_in.issue(pool, OUTPUTS, ANN, "access", "reviewers") == "an access"
    assert pool.groups == [(ANN, "reviewers")]
    with pytest.raises(StepError, match=r"^Group not found\.$"):
        sign_in.issue(pool, OUTPUTS, ANN, "access", "knights")


@pytest.mark.parametrize(
    ("pool", "told"),
    [
        (
            FakePool(ann=("Of-her-own-42", "CONFIRMED")),
            f"Incorrect username or password. If {ANN} has a password of their own, add PASSWORD=...",
        ),
        (
            FakePool(ann=(sign_in.PASSWORD, "FORCE_CHANGE_PASSWORD")),
            f"{ANN} has to sign in by the browser first: NEW_PASSWORD_REQUIRED",
        ),
        (FakePool("PreSignUp failed with error no."), "PreSignUp failed with error no."),
    ],
)
def test_a_refusal_takes_one_line_and_tells_no_password(pool: FakePool, told: str) -> None:
    with pytest.raises(StepError) as caught:
        issue(pool)
    assert str(caught.value) == told


def test_the_password_meets_the_pools_policy() -> None:
    password = sign_in.PASSWORD
    assert len(password) >= 12
    for kind in (str.isupper, str.islower, str.isdigit, lambda c: not c.isalnum()):
        assert any(map(kind, password))
