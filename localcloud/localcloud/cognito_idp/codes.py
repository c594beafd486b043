"""The codes that Cognito sends to confirm an address or to reset a password.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/limits.html (how long they are good for)
"""

import hmac
import secrets
import threading
import time
from collections.abc import Callable
from enum import Enum

from moto.cognitoidp.models import CognitoIdpUser

from localcloud.cognito_idp.errors import CognitoError

MAX_ATTEMPTS = 10


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
