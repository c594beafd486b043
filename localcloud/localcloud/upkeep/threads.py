"""Threads that have done their work are given back.

LocalStack keeps each thread that it started for its shutdown (which shutdown.py stands in for), and Twisted's
pools keep every worker that a burst needed.
"""

from collections.abc import Callable
from threading import Thread
from typing import Any

from localstack.utils.threads import TMP_THREADS
from twisted.python.threadpool import ThreadPool


def forget_ended() -> None:
    """Drop the threads that have ended; what is added meanwhile may be dropped with them."""
    TMP_THREADS[:] = [each for each in TMP_THREADS if not isinstance(each, Thread) or each.is_alive()]


def shrink(pool: ThreadPool) -> Callable[[], None]:
    """Make the task that ends a tenth of a pool's idle workers."""

    def end_some() -> None:
        team: Any = pool._team  # the pool's own methods do not tell idle workers from busy ones
        for _ in range(team.statistics().idleWorkerCount // 10):
            pool.stopAWorker()

    return end_some
