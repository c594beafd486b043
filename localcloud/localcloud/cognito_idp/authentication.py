"""How users prove who they are, through the API or the hosted UI: a password, and what is asked for after it.

Sources: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-authentication.html,
.../user-pool-lambda-post-authentication.html and
https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RespondToAuthChallenge.html
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from moto.cognitoidp.models import CognitoIdpUser, CognitoIdpUserPool, CognitoIdpUserPoolClient, UserStatus

from localcloud.cognito_idp import triggers
from localcloud.cognito_idp.errors import CognitoError, not_authorized
from localcloud.cognito_idp.expiring import Expiring
from localcloud.cognito_idp.passwords import admit, check_policy, find_known, is_password
from localcloud.cognito_idp.software_token import NAME as SOFTWARE_TOKEN
from localcloud.cognito_idp.software_token import check_code, is_due
from localcloud.cognito_idp.users import attributes_of, find_user

CHALLENGE_SECONDS = 180
NEW_PASSWORD = "NEW_PASSWORD_REQUIRED"  # noqa: S105 - a challenge's name
_challenges: Expiring[tuple[str, str, str]] = Expiring(CHALLENGE_SECONDS)  # its name, the client, the user


@dataclass(frozen=True)
class App:
    """Which app asks for a sign-in, and what it passes on to triggers."""

    pool: CognitoIdpUserPool
    client: CognitoIdpUserPoolClient
    metadata: Mapping[str, str] = field(default_factory=dict)


def check_password(app: App, username: str, password: str) -> CognitoIdpUser:
    """Let a user in, if the pre authentication trigger does; `challenge_after` says what is asked next.

    Raises:
        CognitoError: The trigger refuses, or the password is wrong; see `passwords.admit`.
    """
    user = find_known(app.pool, app.client, username)
    if user:
        run_pre_authentication(app, user)
    return admit(app.pool, username, user, proved=is_password(user, password))


def challenge_after(app: App, user: CognitoIdpUser) -> tuple[str, str] | None:
    """What a user who has proved the password is asked next: the challenge's name, and its session."""
    if user.status == UserStatus.FORCE_CHANGE_PASSWORD:
        name = NEW_PASSWORD
    elif is_due(app.pool, user):
        name = SOFTWARE_TOKEN
    else:
        return None
    return name, _challenges.keep((name, app.client.id, user.id))


def choose_password(app: App, session: str, password: str) -> CognitoIdpUser:
    """Take the new password of a user who was asked for one; a session is good once.

    Raises:
        CognitoError: NotAuthorizedException for the session, InvalidPasswordException for the password,
            which may then be another one.
    """
    user = _asked(app, NEW_PASSWORD, session)
    check_policy(app.pool, password)
    _end(session)
    user.password = password
    user.status = UserStatus.CONFIRMED
    return user


def give_code(app: App, session: str, code: str) -> CognitoIdpUser:
    """Take the code of a user who was asked for one; a session is good once.

    Raises:
        CognitoError: NotAuthorizedException for the session; see `software_token.check_code`.
    """
    user = _asked(app, SOFTWARE_TOKEN, session)
    check_code(user, code)
    _end(session)
    return user


def run_pre_authentication(app: App, user: CognitoIdpUser) -> None:
    """Ask the trigger before a sign-in; it refuses by failing: CognitoError."""
    _run(app, user, "PreAuthentication", {"validationData": dict(app.metadata), "userNotFound": False})


def run_post_authentication(app: App, user: CognitoIdpUser) -> None:
    """Tell the trigger of a sign-in; it still refuses by failing: CognitoError."""
    _run(app, user, "PostAuthentication", {"newDeviceUsed": False, "clientMetadata": dict(app.metadata)})


def _asked(app: App, name: str, session: str) -> CognitoIdpUser:
    *asked, user_id = _challenges.find(session) or ("", "", "")
    user = find_user(app.pool, user_id)
    if user is None or not user.enabled or asked != [name, app.client.id]:
        raise _expired()
    return user


def _end(session: str) -> None:
    if _challenges.take(session) is None:
        raise _expired()


def _expired() -> CognitoError:
    return not_authorized("Invalid session for the user, session is expired.")


def _run(app: App, user: CognitoIdpUser, trigger: str, told: Mapping[str, object]) -> None:
    triggers.run(
        app.pool,
        trigger,
        f"{trigger}_Authentication",
        username=user.username,
        client_id=app.client.id,
        request={"userAttributes": attributes_of(user), **told},
        response={},
    )
