"""Values that are kept for a while under random keys: codes, challenges, the sessions of browsers."""

import secrets
import threading
import time
from collections.abc import Callable


class Expiring[Value]:
    """Values under keys that nobody guesses, all for the same time. Safe between threads.

    Args:
        seconds: For how long a value is kept.
        clock: The time, in seconds.
    """

    def __init__(self, seconds: float, clock: Callable[[], float] = time.time) -> None:
        self._seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[Value, float]] = {}

    def keep(self, value: Value) -> str:
        """Keep a value, and give it a key."""
        key = secrets.token_urlsafe(32)
        with self._lock:
            self._forget_expired()
            self._kept[key] = (value, self._clock() + self._seconds)
        return key

    def find(self, key: str) -> Value | None:
        """The value of a key; none if it is unknown, taken or expired."""
        with self._lock:
            return self._good(self._kept.get(key))

    def take(self, key: str) -> Value | None:
        """The value of a key, which is then used up: of many who ask at once, one gets it."""
        with self._lock:
            return self._good(self._kept.pop(key, None))

    def _good(self, kept: tuple[Value, float] | None) -> Value | None:
        return kept[0] if kept and kept[1] > self._clock() else None

    def _forget_expired(self) -> None:
        """Drop from the front: what was kept first expires first."""
        while self._kept:
            oldest = next(iter(self._kept))
            if self._good(self._kept[oldest]) is not None:
                return
            del self._kept[oldest]
