"""Locks out whoever guesses: after five failures for a second, then twice as long with each.

Sources: https://docs.aws.amazon.com/cognito/latest/developerguide/authentication.html#authentication-flow-lockout-behavior
and .../user-pool-settings-mfa.html (codes likewise)
"""

import threading
import time
from collections.abc import Callable

from localcloud_plugin.cognito_idp.errors import not_authorized

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
            self._forget(now)
            failures, until, _ = self._failed.pop(who, (0, 0.0, 0.0))
            if now < until:
                self._failed[who] = (failures, until, now)
                raise not_authorized("Password attempts exceeded")
            if not right:
                exponent = min(failures + 1 - FREE_FAILURES, 10)
                lasts = min(2**exponent, LONGEST_SECONDS) if exponent >= 0 else 0
                self._failed[who] = (failures + 1, now + lasts, now)

    def _forget(self, now: float) -> None:
        """Drop from the front: the latest attempt is the last."""
        while self._failed:
            who, (_, _, tried) = next(iter(self._failed.items()))
            if now < tried + LONGEST_SECONDS:
                return
            del self._failed[who]


LOCKOUTS = Lockouts()
"""The local cloud's."""
