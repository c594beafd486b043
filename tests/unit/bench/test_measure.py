"""What a command takes: its own processes', not this one's."""

import os
import sys
from pathlib import Path

import pytest

from bench.measure import measure
from tasks.processes.steps import StepError

_MB = 1024 * 1024


def test_python_that_does_nothing(tmp_path: Path) -> None:
    usage = measure([sys.executable, "-I", "-S", "-c", "pass"], folder=tmp_path, env=os.environ)
    assert 0 < usage.cpu < 5
    assert 0 < usage.wall < 30
    assert _MB < usage.peak < 50 * _MB  # pytest has more than that, and is not what is measured


def test_processes_of_the_command_count(tmp_path: Path) -> None:
    work = "bytearray(100 * 2**20).count(1); sum(range(2_000_000))"
    inner = f"import subprocess, sys; subprocess.run([sys.executable, '-I', '-S', '-c', {work!r}])"
    alone = measure([sys.executable, "-I", "-S", "-c", "pass"], folder=tmp_path, env=os.environ)
    usage = measure([sys.executable, "-c", inner], folder=tmp_path, env=os.environ)
    assert usage.cpu > alone.cpu
    assert usage.peak > 100 * _MB


def test_a_command_that_fails_says_what_it_printed(tmp_path: Path) -> None:
    with pytest.raises(StepError, match=r"failed \(3\)") as caught:
        measure(["sh", "-c", "echo out; echo err >&2; exit 3"], folder=tmp_path, env=os.environ)
    assert caught.value.detail.split() == ["out", "err"]
