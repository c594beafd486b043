"""Sign-in by SRP, which most clients do unless told otherwise: the challenge PASSWORD_VERIFIER.

Sources: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RespondToAuthChallenge.html
and https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-managing-errors.html (unknown
users have the same salt and id each time)

Moto keeps passwords as they are, so the verifier is made anew for each sign-in. Left out: devices.
"""

import base64
import hmac
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from moto.cognitoidp.models import CognitoIdpUser

from localcloud_plugin.cognito_idp import srp
from localcloud_plugin.cognito_idp.authentication import CHALLENGE_SECONDS, App, run_pre_authentication
from localcloud_plugin.cognito_idp.errors import invalid_parameter, not_authorized
from localcloud_plugin.cognito_idp.expiring import Expiring
from localcloud_plugin.cognito_idp.passwords import admit, find_known
from localcloud_plugin.cognito_idp.users import find_user

NAME = "PASSWORD_VERIFIER"
_SALTS = secrets.token_bytes(32)


@dataclass(frozen=True)
class _Waiting:
    """Who has to prove a password, and in which app."""

    client_id: str
    username: str
    exchange: srp.Exchange


_waiting: Expiring[_Waiting] = Expiring(CHALLENGE_SECONDS)


def ask(app: App, username: str, srp_a: str) -> dict[str, str]:
    """Ask for the proof of a password; nobody can prove an unknown user's.

    Returns:
        The `ChallengeParameters`.

    Raises:
        CognitoError: The pre authentication trigger refuses; UserNotFoundException where the client may learn
            it; InvalidParameterException.
    """
    user = find_known(app.pool, app.client, username)
    if user:
        run_pre_authentication(app, user)
    who = f"{app.pool.id}/{user.id if user else username.casefold()}"
    drawn = hmac.digest(_SALTS, who.encode(), "sha256")
    by_address = app.pool.extended_config.get("UsernameAttributes")
    unknown = str(uuid.UUID(bytes=drawn[16:], version=4)) if by_address else username
    name = user.username if user else unknown
    identity = app.pool.id.partition("_")[2] + name
    try:
        exchange = srp.begin(identity, int.from_bytes(drawn[:16]), srp_a, _password(user))
    except ValueError:
        raise invalid_parameter("SRP_A is not valid") from None
    block = _waiting.keep(_Waiting(app.client.id, username, exchange))
    return {
        "SALT": f"{exchange.salt:x}",
        "SECRET_BLOCK": base64.b64encode(block.encode()).decode(),
        "SRP_B": f"{exchange.server_public:x}",
        "USERNAME": name,
        "USER_ID_FOR_SRP": name,
    }


def check(app: App, answers: Mapping[str, str]) -> CognitoIdpUser:
    """Let a user in who has proved the password; a challenge is good once, and the password the one of now.

    Raises:
        CognitoError: InvalidParameterException; see `passwords.admit`.
    """
    try:
        block, signature = (
            base64.b64decode(answers[f"PASSWORD_CLAIM_{name}"], validate=True)
            for name in ("SECRET_BLOCK", "SIGNATURE")
        )
        timestamp = answers["TIMESTAMP"]
    except (KeyError, ValueError):
        raise invalid_parameter(f"An answer to {NAME} is missing or malformed") from None
    waiting = _waiting.take(block.decode("latin-1"))
    if waiting is None or waiting.client_id != app.client.id:
        raise not_authorized()
    user = find_user(app.pool, waiting.username)
    expected = waiting.exchange.signature(_password(user), block, timestamp)
    return admit(app.pool, waiting.username, user, proved=hmac.compare_digest(expected, signature))


def _password(user: CognitoIdpUser | None) -> str:
    return user.password if user and user.password is not None else secrets.token_urlsafe()
