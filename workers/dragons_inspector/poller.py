"""A poller: takes one task after the other, and works on each until its outcome has been told."""

import logging
import time
from collections.abc import Callable
from threading import Event, Thread
from typing import Protocol

from dragons_inspector.activity import RefusedError, Task, TaskGoneError, UnavailableError
from dragons_inspector.backoff import Backoff
from dragons_inspector.inspection import InspectionError

log = logging.getLogger(__name__)


class Activity(Protocol):
    """Where tasks come from; `dragons_inspector.activity` says what each method raises."""

    def poll(self, worker: str) -> Task | None:
        """Wait for a task."""
        ...

    def heartbeat(self, task: Task) -> None:
        """Say that a task is being worked on."""
        ...

    def succeed(self, task: Task, output: str) -> None:
        """Hand in a result."""
        ...

    def fail(self, task: Task, error: str, cause: str) -> None:
        """Say that a task has failed."""
        ...


Work = Callable[[str], str]
"""Makes a task's result of its input, both JSON; InspectionError where no result can come of it."""


class Poller:
    """One at a time: asks for a task, does it, and tells the result.

    Args:
        name: What the execution's history calls it.
        activity: Where its tasks come from.
        work: What it does with one.
        heartbeat_seconds: How often it says that it is still at work.
        stopping: Once it is set, no task is asked for.

    Attributes:
        task: The task in hand, if there is one.
    """

    def __init__(
        self, name: str, activity: Activity, work: Work, heartbeat_seconds: float, stopping: Event
    ) -> None:
        self._name = name
        self._activity = activity
        self._work = work
        self._heartbeat_seconds = heartbeat_seconds
        self._stopping = stopping
        self.task: Task | None = None

    def run(self) -> None:
        """Take tasks until it is told to stop; a network that is lost comes back.

        Raises:
            RefusedError: There is no such activity, or it may not be asked.
        """
        backoff = Backoff()
        while not self._stopping.is_set():
            try:
                self.task = self._activity.poll(self._name)
            except UnavailableError as error:
                wait = backoff.next()
                log.warning("no task can be asked for, again in %.1f s: %s", wait, error)
                self._stopping.wait(wait)
                continue
            backoff.reset()
            if self.task:
                self._do(self.task)

    def _do(self, task: Task) -> None:
        done = Event()
        Thread(target=self._beat, args=(task, done), daemon=True).start()
        try:
            self._tell(task, *self._outcome(task))
        finally:
            done.set()
            self.task = None

    def _outcome(self, task: Task) -> tuple[str, ...]:
        """A result, or an error and its cause."""
        try:
            return (self._work(task.input),)
        except InspectionError as error:
            return error.name, str(error)
        except Exception as error:  # whatever it is, the workflow is told, and may try again
            log.exception("a task failed")
            return InspectionError.name, f"{type(error).__name__}: {error}"

    def _beat(self, task: Task, done: Event) -> None:
        while not done.wait(self._heartbeat_seconds):
            try:
                self._activity.heartbeat(task)
            except UnavailableError as error:
                log.warning("no heartbeat came through: %s", error)
            except (TaskGoneError, RefusedError) as error:
                log.warning("nobody waits for the task any more: %s", error)
                return

    def _tell(self, task: Task, *outcome: str) -> None:
        """Tell a task's outcome, until it has been heard or nobody waits for it any more."""
        backoff = Backoff()
        while True:
            try:
                return self._tell_once(task, *outcome)
            except UnavailableError as error:
                wait = backoff.next()
                log.warning("a result cannot be handed in, again in %.1f s: %s", wait, error)
                time.sleep(wait)
            except TaskGoneError as error:
                log.warning("the result is not wanted any more, another worker has the task: %s", error)
                return None
            except RefusedError as error:
                log.error("the result is refused: %s", error)
                if len(outcome) > 1:
                    return None
                outcome = InspectionError.name, str(error)

    def _tell_once(self, task: Task, *outcome: str) -> None:
        match outcome:
            case (output,):
                self._activity.succeed(task, output)
                log.info("a task is done")
            case (error, cause):
                self._activity.fail(task, error, cause)
                log.info("a task has failed with %s: %s", error, cause)
