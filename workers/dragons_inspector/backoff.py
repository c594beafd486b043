"""How long to wait before the next try."""

import random


class Backoff:
    """Longer and longer, and by chance, so that many workers do not come back at once.

    Source: https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/

    Args:
        first: The longest first wait, in seconds.
        longest: The longest wait of all, in seconds.
    """

    def __init__(self, first: float = 0.5, longest: float = 20.0) -> None:
        self._first = first
        self._longest = longest
        self._tries = 0

    def next(self) -> float:
        """Seconds to wait now; the next time, up to twice as long."""
        bound = min(self._longest, self._first * 2 ** min(self._tries, 30))
        self._tries += 1
        return random.uniform(0, bound)  # noqa: S311 - nothing secret

    def reset(self) -> None:
        """Begin anew: a try has succeeded."""
        self._tries = 0
