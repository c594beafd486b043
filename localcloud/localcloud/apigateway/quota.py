"""Counts the requests of an API key within its usage plan's period.

Source: https://docs.aws.amazon.com/apigateway/latest/api/API_QuotaSettings.html

Left out: the usage operations (GetUsage, UpdateUsage) neither show nor change these counts.
"""

import threading
from collections.abc import Callable, Hashable, Mapping
from datetime import UTC, date, datetime
from typing import Any


def period_of(period: str, day: date) -> str:
    """Name the DAY, WEEK or MONTH that a day (UTC) lies in."""
    year, week, _ = day.isocalendar()
    return {"DAY": day.isoformat(), "WEEK": f"{year}-W{week}", "MONTH": f"{day:%Y-%m}"}[period]


class Quotas:
    """Counters by key; safe between threads.

    Args:
        clock: the time now.
    """

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._used: dict[Hashable, tuple[str, int]] = {}

    def take(self, key: Hashable, quota: Mapping[str, Any] | None) -> bool:
        """Count one request.

        Args:
            key: whose it is.
            quota: `limit`, `period` and `offset` (what the first period has less); none: no quota.

        Returns:
            bool: whether it is within the quota; if not, it is not counted.
        """
        if not quota or "limit" not in quota:
            return True
        with self._lock:
            period = period_of(quota.get("period", "DAY"), self._clock().date())
            counted, used = self._used.get(key, (period, int(quota.get("offset") or 0)))
            used = used if counted == period else 0
            enough = used < int(quota["limit"])
            self._used[key] = (period, used + enough)
            return enough
