"""The token bucket: how API Gateway throttles.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
"""

import threading
import time
from collections.abc import Callable, Hashable
from typing import NamedTuple


class Limit(NamedTuple):
    """How much is let through.

    Attributes:
        rate: Tokens that come back a second.
        burst: How many tokens a bucket holds.
    """

    rate: float
    burst: int


class TokenBuckets:
    """Buckets by key, full at first; safe between threads.

    A limit is given at each use: a change of it is in force at once, with a full bucket.

    Args:
        clock: Seconds, never going back.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: dict[Hashable, tuple[Limit, float, float]] = {}

    def take(self, key: Hashable, limit: Limit) -> bool:
        """Take one token; False if there is none."""
        with self._lock:
            now = self._clock()
            filled, tokens, since = self._buckets.get(key, (None, 0.0, now))
            if filled == limit:
                tokens = min(float(limit.burst), tokens + (now - since) * limit.rate)
            else:
                tokens = float(limit.burst)
            enough = tokens >= 1
            self._buckets[key] = (limit, tokens - 1 if enough else tokens, now)
            return enough
