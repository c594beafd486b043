"""What to make of the sizes: a table of them, and the memory and the timeout that they suggest."""

import math
from collections.abc import Iterator, Sequence

from tasks.tuning import prices
from tasks.tuning.runs import Size

DEARER = 1.1
"""How many times the cheapest a size may cost, to be suggested for its speed."""
SLOWER = 3
"""How many times the slowest run a timeout lasts."""

_ROW = "{:>10}  {:>9}  {:>9}  {:>9}  {:>8}  {:>13}"


def table(sizes: Sequence[Size]) -> Iterator[str]:
    """Lines of a table; starts do not count among the percentiles and the cost."""
    yield _ROW.format("memory MB", "p50 ms", "p99 ms", "start ms", "used MB", "USD a million")
    for size in sizes:
        if size.failure:
            yield f"{size.memory_mb:>10}  {size.failure}"
            continue
        start = "" if size.start_ms is None else f"{size.start_ms:.0f}"
        yield _ROW.format(
            size.memory_mb,
            f"{size.percentile(50):.1f}",
            f"{size.percentile(99):.1f}",
            start,
            f"{size.used_mb:.0f}",
            f"{cost(size):.2f}",
        )


def cost(size: Size) -> float:
    """USD for a million invocations, their requests included."""
    return size.million_usd + prices.REQUESTS


def suggested(sizes: Sequence[Size]) -> Size | None:
    """The fastest of those that cost little more than the cheapest; none if none works."""
    working = [size for size in sizes if size.works]
    if not working:
        return None
    cheap = DEARER * min(map(cost, working))
    return min((size for size in working if cost(size) <= cheap), key=lambda size: size.percentile(99))


def timeout_seconds(size: Size) -> int:
    """Whole seconds, by the slowest run with its start."""
    return max(1, math.ceil(SLOWER * max(run.whole_ms for run in size.runs) / 1000))


def told(sizes: Sequence[Size], now_mb: int, now_seconds: int) -> Iterator[str]:
    """Lines that suggest memory and timeout, each with its reason, beside what they are now."""
    best = suggested(sizes)
    if best is None:
        yield "suggested: larger sizes; at none of these a tenth of the memory was left"
        return
    cheapest = min((size for size in sizes if size.works), key=cost)
    if best == cheapest:
        why = "the cheapest; those that cost at most a tenth more are no faster"
    else:
        why = (
            f"the fastest of those that cost at most a tenth more than the cheapest, {cheapest.memory_mb} MB"
        )
    yield f"suggested: memory_mb = {best.memory_mb} (now {now_mb}): {why}"
    slowest = max(run.whole_ms for run in best.runs)
    yield (
        f"suggested: timeout_seconds = {timeout_seconds(best)} (now {now_seconds}): {SLOWER} times its "
        f"slowest run, {slowest:.0f} ms with its start; what it calls may need more"
    )
