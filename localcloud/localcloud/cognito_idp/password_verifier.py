"""Sign-in by SRP, which most clients do unless told otherwise: the challenge PASSWORD_VERIFIER.

Sources: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RespondToAuthChallenge.html
and https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-managing-errors.html (unknown
users have the same salt and id each time). Moto keeps passwords, and no verifiers. Left out: devices.
"""

import base64
import hmac
import secrets
import uuid
from collections.abc import Mapping

from moto.cognitoidp.models import CognitoIdpUser

from localcloud.cognito_idp.authentication import CHALLENGE_SECONDS, App, run_pre_authentication
from localcloud.cognito_idp.errors import invalid_parameter, not_authorized
from localcloud.cognito_idp.expiring import Expiring
from localcloud.cognito_idp.passwords import admit, find_known
from localcloud.cognito_idp.srp import Exchange
from localcloud.cognito_idp.users import find_user

NAME = "PASSWORD_VERIFIER"
_SALTS = secrets.token_bytes(32)
_waiting: Expiring[tuple[str, str, Exchange]] = Expiring(CHALLENGE_SECONDS)  # the client, the username


def ask(app: App, username: str, srp_a: str) -> dict[str, str]:
    """The `ChallengeParameters` that ask for a proof of the password; nobody can prove an unknown user's.

    Raises:
        CognitoError: InvalidParameterException, UserNotFoundException, or the trigger refuses.
    """
    user = find_known(app.pool, app.client, username)
    if user:
        run_pre_authentication(app, user)
    who = f"{app.pool.id}/{user.id if user else username.casefold()}"
    drawn = hmac.digest(_SALTS, who.encode(), "sha256")
    by_address = app.pool.extended_config.get("UsernameAttributes")
    unknown = str(uuid.UUID(bytes=drawn[16:], version=4)) if by_address else username
    name = user.username if user else unknown
    try:
        identity = app.pool.id.partition("_")[2] + name
        exchange = Exchange(identity, int.from_bytes(drawn[:16]), int(srp_a, 16))
    except ValueError:
        raise invalid_parameter("SRP_A is not valid") from None
    block = _waiting.keep((app.client.id, username, exchange)).encode()
    return {
        "SALT": f"{exchange.salt:x}",
        "SECRET_BLOCK": base64.b64encode(block).decode(),
        "SRP_B": f"{exchange.server_public(_password(user)):x}",
        "USERNAME": name,
        "USER_ID_FOR_SRP": name,
    }


def check(app: App, answers: Mapping[str, str]) -> CognitoIdpUser:
    """Let a user in who has proved the password; a challenge is good once.

    Raises:
        CognitoError: InvalidParameterException; see `passwords.admit`.
    """
    try:
        block = base64.b64decode(answers["PASSWORD_CLAIM_SECRET_BLOCK"], validate=True)
        signature = base64.b64decode(answers["PASSWORD_CLAIM_SIGNATURE"], validate=True)
        timestamp = answers["TIMESTAMP"]
    except (KeyError, ValueError):
        raise invalid_parameter(f"An answer to {NAME} is missing or malformed") from None
    client_id, username, exchange = _waiting.take(block.decode("latin-1")) or ("", "", None)
    if exchange is None or client_id != app.client.id:
        raise not_authorized()
    user = find_user(app.pool, username)
    expected = exchange.signature(_password(user), block, timestamp)
    return admit(app.pool, username, user, proved=hmac.compare_digest(expected, signature))


def _password(user: CognitoIdpUser | None) -> str:
    return user.password if user and user.password is not None else secrets.token_urlsafe()
