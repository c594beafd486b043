"""A bounded cache whose entries each have their own time to live; safe between threads."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable


class ResultCache[Value]:
    """Keeps results for as long as each was said to be good.

    Args:
        size: How many it keeps; the oldest goes first.
        clock: Seconds, never going back.
    """

    def __init__(self, size: int = 1024, clock: Callable[[], float] = time.monotonic) -> None:
        self._size = size
        self._clock = clock
        self._lock = threading.Lock()
        self._entries: OrderedDict[Hashable, tuple[float, Value]] = OrderedDict()

    def find_or_make(self, key: Hashable, seconds: float, make: Callable[[], Value]) -> tuple[Value, bool]:
        """The result, made and kept if there is none that is still good; and whether it was kept before."""
        if (kept := self.get(key)) is not None:
            return kept, True
        made = make()
        self.put(key, made, seconds)
        return made, False

    def get(self, key: Hashable) -> Value | None:
        """The result; None if there is none that is still good."""
        with self._lock:
            expiry, value = self._entries.get(key, (0.0, None))
            return value if self._clock() < expiry else None

    def discard(self, beginning: tuple[Hashable, ...]) -> None:
        """Forget the results whose keys are tuples that begin so."""
        with self._lock:
            for key in [key for key in self._entries if _begins(key, beginning)]:
                del self._entries[key]

    def put(self, key: Hashable, value: Value, seconds: float) -> None:
        """Keep a result; for no time at all, keep nothing."""
        if seconds <= 0:
            return
        with self._lock:
            self._entries.pop(key, None)
            self._entries[key] = (self._clock() + seconds, value)
            while len(self._entries) > self._size:
                self._entries.popitem(last=False)


def _begins(key: Hashable, beginning: tuple[Hashable, ...]) -> bool:
    return isinstance(key, tuple) and key[: len(beginning)] == beginning
