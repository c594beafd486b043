"""The parts of the benchmarks."""

import subprocess
import sys

from bench.__main__ import PARTS
from tasks import bench
from tasks.environment.paths import ROOT


def test_the_launcher_knows_every_part() -> None:
    assert list(PARTS) == list(bench.PARTS)


def test_every_part_finds_what_it_imports() -> None:
    env = {"PYTHONPATH": ":".join(map(str, bench.PLACES))}
    command = [sys.executable, "-c", "import bench.__main__"]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
