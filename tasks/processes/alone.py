"""Keeps two commands from working on the same local cloud at once."""

import fcntl
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from tasks.environment import paths
from tasks.processes.steps import StepError

_END_SECONDS = 60.0
_POLL_SECONDS = 0.1


@contextmanager
def alone(name: str, *, ends_others: bool = False) -> Iterator[None]:
    """Hold the lock of a local cloud for as long as a command works on it.

    Args:
        name: That of the cloud's folder.
        ends_others: Whether the command that holds it is asked to end, with SIGTERM, or this one fails.

    Raises:
        StepError: Another command holds it.
    """
    where = paths.LOCAL / f"{name}.lock"
    where.parent.mkdir(exist_ok=True)
    with where.open("a+") as lock:
        if not _taken(lock) and not (ends_others and _ended(lock, where)):
            raise StepError(
                "another command is at work in this checkout",
                f"wait for it to end, or `kill {_holder(where)}`",
            )
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield
        lock.truncate(0)


def _taken(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _ended(lock: IO[str], where: Path) -> bool:
    """Ask the holder to end, and take the lock when it has."""
    if (pid := _holder(where)).isdigit():
        with suppress(ProcessLookupError):
            os.kill(int(pid), signal.SIGTERM)
    deadline = time.monotonic() + _END_SECONDS
    while time.monotonic() < deadline:
        if _taken(lock):
            return True
        time.sleep(_POLL_SECONDS)
    return False


def _holder(where: Path) -> str:
    return where.read_text() or "<process id>"
