"""One local cloud: a LocalStack process with our plugin, its port, its state folder and its log."""

import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from localcloud import settings
from localcloud.paths import LOCAL, LOCALSTACK_PYTHON
from localcloud.steps import StepError

DEFAULT_PORT = 4566
FOLDER = LOCAL / "cloud"
START_SECONDS = 90.0
STOP_SECONDS = 10.0
_POLL_SECONDS = 0.1
_PORT = "port"
_DIGEST = "digest"


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
        """How its command ends: LocalStack ignores the folder, `ps` shows whose process it is."""
        return f"-m localstack.runtime.main {self.folder}"

    @property
    def _digest(self) -> str:
        return settings.digest(settings.of_cloud(self.port, self.folder))

    def pid(self) -> int | None:
        """The process id of the cloud of this folder, whoever started it and whatever became of them."""
        return next((pid for pid, command in _processes() if command.endswith(self._signature)), None)

    def running(self) -> bool:
        """Whether it is there, on its port, and answers."""
        return running_port(self.folder) == self.port and self.healthy()

    def current(self) -> bool:
        """Whether it was started from the plugin as it is now, and with the settings of now."""
        started_from = self.folder / _DIGEST
        return started_from.is_file() and started_from.read_text() == self._digest

    def healthy(self) -> bool:
        """Whether it answers."""
        try:
            with urllib.request.urlopen(f"{self.endpoint}/_localstack/health", timeout=5) as answer:  # noqa: S310
                return bool(answer.status == 200)
        except (OSError, urllib.error.URLError):
            return False

    def require_port(self) -> None:
        """Make sure that nothing but this cloud holds the port.

        Raises:
            StepError: Something does.
        """
        if self.pid() is not None:
            return
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", self.port))
            except OSError as error:
                raise StepError(
                    f"port {self.port} is held by another program (another checkout's system, perhaps): "
                    f"stop it, or choose another with PORT={self.port + 1}"
                ) from error

    def start(self) -> None:
        """Start it with an empty state, and return without waiting.

        It keeps none of the caller's standard streams, and leads a session of its own.

        Raises:
            StepError: Something else holds the port.
        """
        self.require_port()
        shutil.rmtree(self.folder, ignore_errors=True)
        (self.folder / "tmp").mkdir(parents=True)
        (self.folder / _PORT).write_text(str(self.port))
        (self.folder / _DIGEST).write_text(self._digest)
        with self.log.open("wb") as log:
            subprocess.Popen(
                [LOCALSTACK_PYTHON, *self._signature.split(" ", 2)],
                cwd=self.folder,
                env=settings.of_caller() | settings.of_cloud(self.port, self.folder),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait(self) -> None:
        """Wait until it answers.

        Raises:
            StepError: It died or took too long; with the end of its log.
        """
        deadline = time.monotonic() + START_SECONDS
        while not self.healthy():
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
        ours = {pid, *_descendants(pid)}
        _signal({pid}, signal.SIGTERM)
        _signal(_left(ours), signal.SIGKILL)
        _left(ours)
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


def _processes() -> list[tuple[int, str]]:
    """The processes of this machine that live: id and command."""
    return [(pid, command) for pid, _, state, command in _table() if not state.startswith("Z")]


def _descendants(pid: int) -> list[int]:
    found, table = [pid], _table()
    for each in found:  # grows while it is walked
        found += [child for child, parent, _, _ in table if parent == each]
    return found[1:]


def _table() -> list[tuple[int, int, str, str]]:
    command = ["ps", "-axww", "-o", "pid=,ppid=,state=,args="]
    listing = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    rows = (line.split(None, 3) for line in listing.splitlines())
    return [(int(row[0]), int(row[1]), row[2], row[3]) for row in rows if len(row) == 4]


def _left(pids: set[int]) -> set[int]:
    """Wait for processes to go, and name those that have not."""
    deadline = time.monotonic() + STOP_SECONDS
    while (left := pids & {pid for pid, _ in _processes()}) and time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS)
    return left


def _signal(pids: set[int], which: signal.Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, which)
        except ProcessLookupError:
            continue  # gone by itself
