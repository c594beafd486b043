"""An activity as Step Functions has it: tasks, heartbeats, timeouts, and a network that may be lost."""

import itertools
import time
from collections import deque
from collections.abc import Callable
from threading import Lock

import pytest

from dragons_inspector.activity import RefusedError, Task, TaskGoneError, UnavailableError

Ended = tuple[str, ...]


class FakeActivity:
    """Hands out tasks; one that is not heard of in time is gone, and handed out again.

    Args:
        heartbeat_timeout: Seconds within which a worker has to be heard of.
    """

    def __init__(self, heartbeat_timeout: float = 60) -> None:
        self.ended: dict[str, Ended] = {}
        self.beats: dict[str, int] = {}
        self.workers: set[str] = set()
        self.lost = False
        self.refusing = ""
        self._timeout = heartbeat_timeout
        self._waiting: deque[str] = deque()
        self._held: dict[str, tuple[str, float]] = {}
        self._tokens = map(str, itertools.count(1))
        self._lock = Lock()

    def give(self, *inputs: str) -> None:
        """Schedule tasks."""
        self._waiting.extend(inputs)

    def poll(self, worker: str) -> Task | None:
        self._reached("poll")
        self.workers.add(worker)
        with self._lock:
            now = time.monotonic()
            for token, (task_input, heard) in list(self._held.items()):
                if now - heard > self._timeout:
                    del self._held[token]
                    self._waiting.append(task_input)
            if self._waiting:
                task = Task(next(self._tokens), self._waiting.popleft())
                self._held[task.token] = (task.input, now)
                return task
        time.sleep(0.01)
        return None

    def heartbeat(self, task: Task) -> None:
        self._reached("heartbeat")
        with self._lock:
            self._require(task)
            self._held[task.token] = (task.input, time.monotonic())
            self.beats[task.input] = self.beats.get(task.input, 0) + 1

    def succeed(self, task: Task, output: str) -> None:
        self._reached("succeed")
        self._end(task, output)

    def fail(self, task: Task, error: str, cause: str) -> None:
        self._reached("fail")
        self._end(task, error, cause)

    def _end(self, task: Task, *outcome: str) -> None:
        with self._lock:
            self._require(task)
            del self._held[task.token]
            self.ended[task.input] = outcome

    def _require(self, task: Task) -> None:
        if task.token not in self._held:
            raise TaskGoneError("it has timed out")

    def _reached(self, operation: str) -> None:
        if operation == self.refusing:
            raise RefusedError(f"{operation} is not allowed")
        if self.lost:
            raise UnavailableError("there is no network")


@pytest.fixture
def activity() -> FakeActivity:
    """An activity without tasks."""
    return FakeActivity()


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dragons_inspector.backoff.Backoff.next", lambda _: 0.01)


@pytest.fixture
def until() -> Callable[[Callable[[], object]], None]:
    """Wait until something is so."""

    def wait(condition: Callable[[], object]) -> None:
        deadline = time.monotonic() + 10
        while not condition():
            assert time.monotonic() < deadline, "not within 10 s"
            time.sleep(0.01)

    return wait
