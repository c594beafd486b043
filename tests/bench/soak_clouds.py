"""The local clouds of the soak: ours, and stock LocalStack without the plugin."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import requests

from tasks.environment import variables
from tasks.environment.cloud import Cloud, free_port
from tasks.environment.paths import STOCK_PYTHON
from tasks.processes import children
from tasks.processes.steps import StepError

_OURS = ("GATEWAY_SERVER", "LAMBDA_RUNTIME_EXECUTOR", "PROVIDER_OVERRIDE_")
_START_SECONDS = 90.0


@dataclass(frozen=True)
class Running:
    """A cloud that runs.

    Attributes:
        endpoint: Its URL.
        pid: Its process.
    """

    endpoint: str
    pid: int

    def megabytes(self) -> float:
        """The memory that it holds, without the functions' processes."""
        return float(psutil.Process(self.pid).memory_info().rss) / 2**20

    def threads(self) -> int:
        """How many threads it has."""
        return int(psutil.Process(self.pid).num_threads())


@contextmanager
def ours(folder: Path) -> Iterator[Running]:
    """A local cloud with nothing deployed."""
    cloud = Cloud(free_port(), folder)
    try:
        cloud.start()
        cloud.wait()
        yield Running(cloud.endpoint, cloud.pid() or 0)
    finally:
        cloud.stop()


@contextmanager
def stock(folder: Path) -> Iterator[Running]:
    """Stock LocalStack. It keeps to the address it is told only where that is IPv6.

    Raises:
        StepError: It does not start.
    """
    from localcloud import settings  # nothing else here needs the local cloud's package

    (folder / "tmp").mkdir(parents=True)
    port = free_port()
    chosen = {k: v for k, v in settings.of_localstack(port, folder).items() if not k.startswith(_OURS)}
    chosen["GATEWAY_LISTEN"] = f"[::1]:{port}"
    log = folder / "localstack.log"
    with log.open("wb") as printed:
        process = subprocess.Popen(
            [STOCK_PYTHON, "-m", "localstack.runtime.main"],
            cwd=folder,
            env=variables.of_caller() | chosen,
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    children.tie(process.pid)
    endpoint = f"http://[::1]:{port}"
    try:
        deadline = time.monotonic() + _START_SECONDS
        while not _answers(endpoint):
            if process.poll() is not None or time.monotonic() > deadline:
                raise StepError("stock LocalStack did not start", detail=log.read_text()[-2000:])
            time.sleep(0.2)
        yield Running(endpoint, process.pid)
    finally:
        os.killpg(process.pid, 9)
        process.wait()
        children.untie(process.pid)


def _answers(endpoint: str) -> bool:
    """Whether it serves; its own word for that waits for an IPv4 address."""
    try:
        return requests.get(f"{endpoint}/_localstack/health", timeout=5).ok
    except requests.ConnectionError:
        return False
