"""Measures what a command takes."""

import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from tasks.processes.steps import StepError

_LAUNCH = Path(__file__).with_name("launch.py")


class Usage(NamedTuple):
    """What a command took.

    Attributes:
        wall: Seconds from its start to its end.
        cpu: CPU seconds of it and of the processes that it started, user's and system's.
        peak: Bytes of memory that the largest of those processes had at most.
    """

    wall: float
    cpu: float
    peak: int


def measure(command: Sequence[str | Path], *, folder: Path, env: Mapping[str, str]) -> Usage:
    """Run a command in `folder`, with `env` for its environment, and measure it.

    Raises:
        StepError: It failed; with all that it printed.
    """
    words = [str(word) for word in command]
    with tempfile.TemporaryFile() as printed:
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-B", str(_LAUNCH), *words],
            cwd=folder,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=printed,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            printed.seek(0)
            detail = printed.read().decode(errors="replace")
            raise StepError(f"`{' '.join(words[:4])}` failed ({done.returncode})", detail=detail)
    wall, cpu, peak = done.stdout.split()
    return Usage(float(wall), float(cpu), int(peak))
