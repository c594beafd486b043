"""A job's body: a process of its command, whose exit code decides.

Its image is not pulled: the command is one of this machine, `python` the one that runs functions, and an
image that is a folder here is the working directory. It writes below its own TMPDIR, /tmp and /dev alone, and
ends with the cloud. CloudWatch Logs has the last 256 KB of its output once it has ended.
Left out: SIGTERM before SIGKILL, limits of memory and CPU, the role's credentials, the metadata endpoint.
"""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from localstack.aws.connect import connect_to
from localstack.utils.cloudwatch.cloudwatch_util import store_cloudwatch_logs

from localcloud import settings
from localcloud.executor.executor import interpreter
from localcloud.executor.process import BOOTSTRAP, LIFELINE

KILLED = 128 + signal.SIGKILL
_KEPT_BYTES = 2**18
_TICK_SECONDS = 0.05
_stops: dict[str, threading.Event] = {}


@dataclass(frozen=True)
class Body:
    """A command (none succeeds at once), its region, variables, log (a group and a stream) and image."""

    command: Sequence[str]
    region: str
    variables: Mapping[str, str]
    log: tuple[str, str]
    image: str = "-"


def start(job: str, body: Body, tell: Callable[[str, int], None]) -> None:
    """Run a job in a thread of its own; tell RUNNING, then SUCCEEDED, FAILED or STOPPED and its exit code."""
    stopped = _stops[job] = threading.Event()
    tell("RUNNING", 0)

    def work() -> None:
        code = run(job, body)
        tell("STOPPED" if stopped.is_set() else "FAILED" if code else "SUCCEEDED", code)

    threading.Thread(target=work, daemon=True, name="job").start()


def stop(*jobs: str) -> None:
    """Kill jobs; those that have ended are left alone."""
    for stopped in [_stops[job] for job in jobs if job in _stops]:
        stopped.set()


def run(job: str, body: Body, seconds: float | None = None) -> int:
    """Run a job to its end, for so many seconds at most; 137 if it is killed."""
    stopped = _stops.setdefault(job, threading.Event())
    deadline = time.monotonic() + (seconds or float("inf"))
    with TemporaryDirectory(prefix="job-") as scratch, Path(scratch, ".log").open("w+b") as output:
        folders = os.pathsep.join((scratch, "/tmp", "/dev"))  # noqa: S108 - as for functions
        process = subprocess.Popen(
            [interpreter(), "-I", BOOTSTRAP, str(LIFELINE), folders, "--", *(body.command or ["true"])],
            cwd=body.image if Path(body.image).is_dir() else scratch,
            env=_environment(body, scratch),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            pass_fds=(LIFELINE,),
            start_new_session=True,
        )
        while process.poll() is None and not stopped.wait(_TICK_SECONDS) and time.monotonic() < deadline:
            pass
        code = process.poll()
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)  # what it has started, too
        process.wait()
        output.seek(0)
        said = output.read()[-_KEPT_BYTES:].decode(errors="replace")
    del _stops[job]
    store_cloudwatch_logs(connect_to(region_name=body.region).logs, *body.log, said)
    return KILLED if code is None else code


def _environment(body: Body, scratch: str) -> dict[str, str]:
    path = f"{interpreter().parent}:/usr/local/bin:/usr/bin:/bin"
    of_sdks = {"AWS_ENDPOINT_URL": settings.gateway_url(), "AWS_DEFAULT_REGION": body.region}
    of_sdks |= {"AWS_REGION": body.region, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    return (
        {"LANG": "C.UTF-8", "HOME": scratch, "TMPDIR": scratch, "PATH": path} | of_sdks | dict(body.variables)
    )
