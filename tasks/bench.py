"""`make bench`: the benchmarks, side by side with their peers."""

import argparse
import sys

from tasks.environment import tools, variables
from tasks.environment.environment import Environment
from tasks.environment.paths import DEV_PYTHON, LOCALCLOUD, ROOT
from tasks.processes import children
from tasks.processes.steps import StepError, step

LOCAL_ONLY = "leave ENV out"
ANY_PORT = True

PARTS = ("build", "coldstart", "soak", "loop", "events", "workflows", "edge", "mutation", "query")
PLACES = (ROOT / "tests", ROOT / "shared", LOCALCLOUD)
"""Where the benchmarks find what they import, besides the root."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the name of a part."""
    parser.add_argument("--part", default="", help=f"of the benchmarks: {', '.join(PARTS)} (default: all)")
    parser.add_argument(
        "--delay", type=float, default=100.0, help="milliseconds that the part query adds to each call of S3"
    )


def run(_environment: Environment, arguments: argparse.Namespace) -> None:
    """Run the benchmarks, or one part of them; what they compare with is installed beside.

    Raises:
        StepError: There is no such part, or its tools cannot be installed.
    """
    *others, last = PARTS
    if arguments.part not in ("", *PARTS):
        raise StepError(f"PART={arguments.part} is not a benchmark: choose {', '.join(others)} or {last}")
    if not arguments.delay > 0:
        raise StepError("DELAY must be above 0: it is the milliseconds that are added to each call of S3")
    with step("tools in .venv, and those of the benchmarks in their own") as note:
        note("installed" if tools.install("dev", "sam", "mutation") else "up to date")
    parts = [arguments.part] if arguments.part else PARTS
    command = [DEV_PYTHON, "-m", "bench", *parts]
    env = variables.for_downloads() | {
        "PYTHONPATH": ":".join(map(str, PLACES)),
        "DRAGONS_BENCH_DELAY_MS": str(arguments.delay),
    }
    if code := children.run_to_end(command, foreground=True, cwd=ROOT, env=env):
        sys.exit(code)
