"""Work that is done about once a second, in one thread; giving back threads is part of it.

LocalStack keeps each thread that it started for its shutdown (which shutdown.py stands in for), and Twisted's
pools keep every worker that a burst needed.
"""

import logging
import threading
import time
from collections.abc import Callable
from threading import Thread
from typing import Any

from localstack.utils.threads import TMP_THREADS
from twisted.python.threadpool import ThreadPool

LOG = logging.getLogger(__name__)
_SECONDS = 1.0
_TASKS: list[Callable[[], None]] = []


def every_second(*tasks: Callable[[], None]) -> None:
    """Have tasks done about once a second, from the start on; one that fails is logged, and done again."""
    _TASKS.extend(tasks)


def start() -> None:
    """Begin, once."""
    threading.Thread(target=_work, daemon=True, name="upkeep").start()


def do_all() -> None:
    """Do each task once."""
    for task in tuple(_TASKS):
        try:
            task()
        except Exception:
            LOG.exception("upkeep failed")


def _work() -> None:
    while True:
        time.sleep(_SECONDS)
        do_all()


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
