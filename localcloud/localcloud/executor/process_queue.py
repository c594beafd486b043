"""A cap on the processes of a function, and the queue before it.

Without it, LocalStack starts an environment whenever none is free: fifty workflows would start fifty
interpreters at once. Left out: the cap is per version of a function, and an invocation that waits is
not refused with TooManyRequestsException, as AWS would at its own, much higher, limit. A function
that waits for an invocation of itself while all of its processes do the same waits in vain until
it times out.
"""

import contextlib
import os
import threading
from collections import deque
from collections.abc import Iterator
from typing import Any

from localstack.services.lambda_.invocation.assignment import AssignmentService
from localstack.services.lambda_.invocation.execution_environment import ExecutionEnvironment
from localstack.services.lambda_.invocation.lambda_models import (
    FunctionVersion,
    InitializationType,
)

CAP_VARIABLE = "LOCALCLOUD_LAMBDA_PROCESSES"
_DEFAULT_CAP = 4


class ProcessQueue:
    """Lets `capacity` callers in at a time, the others in the order in which they came."""

    def __init__(self, capacity: int) -> None:
        self._free = capacity
        self._lock = threading.Lock()
        self._waiting: deque[threading.Event] = deque()

    @contextlib.contextmanager
    def place(self) -> Iterator[None]:
        """Wait for a place and hold it."""
        self._enter()
        try:
            yield
        finally:
            self._leave()

    def _enter(self) -> None:
        with self._lock:
            if self._free:
                self._free -= 1
                return
            turn = threading.Event()
            self._waiting.append(turn)
        turn.wait()

    def _leave(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._free += 1


class _Environments(dict[str, ExecutionEnvironment]):
    """Environments of a version, which LocalStack reads and extends from many threads at once."""

    def values(self) -> Any:
        return list(super().values())


def process_cap() -> int:
    """Return how many processes one version of a function may have.

    Raises:
        ValueError: LOCALCLOUD_LAMBDA_PROCESSES is not a whole number above 0.
    """
    text = os.environ.get(CAP_VARIABLE, str(_DEFAULT_CAP))
    if not text.isdecimal() or int(text) == 0:
        raise ValueError(f"{CAP_VARIABLE} must be a whole number above 0, not {text!r}")
    return int(text)


def cap_processes() -> None:
    """Make LocalStack's invocations on demand wait for one of a few environments."""
    cap = process_cap()
    queues: dict[str, ProcessQueue] = {}
    original = AssignmentService.get_environment

    @contextlib.contextmanager
    def get_environment(
        self: AssignmentService,
        version_manager_id: str,
        function_version: FunctionVersion,
        provisioning_type: InitializationType,
    ) -> Iterator[ExecutionEnvironment]:
        self.environments.setdefault(version_manager_id, _Environments())
        with contextlib.ExitStack() as stack:
            if provisioning_type == InitializationType.on_demand:
                stack.enter_context(queues.setdefault(version_manager_id, ProcessQueue(cap)).place())
            yield stack.enter_context(original(self, version_manager_id, function_version, provisioning_type))

    AssignmentService.get_environment = get_environment  # type: ignore[method-assign]
