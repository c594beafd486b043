"""The worker: its pollers, and how it stops."""

import logging
import os
import socket
import time
from threading import Event, Thread

from dragons_inspector.activity import RefusedError, TaskGoneError, UnavailableError
from dragons_inspector.poller import Activity, Poller, Work

log = logging.getLogger(__name__)

STOPPED = "WorkerStopped"
"""What a task fails with that was in hand for too long when its worker had to stop: to be tried again."""


class Worker:
    """Several pollers in one process.

    Args:
        activity: Where their tasks come from.
        work: What they do with one.
        pollers: How many there are.
        heartbeat_seconds: How often each says that it is still at work.
        stop_seconds: How long tasks in hand may take when it is told to stop.
    """

    def __init__(
        self, activity: Activity, work: Work, *, pollers: int, heartbeat_seconds: float, stop_seconds: float
    ) -> None:
        self._activity = activity
        self._stop_seconds = stop_seconds
        self._stopping = Event()
        self._refused: RefusedError | None = None
        prefix = f"{socket.gethostname()}-{os.getpid()}"
        self._pollers = [
            Poller(f"{prefix}-{number}", activity, work, heartbeat_seconds, self._stopping)
            for number in range(pollers)
        ]

    def stop(self) -> None:
        """Take no more tasks, and end when those in hand are done."""
        self._stopping.set()

    def run(self) -> None:
        """Work until it is told to stop, or Step Functions refuses it.

        A poll that is open then ends with the process. If Step Functions hands it a task at that very moment,
        the task's heartbeat timeout gives it to another worker.

        Raises:
            RefusedError: There is no such activity, or it may not be asked.
        """
        for poller in self._pollers:
            Thread(target=self._run, args=(poller,), daemon=True).start()
        log.info("%d pollers wait for tasks", len(self._pollers))
        self._stopping.wait()
        self._finish()
        if self._refused:
            raise self._refused

    def _run(self, poller: Poller) -> None:
        try:
            poller.run()
        except RefusedError as error:
            self._refused = error
            self._stopping.set()

    def _finish(self) -> None:
        """Let tasks in hand end, and fail those that take too long."""
        deadline = time.monotonic() + self._stop_seconds
        while any(poller.task for poller in self._pollers) and time.monotonic() < deadline:
            time.sleep(0.05)
        for task in filter(None, [poller.task for poller in self._pollers]):
            try:
                self._activity.fail(task, STOPPED, "its worker had to stop")
            except (UnavailableError, TaskGoneError, RefusedError) as error:
                log.warning("a task is left to its heartbeat timeout: %s", error)
        log.info("stopped")
