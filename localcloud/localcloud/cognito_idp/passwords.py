"""Passwords: the pool's policy, sign-in with one, and lockouts after wrong guesses.

After five failures a lockout takes a second, then twice as long with each; codes likewise.

Sources: https://docs.aws.amazon.com/cognito/latest/developerguide/managing-users-passwords.html,
https://docs.aws.amazon.com/cognito/latest/developerguide/authentication.html#authentication-flow-lockout-behavior
and .../user-pool-settings-mfa.html
"""

import hmac
import re
import threading
import time
from collections.abc import Callable, Iterator

from moto.cognitoidp.models import CognitoIdpUser, CognitoIdpUserPool, CognitoIdpUserPoolClient, UserStatus

from localcloud.cognito_idp.errors import CognitoError, no_such_user, not_authorized
from localcloud.cognito_idp.users import find_user

FREE_FAILURES = 5
LONGEST_SECONDS = 15 * 60
"""Of a lockout; and how long nothing must have been tried for the failures to be forgotten."""
MAX_LENGTH = 256
_CLASSES = {
    "RequireUppercase": (r"[A-Z]", "uppercase characters"),
    "RequireLowercase": (r"[a-z]", "lowercase characters"),
    "RequireNumbers": (r"[0-9]", "numeric characters"),
    "RequireSymbols": (r"[\^$*.\[\]{}()?\"!@#%&/\\,><':;|_~`=+\- ]", "symbol characters"),
}
_DEFAULT_POLICY: dict[str, object] = {"MinimumLength": 8, **dict.fromkeys(_CLASSES, True)}


class Lockouts:
    """Who has failed how often. Safe between threads."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failed: dict[str, tuple[int, float, float]] = {}  # how often, locked until, last tried

    def count(self, who: str, *, right: bool) -> None:
        """Count an attempt; a right one forgets those before.

        Raises:
            CognitoError: NotAuthorizedException, during a lockout, whether the attempt was right or not.
        """
        with self._lock:
            now = self._clock()
            failures, until, tried = self._failed.pop(who, (0, 0.0, now))
            if now < until:
                self._failed[who] = (failures, until, now)
                raise not_authorized("Password attempts exceeded")
            if not right:
                failures = 1 if now >= tried + LONGEST_SECONDS else failures + 1
                doubled = 2 ** max(failures - FREE_FAILURES, 0)
                lasts = min(doubled, LONGEST_SECONDS) if failures >= FREE_FAILURES else 0
                self._failed[who] = (failures, now + lasts, now)


LOCKOUTS = Lockouts()
"""The local cloud's."""


def check_policy(pool: CognitoIdpUserPool, password: str) -> None:
    """Refuse a password that the pool's policy does not take.

    Raises:
        CognitoError: InvalidPasswordException, with the first thing that it lacks.
    """
    for lack in _lacks(_policy(pool), password):
        raise CognitoError("InvalidPasswordException", f"Password did not conform with policy: {lack}")


def requirements(pool: CognitoIdpUserPool) -> tuple[str, ...]:
    """What the pool's policy wants of a password, to be told before somebody chooses one."""
    policy = _policy(pool)
    _, *classes = _lacks(policy, "")
    return f"Password must have at least {policy.get('MinimumLength', 8)} characters", *classes


def find_known(
    pool: CognitoIdpUserPool, client: CognitoIdpUserPoolClient, username: str
) -> CognitoIdpUser | None:
    """The user of any of their names; none, or UserNotFoundException for a client that may learn it."""
    user = find_user(pool, username)
    if user is None and client.extended_config.get("PreventUserExistenceErrors") != "ENABLED":
        raise no_such_user()
    return user


def is_password(user: CognitoIdpUser | None, password: str) -> bool:
    """Users of another identity provider have no password, and none is theirs."""
    known = user.password if user else None
    return known is not None and hmac.compare_digest(known.encode(), password.encode())


def admit(
    pool: CognitoIdpUserPool, username: str, user: CognitoIdpUser | None, *, proved: bool
) -> CognitoIdpUser:
    """Let a user in who has `proved` the password, and count the attempt.

    Raises:
        CognitoError: NotAuthorizedException, UserNotConfirmedException or PasswordResetRequiredException.
    """
    LOCKOUTS.count(f"{pool.id}/{user.id if user else username.casefold()}", right=proved)
    if user is None or not proved:
        raise not_authorized()
    if not user.enabled:
        raise not_authorized("User is disabled.")
    if user.status == UserStatus.UNCONFIRMED:
        raise CognitoError("UserNotConfirmedException", "User is not confirmed.")
    if user.status == UserStatus.RESET_REQUIRED:
        raise CognitoError("PasswordResetRequiredException", "Password reset required for the user")
    return user


def _policy(pool: CognitoIdpUserPool) -> dict[str, object]:
    return (pool.extended_config.get("Policies") or {}).get("PasswordPolicy") or _DEFAULT_POLICY


def _lacks(policy: dict[str, object], password: str) -> Iterator[str]:
    if len(password) < int(str(policy.get("MinimumLength", 8))):
        yield "Password not long enough"
    if len(password) > MAX_LENGTH:
        yield "Password too long"
    for setting, (pattern, words) in _CLASSES.items():
        if policy.get(setting) and not re.search(pattern, password):
            yield f"Password must have {words}"
