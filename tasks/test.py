"""`make test`: every check, on a local cloud of its own."""

import argparse
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from packager.pip_settings import uv_environment
from tasks.environment import terraform, tools, variables
from tasks.environment.bring_up import bring_up
from tasks.environment.build import build
from tasks.environment.cloud import Cloud, free_port
from tasks.environment.environment import Environment
from tasks.environment.paths import DEV_PYTHON, LOCAL, LOCALCLOUD, ROOT, TERRAFORM
from tasks.environment.pytest_run import FOLDER, run_pytest
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
    """Run everything; the cloud comes up while the checks run that need none.

    Raises:
        StepError: A check failed.
    """
    with step("tools in .venv") as note:
        note("installed" if tools.install("dev") else "up to date")
    build()  # Terraform's tests read the manifest
    if not LOCALCLOUD.is_dir():
        _test_without_cloud()
        return
    cloud = Cloud(free_port(), FOLDER)
    root = terraform.root_of_own_cloud(FOLDER, cloud.endpoint)
    with alone(FOLDER.name):
        cloud.stop()  # what a killed run left behind
        try:
            with ThreadPoolExecutor() as side_by_side:
                coming_up = side_by_side.submit(bring_up, cloud, root)
                failures = _failures(_checks())
                outputs, _ = coming_up.result()
                # Beside the end-to-end tests, which wait more than they compute, and take longest.
                of_cloud = side_by_side.submit(_failures, [("pytest localcloud", partial(_tests_of_cloud))])
                passed = run_pytest([*_WITH_SYSTEM, "tests"], outputs, cloud.endpoint, cloud.log, root)
                failures += of_cloud.result()
        finally:
            cloud.stop()
    if failures or not passed:
        names = [*failures, *([] if passed else ["pytest"])]
        raise StepError(f"failed: {', '.join(names)}", f"the log of its cloud is {cloud.log}")


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


def _checks() -> list[tuple[str, partial[str]]]:
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


def _failures(checks: list[tuple[str, partial[str]]]) -> list[str]:
    """Run the checks, a few at once; gives the names of those that fail, in the order of the checks."""
    with ThreadPoolExecutor(_AT_ONCE) as workers:
        passed = list(workers.map(lambda each: _passes(*each), checks))
    return [name for (name, _), right in zip(checks, passed, strict=True) if not right]


def _tests_of_cloud() -> str:
    """The local cloud's own tests; they know nothing of this project."""
    quiet = ("--quiet", "--no-header")
    command: list[str | Path] = [DEV_PYTHON, "-m", "pytest", *quiet, LOCALCLOUD]
    env = uv_environment(variables.for_downloads()) | variables.for_local_cloud()
    env["PATH"] = f"{tools.uv().parent}{os.pathsep}{env['PATH']}"
    return steps.run(command, cwd=ROOT, env=terraform.settings(LOCAL / "terraform" / "example", env))


def _passes(name: str, check: partial[str]) -> bool:
    try:
        with step(name):
            check()
    except StepError as error:
        report(error)
        return False
    return True
