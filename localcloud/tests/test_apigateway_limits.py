"""Token buckets, quotas and which of a stage's settings is a method's limit."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localcloud.apigateway.throttling import Quotas, period_of, stage_limit
from localcloud.gateway.token_bucket import Limit, TokenBuckets

rates = st.integers(min_value=0, max_value=400).map(lambda quarters: quarters / 4)
bursts = st.integers(min_value=0, max_value=20)
# Sixteenths of a second are exact in binary, so that the bound holds to the token.
waits = st.lists(st.integers(min_value=0, max_value=48).map(lambda parts: parts / 16), max_size=80)


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@given(rates, bursts, waits)
def test_no_span_of_time_lets_through_more_than_burst_and_rate(
    rate: float, burst: int, gaps: list[float]
) -> None:
    clock = Clock()
    buckets, passed = TokenBuckets(clock), []
    for gap in gaps:
        clock.now += gap
        if buckets.take("a", Limit(rate, burst)):
            passed.append(clock.now)

    for first, since in enumerate(passed):
        for last in range(first, len(passed)):
            assert last - first + 1 <= burst + rate * (passed[last] - since)


@given(rates, st.integers(min_value=1, max_value=20))
def test_a_bucket_holds_its_burst_and_fills_at_its_rate(rate: float, burst: int) -> None:
    clock = Clock()
    buckets, limit = TokenBuckets(clock), Limit(rate, burst)
    assert [buckets.take("a", limit) for _ in range(burst + 1)] == [True] * burst + [False]

    clock.now += 2.0
    back = min(burst, int(rate * 2))
    assert [buckets.take("a", limit) for _ in range(back + 1)] == [True] * back + [False]
    assert buckets.take("another", limit)


def test_a_limit_that_changes_is_in_force_at_once() -> None:
    buckets = TokenBuckets(Clock())

    assert [buckets.take("a", Limit(1, 2)) for _ in range(3)] == [True, True, False]
    assert [buckets.take("a", Limit(0, 3)) for _ in range(4)] == [True, True, True, False]


def test_threads_share_a_bucket() -> None:
    buckets = TokenBuckets(Clock())
    with ThreadPoolExecutor(8) as threads:
        taken = list(threads.map(lambda _: buckets.take("a", Limit(0, 50)), range(200)))

    assert sum(taken) == 50


def settings(rate: float, burst: int) -> dict[str, Any]:
    return {"throttlingRateLimit": rate, "throttlingBurstLimit": burst}


SETTINGS = {
    "*/*": settings(100.0, 200),
    "~1animals/POST": settings(1.5, 2),
    "/~1animals~1reports~1{reportId}/GET": settings(3, 4),
    "~1status/*": settings(5, 6),
    "~1free/GET": settings(-1, -1),
    "~1/GET": settings(7, 8),
}


@pytest.mark.parametrize(
    ("path", "verb", "limit"),
    [
        ("/animals", "POST", Limit(1.5, 2)),
        ("/animals", "GET", Limit(100, 200)),
        ("/animals/reports/{reportId}", "GET", Limit(3, 4)),
        ("/status", "OPTIONS", Limit(5, 6)),
        ("/free", "GET", None),
        ("/", "GET", Limit(7, 8)),
    ],
)
def test_the_closest_setting_is_the_methods_limit(path: str, verb: str, limit: Limit | None) -> None:
    assert stage_limit(SETTINGS, path, verb) == limit
    assert stage_limit({}, path, verb) is None


def test_a_quota_counts_within_its_period() -> None:
    now = [datetime(2026, 1, 31, 23, tzinfo=UTC)]
    quotas, quota = Quotas(lambda: now[0]), {"limit": "3", "period": "MONTH", "offset": 1}

    assert [quotas.take("key", quota) for _ in range(3)] == [True, True, False]
    assert quotas.take("other", quota)
    now[0] += timedelta(hours=1)
    assert [quotas.take("key", quota) for _ in range(4)] == [True, True, True, False]


def test_without_a_quota_nothing_is_counted() -> None:
    assert all(Quotas().take("key", quota) for quota in (None, {}, {"period": "DAY"}))


@given(st.dates(max_value=date(9999, 12, 1)), st.integers(min_value=0, max_value=6))
def test_periods_follow_the_calendar(day: date, ahead: int) -> None:
    other = day + timedelta(days=ahead)

    assert (period_of("DAY", day) == period_of("DAY", other)) == (ahead == 0)
    assert (period_of("WEEK", day) == period_of("WEEK", other)) == (day.weekday() + ahead < 7)
    assert (period_of("MONTH", day) == period_of("MONTH", other)) == (day.month == other.month)
