"""What keeps a used local cloud as small as a new one: memory, threads, LocalStack's own log."""

import gc
import os
import stat
import time
from typing import Any

from localcloud.upkeep.schedule import every_second, forget_ended, shrink, start

_FULL = 2  # the oldest generation
_STARTING_SECONDS = 300
"""How long services are taken to be still loading."""

_LIMIT_BYTES = 64 * 2**20
_KEPT_BYTES = 8 * 2**20
_STANDARD_OUTPUT = 1


def apply() -> None:
    """Begin the work of each second, and freeze what is loaded by now."""
    from twisted.internet import reactor  # it may be chosen before, so it is not to be imported early

    workers: Any = reactor
    every_second(cut_log, forget_ended, shrink(workers.getThreadPool()))
    start()
    freeze_what_is_loaded()


def freeze_what_is_loaded() -> None:
    """Freeze what survives a full collection in the first minutes: it is taken to stay.

    A service that is used for the first time loads models of hundreds of thousands of objects, which each
    full collection would go through again, with every thread standing still.
    """
    until = time.monotonic() + _STARTING_SECONDS

    def after_collection(phase: str, details: dict[str, Any]) -> None:
        if time.monotonic() > until:
            gc.callbacks.remove(after_collection)
        elif phase == "stop" and details["generation"] == _FULL:
            gc.freeze()

    gc.collect()
    gc.freeze()
    gc.callbacks.append(after_collection)


def cut_log(descriptor: int = _STANDARD_OUTPUT, limit: int = _LIMIT_BYTES, kept: int = _KEPT_BYTES) -> None:
    """Keep the last bytes of a log that has grown beyond the limit, from the start of a line.

    Lines printed while it is cut may be lost.

    Args:
        descriptor: A file open for reading and appending; what is no file is left alone.
        limit: Bytes that it may have.
        kept: Bytes of its end that stay, at most.
    """
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode) or status.st_size <= limit:
        return
    end = os.pread(descriptor, kept, status.st_size - kept)
    os.ftruncate(descriptor, 0)
    os.write(descriptor, end.partition(b"\n")[2])
