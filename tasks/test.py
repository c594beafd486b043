"""`make test`: every check, on a local cloud of its own."""

import argparse
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from packager.pip_settings import uv_environment
from tasks.environment import chromium, terraform, tools, variables
from tasks.environment.bring_up import bring_up
from tasks.environment.build import build
from tasks.environment.cloud import Cloud, free_port
from tasks.environment.environment import Environment
from tasks.environment.paths import DEV_PYTHON, LOCAL, LOCALCLOUD, ROOT, TERRAFORM
from tasks.environment.pytest_run import FOLDER, SECOND, command, environment_of, run_pytest
from tasks.environment.terraform import Root
from tasks.processes import children, steps
from tasks.processes.alone import alone
from tasks.processes.steps import StepError, report, step

LOCAL_ONLY = "to test {env} end to end, `make e2e ENV={env}`"
ANY_PORT = True

_BIN = DEV_PYTHON.parent
_AT_ONCE = 2
_SIDE_BY_SIDE = ["--numprocesses", str(_AT_ONCE), "--dist", "loadgroup"]
_WITH_SYSTEM = ["--numprocesses", str(_AT_ONCE + 1), "--dist", "loadgroup"]  # one has the end-to-end tests


def run(_environment: Environment, _arguments: argparse.Namespace) -> None:
    """Run everything; the clouds come up while the checks run that need none.

    Raises:
        StepError: A check failed.
    """
    with step("tools in .venv") as note:
        # at once, or the two clouds that come up side by side would both install the rest
        names = ["dev", *(["localstack", "lambda"] if LOCALCLOUD.is_dir() else [])]
        note("installed" if tools.install(*names) else "up to date")
    if LOCALCLOUD.is_dir():
        with step("Chromium") as note:
            note(str(chromium.find()))
    build()  # Terraform's tests read the manifest
    if not LOCALCLOUD.is_dir():
        _test_without_cloud()
        return
    with alone(FOLDER.name), _own_cloud(FOLDER) as (cloud, root), ThreadPoolExecutor() as side_by_side:
        releases = side_by_side.submit(_failures, [("pytest -m release", _tests_of_releases)])
        coming_up = side_by_side.submit(bring_up, cloud, root)
        failures = _failures(_checks())
        outputs, _ = coming_up.result()
        # Beside the end-to-end tests, which wait more than they compute, and take longest.
        of_cloud = side_by_side.submit(_failures, [("pytest localcloud", _tests_of_cloud)])
        words = [*_WITH_SYSTEM, "-m", "not release", "tests"]
        passed = run_pytest(words, outputs, cloud.endpoint, cloud.log, root)
        failures += [*releases.result(), *of_cloud.result()]
    if failures or not passed:
        names = [*failures, *([] if passed else ["pytest"])]
        raise StepError(f"failed: {', '.join(names)}", f"the log of its cloud is {cloud.log}")


@contextmanager
def _own_cloud(folder: Path) -> Iterator[tuple[Cloud, Root]]:
    """A cloud to start, and the root that is applied to it; in the end it is stopped."""
    cloud = Cloud(free_port(), folder)
    cloud.stop()  # what a killed run left behind
    try:
        yield cloud, terraform.root_of_own_cloud(folder, cloud.endpoint)
    finally:
        cloud.stop()


def _test_without_cloud() -> None:
    """Run what needs none, where its folder was deleted."""
    print(
        "no localcloud/ here: left out are its tests and the end-to-end tests (`make e2e ENV=...` has these)"
    )
    failures = _failures(_checks())
    command: list[str | Path] = [DEV_PYTHON, "-m", "pytest", *_SIDE_BY_SIDE, "tests/unit", "tests/contract"]
    env = variables.for_downloads() | variables.for_local_cloud()
    if children.run_to_end(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL):
        failures.append("pytest")
    if failures:
        raise StepError(f"failed: {', '.join(failures)}")


def _checks() -> list[tuple[str, Callable[[], str]]]:
    """The checks that need no cloud, by name."""
    python: list[tuple[str, list[str | Path]]] = [
        ("format", [_BIN / "ruff", "format", "--check", "."]),
        ("lint", [_BIN / "ruff", "check", "."]),
        ("types", ["env", "PYTHONPATH=tests:.", DEV_PYTHON, "-m", "support.type_check"]),
        ("terraform fmt", [tools.find_terraform(), "fmt", "-check", "-diff", "-recursive", TERRAFORM]),
    ]
    check_build: list[str | Path] = [sys.executable, ROOT / "build.py", "--check"]
    return [
        *(
            (name, partial(steps.run, command, cwd=ROOT, env=variables.of_caller()))
            for name, command in python
        ),
        # Last, when the build beside it has fetched the wheels.
        ("the same bytes twice", partial(steps.run, check_build, cwd=ROOT, env=variables.for_downloads())),
    ]


def _failures(checks: Sequence[tuple[str, Callable[[], str]]]) -> list[str]:
    """Run the checks, a few at once; gives the names of those that fail, in the order of the checks."""
    with ThreadPoolExecutor(_AT_ONCE) as workers:
        passed = list(workers.map(lambda each: _passes(*each), checks))
    return [name for (name, _), right in zip(checks, passed, strict=True) if not right]


def _tests_of_releases() -> str:
    """The tests that apply changes, on a system of their own: the others need theirs as it is."""
    with alone(SECOND.name), _own_cloud(SECOND) as (cloud, root):
        outputs, _ = bring_up(cloud, root)
        env = environment_of(cloud.folder, outputs, cloud.endpoint, cloud.log, root)
        return steps.run(command(["-m", "release", "tests/e2e"]), cwd=ROOT, env=env)


def _tests_of_cloud() -> str:
    """The local cloud's own tests; they know nothing of this project."""
    quiet = ("--quiet", "--no-header")
    command: list[str | Path] = [DEV_PYTHON, "-m", "pytest", *quiet, LOCALCLOUD]
    env = uv_environment(variables.for_downloads()) | variables.for_local_cloud()
    env["PATH"] = f"{tools.uv().parent}{os.pathsep}{env['PATH']}"
    return steps.run(command, cwd=ROOT, env=terraform.settings(LOCAL / "terraform" / "example", env))


def _passes(name: str, check: Callable[[], str]) -> bool:
    try:
        with step(name):
            check()
    except StepError as error:
        report(error)
        return False
    return True
