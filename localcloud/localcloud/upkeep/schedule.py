"""Work that is done about once a second, in one thread."""

import logging
import threading
import time
from collections.abc import Callable

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
