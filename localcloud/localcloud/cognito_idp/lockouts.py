"""Locks out whoever guesses: after five failures for a second, then twice as long with each.

Sources: https://docs.aws.amazon.com/cognito/latest/developerguide/authentication.html#authentication-flow-lockout-behavior
and .../user-pool-settings-mfa.html (codes likewise)
"""

import threading
import time
from collections.abc import Callable

from localcloud.cognito_idp.errors import not_authorized

FREE_FAILURES = 5
LONGEST_SECONDS = 15 * 60
"""Of a lockout; and how long nothing must have been tried for the failures to be forgotten."""


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
