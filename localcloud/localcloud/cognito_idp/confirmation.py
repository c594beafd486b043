"""The codes that confirm an address or reset a password, and what changes for confirmed users.

Sources: https://docs.aws.amazon.com/cognito/latest/developerguide/signing-up-users-in-your-app.html and
https://docs.aws.amazon.com/cognito/latest/developerguide/limits.html (how long codes are good for)
"""

import hmac
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from enum import Enum

from moto.cognitoidp.models import CognitoIdpUser, CognitoIdpUserPool

from localcloud.cognito_idp import messages, triggers
from localcloud.cognito_idp.errors import CognitoError
from localcloud.cognito_idp.users import attributes_of, set_attributes, status_of

MAX_ATTEMPTS = 10
NO_CLIENT = "CLIENT_ID_NOT_APPLICABLE"
"""What triggers are told in place of a client where an administrator acts."""
SIGNED_UP = "PostConfirmation_ConfirmSignUp"
PASSWORD_RESET = "PostConfirmation_ConfirmForgotPassword"  # noqa: S105 - a trigger's source


class Purpose(Enum):
    """What a code is for, and for how many hours it is good."""

    SIGN_UP = ("sign-up", 24)
    RESET = ("reset", 1)
    EMAIL = ("email", 24)
    PHONE_NUMBER = ("phone_number", 24)


class Codes:
    """The codes that wait for their users; a newer one replaces the one before. Safe between threads."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._waiting: dict[tuple[str, str, Purpose], tuple[str, float, str]] = {}
        self._attempts: dict[tuple[str, str, Purpose], int] = {}

    def make(self, user: CognitoIdpUser, purpose: Purpose, about: str = "") -> str:
        """Make a code of six digits; `about` comes back with it."""
        code = f"{secrets.randbelow(1_000_000):06}"
        with self._lock:
            self._waiting[_key(user, purpose)] = (code, self._clock() + purpose.value[1] * 3600, about)
            self._attempts.pop(_key(user, purpose), None)
        return code

    def use(self, user: CognitoIdpUser, purpose: Purpose, code: str) -> str:
        """Take a code, which is then used up, and learn what it is about.

        Raises:
            CognitoError: CodeMismatchException; ExpiredCodeException, also if none was sent or it was used;
                LimitExceededException after too many wrong ones.
        """
        key = _key(user, purpose)
        with self._lock:
            expected, expires, about = self._waiting.get(key, ("", 0.0, ""))
            if expires <= self._clock():
                raise CognitoError(
                    "ExpiredCodeException", "Invalid code provided, please request a code again."
                )
            self._attempts[key] = self._attempts.get(key, 0) + 1
            if self._attempts[key] > MAX_ATTEMPTS:
                raise CognitoError(
                    "LimitExceededException", "Attempt limit exceeded, please try after some time."
                )
            if not hmac.compare_digest(expected.encode(), code.encode()):
                raise CognitoError(
                    "CodeMismatchException", "Invalid verification code provided, please try again."
                )
            del self._waiting[key]
            return about


CODES = Codes()
"""The local cloud's."""


def _key(user: CognitoIdpUser, purpose: Purpose) -> tuple[str, str, Purpose]:
    return user.user_pool_id, user.id, purpose


_TEXTS = {
    Purpose.SIGN_UP: ("CustomMessage_SignUp", "Your verification code", "Your confirmation code is {####}"),
    Purpose.RESET: ("CustomMessage_ForgotPassword", "Your password reset code", "Your code is {####}"),
    Purpose.EMAIL: ("CustomMessage_VerifyUserAttribute", "Your verification code", "Your code is {####}"),
    Purpose.PHONE_NUMBER: ("CustomMessage_VerifyUserAttribute", "", "Your code is {####}"),
}


def send_code(
    user: CognitoIdpUser, purpose: Purpose, source: str = "", to: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Send a user a new code, which replaces the one before.

    Args:
        user: Whom.
        purpose: What for.
        source: The `triggerSource`, if it is not the purpose's usual one.
        to: See `messages.send`; the address to verify comes back with the code.

    Returns:
        The `CodeDeliveryDetails`.
    """
    usual, subject, text = _TEXTS[purpose]
    code = CODES.make(user, purpose, (to or {}).get(purpose.name.lower(), ""))
    return messages.send(user, code, source or usual, subject, text, to)


def verify_address(pool: CognitoIdpUserPool, user: CognitoIdpUser) -> None:
    """Mark the address that a code reached as verified."""
    known = attributes_of(user)
    name = next((each for each in ("email", "phone_number") if each in known), None)
    if name in (pool.extended_config.get("AutoVerifiedAttributes") or ["email", "phone_number"]):
        set_attributes(user, {f"{name}_verified": "true"})


def announce(
    pool: CognitoIdpUserPool,
    user: CognitoIdpUser,
    source: str,
    client_id: str,
    client_metadata: Mapping[str, str] | None,
) -> None:
    """Run the post confirmation trigger; what it refuses stays confirmed.

    Raises:
        CognitoError: The trigger fails.
    """
    attributes = attributes_of(user) | {"cognito:user_status": status_of(user)}
    triggers.run(
        pool,
        "PostConfirmation",
        source,
        username=user.username,
        client_id=client_id,
        request={"userAttributes": attributes, "clientMetadata": dict(client_metadata or {})},
        response={},
    )
