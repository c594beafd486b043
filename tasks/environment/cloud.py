"""One local cloud: a LocalStack process with our plugin, its port, its state folder and its log."""

import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tasks.environment import cloud_settings as settings
from tasks.environment import variables
from tasks.environment.paths import LOCAL, LOCALSTACK_PYTHON
from tasks.processes import children
from tasks.processes import listing as processes
from tasks.processes.steps import StepError

DEFAULT_PORT = 4566
MAX_PORT = 65535
FOLDER = LOCAL / "cloud"
START_SECONDS = 90.0
STOP_SECONDS = 10.0
BUSY_SECONDS = 30.0
_POLL_SECONDS = 0.1
_PORT = "port"
_DIGEST = "digest"
_PAST_PROXIES = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class Cloud:
    """A local cloud, running or not.

    Attributes:
        port: Where its gateway listens, on 127.0.0.1.
        folder: Where its state, its record and its log are; two clouds need two folders.
    """

    port: int = DEFAULT_PORT
    folder: Path = FOLDER

    @property
    def endpoint(self) -> str:
        """The URL of every AWS service."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What LocalStack and the functions' processes print."""
        return self.folder / "localstack.log"

    @property
    def _signature(self) -> str:
        """How its command ends: by its folder, `ps` shows whose process it is."""
        return f"--state {self.folder}"

    @property
    def _digest(self) -> str:
        return settings.digest(settings.of_cloud())

    def pid(self) -> int | None:
        """The process id of the cloud of this folder, whoever started it and whatever became of them."""
        living = processes.living()
        return next((each.pid for each in living if each.command.endswith(self._signature)), None)

    def running(self) -> bool:
        """Whether it is there, on its port, and answers; one that is busy gets half a minute."""
        there = running_port(self.folder) == self.port
        return (
            there and _within(BUSY_SECONDS, lambda: self.healthy() or self.pid() is None) and self.healthy()
        )

    def current(self) -> bool:
        """Whether it was started from the plugin as it is now, and with the settings of now."""
        started_from = self.folder / _DIGEST
        return started_from.is_file() and started_from.read_text() == self._digest

    def healthy(self) -> bool:
        """Whether it answers."""
        try:
            with _PAST_PROXIES.open(f"{self.endpoint}/_localstack/health", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def require_port(self) -> None:
        """Make sure that nothing but this cloud holds the port.

        Raises:
            StepError: Something does, or this cloud runs on another port.
        """
        running = running_port(self.folder)
        if running == self.port:
            return
        if running is not None:
            raise StepError(
                f"this checkout's system runs on port {running}",
                f"leave PORT out to go on with it; or `make down`, which discards its data, "
                f"then `make up PORT={self.port}`",
            )
        if not _free(self.port):
            other = self.port + 1 if self.port < MAX_PORT else DEFAULT_PORT
            raise StepError(
                f"port {self.port} is held by another program (another checkout's system, perhaps): "
                f"stop it, or choose another with PORT={other}"
            )

    def start(self) -> None:
        """Start it with an empty state, and return without waiting.

        It keeps none of the caller's standard streams, and leads a session of its own. It is tied to this
        process until the caller unties it.

        Raises:
            StepError: Something else holds the port.
        """
        self.require_port()
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        (self.folder / _PORT).write_text(str(self.port))
        (self.folder / _DIGEST).write_text(self._digest)
        with self.log.open("a+b") as log:  # for reading too: the cloud cuts it
            process = subprocess.Popen(
                [
                    *(LOCALSTACK_PYTHON, "-m", "localcloud", "--port", str(self.port)),
                    *self._signature.split(" ", 1),
                ],
                cwd=self.folder,
                env=variables.of_caller() | settings.of_cloud(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        children.tie(process.pid)

    def wait(self) -> None:
        """Wait until it answers.

        Raises:
            StepError: It died or took too long; with the end of its log.
        """
        deadline = time.monotonic() + START_SECONDS
        while not self.healthy():
            children.require_not_stopped()
            if self.pid() is None or time.monotonic() > deadline:
                tail = "\n".join(self.log.read_text(errors="replace").splitlines()[-30:])
                raise StepError("the local cloud did not start", f"read {self.log}", tail)
            time.sleep(_POLL_SECONDS)

    def stop(self) -> bool:
        """Stop it and every process it started; kill what does not go.

        Returns:
            Whether it was running.
        """
        pid = self.pid()
        if pid is None:
            return False
        port, ours = running_port(self.folder), processes.family(pid)
        _signal({pid}, signal.SIGTERM)
        _signal(_left(ours), signal.SIGKILL)
        _left(ours)
        # A process whose threads are still ending holds the port, though `ps` has it as ended.
        _within(STOP_SECONDS, lambda: port is None or _free(port))
        children.untie(pid)
        return True


def running_port(folder: Path) -> int | None:
    """The port of the cloud that runs with a folder; none if there is none."""
    if Cloud(folder=folder).pid() is None:
        return None
    return int((folder / _PORT).read_text())


def free_port() -> int:
    """A port that nothing listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _left(pids: set[int]) -> set[int]:
    """Wait for processes to go, and name those that have not."""
    _within(STOP_SECONDS, lambda: not _living(pids))
    return _living(pids)


def _living(pids: set[int]) -> set[int]:
    return pids & {each.pid for each in processes.living()}


def _within(seconds: float, true: Callable[[], bool]) -> bool:
    """Wait until something is true, and say whether it is."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_SECONDS)
    return True


def _signal(pids: set[int], which: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, which)
