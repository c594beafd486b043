"""How users prove who they are, through the API or the hosted UI: a password, and a new one for the first.

Sources: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-authentication.html,
.../user-pool-lambda-post-authentication.html and
https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RespondToAuthChallenge.html
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from moto.cognitoidp.models import CognitoIdpUser, CognitoIdpUserPool, CognitoIdpUserPoolClient, UserStatus

from localcloud_plugin.cognito_idp import triggers
from localcloud_plugin.cognito_idp.errors import not_authorized
from localcloud_plugin.cognito_idp.expiring import Expiring
from localcloud_plugin.cognito_idp.passwords import authenticate, check_policy
from localcloud_plugin.cognito_idp.users import attributes_of, find_user

CHALLENGE_SECONDS = 180


@dataclass(frozen=True)
class App:
    """Which app asks for a sign-in, and what it passes on to triggers."""

    pool: CognitoIdpUserPool
    client: CognitoIdpUserPoolClient
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Challenge:
    """Who has to choose a new password, and in which app."""

    client_id: str
    user_id: str


_challenges: Expiring[_Challenge] = Expiring(CHALLENGE_SECONDS)


def check_password(app: App, username: str, password: str) -> CognitoIdpUser:
    """Let a user in, if the pre authentication trigger does.

    Returns:
        The user, who is not signed in before `run_post_authentication`, and who may have to choose a new
        password first (FORCE_CHANGE_PASSWORD).

    Raises:
        CognitoError: The trigger refuses, or the password is wrong; see `passwords.authenticate`.
    """
    if user := find_user(app.pool, username):
        run_pre_authentication(app, user)
    return authenticate(app.pool, app.client, username, password)


def ask_for_new_password(app: App, user: CognitoIdpUser) -> str:
    """Ask a user for a new password; the session that comes back names the question."""
    return _challenges.keep(_Challenge(app.client.id, user.id))


def choose_password(app: App, session: str, password: str) -> CognitoIdpUser:
    """Take the new password of a user who was asked for one; a session is good once.

    Raises:
        CognitoError: NotAuthorizedException for the session, InvalidPasswordException for the password,
            which may then be another one.
    """
    challenge = _challenges.find(session)
    if challenge is None:
        raise not_authorized("Invalid session for the user, session is expired.")
    user = find_user(app.pool, challenge.user_id)
    if user is None or not user.enabled or challenge.client_id != app.client.id:
        raise not_authorized("Invalid session for the user.")
    check_policy(app.pool, password)
    if _challenges.take(session) is None:
        raise not_authorized("Invalid session for the user, session is expired.")
    user.password = password
    user.status = UserStatus.CONFIRMED
    return user


def run_pre_authentication(app: App, user: CognitoIdpUser) -> None:
    """Ask the trigger before a sign-in; it refuses by failing.

    Raises:
        CognitoError: It does.
    """
    _run(app, user, "PreAuthentication", {"validationData": dict(app.metadata), "userNotFound": False})


def run_post_authentication(app: App, user: CognitoIdpUser) -> None:
    """Tell the trigger of a sign-in; it still refuses by failing.

    Raises:
        CognitoError: It does.
    """
    _run(app, user, "PostAuthentication", {"newDeviceUsed": False, "clientMetadata": dict(app.metadata)})


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
