"""One process of a function: awslambdaric, its Runtime API, its output and its limits."""

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import psutil

from localcloud.executor.output import OutputPipe
from localcloud.executor.runtime_api import RuntimeApi
from localcloud.executor.runtime_server import RuntimeServer

BOOTSTRAP = Path(__file__).with_name("bootstrap.py")
_TICK_SECONDS = 0.05
_T = TypeVar("_T")
# Never written to: every function's process reads from it, and ends when this process has ended.
LIFELINE, _HELD_OPEN = os.pipe()


class ProcessExitedError(Exception):
    """The process ended by itself or was killed; `returncode` is negative for a signal."""

    def __init__(self, returncode: int) -> None:
        super().__init__(f"exit status {returncode}")
        self.returncode = returncode


@dataclass(frozen=True)
class Command:
    """What to run: `handler` in `directory`, under `interpreter`, within `memory_bytes`.

    It may write below the folders of `writable` alone, where the system can see to that.
    """

    interpreter: Path
    handler: str
    directory: Path
    environment: Mapping[str, str]
    memory_bytes: int
    writable: Sequence[Path]


class FunctionProcess:
    """A running function.

    Memory is limited by watching: 20 times a second while somebody waits for a response, the
    resident memory of the process is compared with the limit, and a process above it is killed. A
    limit on address space (RLIMIT_AS) would refuse 128 MB functions that use half of it, and a
    cgroup needs rights that a developer's machine does not give. So a process can pass the limit
    for up to 50 ms, and the memory of processes it starts itself is not counted.

    Attributes:
        api: Where invocations are handed in.
        output: What the process writes.
        peak_memory_bytes: The most resident memory seen so far.
    """

    def __init__(self, command: Command) -> None:
        self.api = RuntimeApi()
        self._server = RuntimeServer(self.api)
        self.output = OutputPipe()
        self.peak_memory_bytes = 0
        self._memory_limit = command.memory_bytes
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._process = self._spawn(command)
        self.output.listen()
        self._memory = psutil.Process(self._process.pid)
        threading.Thread(target=self._reap, daemon=True, name="lambda-reaper").start()

    @property
    def alive(self) -> bool:
        """Whether the process can take an invocation."""
        return not self._ended.is_set()

    @property
    def returncode(self) -> int:
        """The exit status of the process that has ended; negative for a signal."""
        return self._process.wait()

    def wait(self, future: Future[_T], seconds: float) -> _T:
        """Wait for the process, and kill it when it takes more time or memory than it may.

        Raises:
            TimeoutError: `seconds` have passed; the process is gone.
            Exception: Whatever the future fails with.
        """
        deadline = time.monotonic() + seconds
        while True:
            self._check_memory()
            remaining = deadline - time.monotonic()
            try:
                return future.result(min(_TICK_SECONDS, max(remaining, 0)))
            except TimeoutError:
                if remaining <= 0:
                    self.kill()
                    raise

    def kill(self) -> None:
        """End the process and all it has started; returns once it has ended."""
        with self._lock:
            if self.alive:
                os.killpg(self._process.pid, signal.SIGKILL)
        self._ended.wait()

    def _spawn(self, command: Command) -> subprocess.Popen[bytes]:
        # -s and -P: neither the user's packages nor this folder belong on the function's path.
        arguments = ["-s", "-P", str(BOOTSTRAP), str(LIFELINE)]
        arguments += [os.pathsep.join(map(str, command.writable)), command.handler]
        return subprocess.Popen(
            [str(command.interpreter), *arguments],
            cwd=command.directory,
            env={**command.environment, "AWS_LAMBDA_RUNTIME_API": self._server.address},
            stdin=subprocess.DEVNULL,
            stdout=self.output.write_end,
            stderr=self.output.write_end,
            pass_fds=(LIFELINE,),
            start_new_session=True,
        )

    def _check_memory(self) -> None:
        try:
            used = self._memory.memory_info().rss
        except psutil.Error:
            return
        self.peak_memory_bytes = max(self.peak_memory_bytes, used)
        if used > self._memory_limit:
            self.kill()

    def _reap(self) -> None:
        # Without reaping it yet: while its number is taken, its group is surely still its own.
        os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOWAIT)
        with self._lock:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            returncode = self._process.wait()
            self.output.end()
            self._ended.set()
        self.api.close(ProcessExitedError(returncode))
        self._server.end()
