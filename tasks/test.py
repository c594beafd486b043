"""`make test`: every check on a local cloud of its own; `make e2e`: the end-to-end tests alone."""

import argparse
import json
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from tasks import commands
from tasks.environment import environment as deployment
from tasks.environment import terraform, tools, variables
from tasks.environment.bring_up import bring_up
from tasks.environment.cloud import Cloud, free_port
from tasks.environment.paths import DEV_PYTHON, LOCAL, LOCALCLOUD, ROOT, TERRAFORM
from tasks.processes import children
from tasks.processes.alone import alone
from tasks.processes.steps import StepError, report, run, step

FOLDER = LOCAL / "test"
_BIN = DEV_PYTHON.parent
_AT_ONCE = 2
_SIDE_BY_SIDE = ["--numprocesses", str(_AT_ONCE), "--dist", "loadgroup"]
_INITIALISING = threading.Lock()  # where there is no mirror, all share a folder for the provider


def test(_arguments: argparse.Namespace) -> None:
    """Run everything; the cloud comes up while the checks run that need none.

    Raises:
        StepError: A check failed.
    """
    with step("tools in .venv") as note:
        note("installed" if tools.install("dev") else "up to date")
    cloud = Cloud(free_port(), FOLDER)
    root = terraform.root_of_own_cloud(FOLDER, cloud.endpoint)
    with alone(FOLDER.name):
        cloud.stop()  # what a killed run left behind
        try:
            with ThreadPoolExecutor() as side_by_side:
                coming_up = side_by_side.submit(bring_up, cloud, root)
                failures = _failures(_checks())
                outputs, _ = coming_up.result()
            passed = _pytest([*_SIDE_BY_SIDE, "tests"], outputs, cloud.endpoint, cloud.log, root)
        finally:
            cloud.stop()
    if failures or not passed:
        names = [*failures, *([] if passed else ["pytest"])]
        raise StepError(f"failed: {', '.join(names)}", f"the log of its cloud is {cloud.log}")


def e2e(arguments: argparse.Namespace) -> None:
    """Run the end-to-end tests against an environment that is up.

    `AWS_ENDPOINT_URL` names another LocalStack; for AWS itself it is not set.

    Raises:
        StepError: The environment is not there, or a test failed.
    """
    endpoint, log = os.environ.get("AWS_ENDPOINT_URL"), None
    if endpoint is None:
        deployment.require_cloud(arguments)
        if arguments.env == "local":
            cloud = Cloud(arguments.port)
            endpoint, log = cloud.endpoint, cloud.log
    if not _pytest(["tests/e2e"], deployment.fetch_outputs(arguments), endpoint, log):
        raise StepError("failed: pytest")


def _checks() -> list[tuple[str, partial[str]]]:
    """The checks that need no cloud, by name."""
    python: list[tuple[str, list[str | Path]]] = [
        ("format", [_BIN / "ruff", "format", "--check", "."]),
        ("lint", [_BIN / "ruff", "check", "."]),
        ("types", ["env", "PYTHONPATH=tests:.", DEV_PYTHON, "-m", "support.type_check"]),
        ("terraform fmt", [tools.find_terraform(), "fmt", "-check", "-diff", "-recursive", TERRAFORM]),
    ]
    check_build: list[str | Path] = [sys.executable, ROOT / "build.py", "--check"]
    roots = sorted({path.parents[1] for path in TERRAFORM.glob("*/*/tests/*.tftest.hcl")})
    return [
        *((name, partial(run, command, cwd=ROOT, env=variables.of_caller())) for name, command in python),
        *(
            (f"terraform test {root.relative_to(TERRAFORM)}", partial(_terraform_test, root))
            for root in roots
        ),
        ("pytest localcloud", partial(_tests_of_cloud)),
        # Last, when the build beside it has fetched the wheels.
        ("the same bytes twice", partial(run, check_build, cwd=ROOT, env=variables.for_downloads())),
    ]


def _failures(checks: list[tuple[str, partial[str]]]) -> list[str]:
    """Run the checks, a few at once; gives the names of those that fail, in the order of the checks."""
    with ThreadPoolExecutor(_AT_ONCE) as workers:
        passed = list(workers.map(lambda each: _passes(*each), checks))
    return [name for (name, _), right in zip(checks, passed, strict=True) if not right]


def _tests_of_cloud() -> str:
    """The local cloud's own tests; they know nothing of this project."""
    command: list[str | Path] = [
        DEV_PYTHON,
        "-m",
        "pytest",
        "--quiet",
        "--no-header",
        *_SIDE_BY_SIDE,
        LOCALCLOUD,
    ]
    return run(command, cwd=ROOT, env=variables.for_downloads() | variables.for_local_cloud())


def _terraform_test(folder: Path) -> str:
    data = LOCAL / "terraform" / folder.relative_to(TERRAFORM)
    settings = terraform.settings(data, variables.for_local_cloud())
    command: list[str | Path] = [tools.find_terraform(), f"-chdir={folder}"]
    with _INITIALISING:
        fetching = variables.for_downloads() | settings
        run([*command, "init", "-backend=false", "-input=false", "-no-color"], env=fetching)
    run([*command, "validate", "-no-color"], env=settings)
    return run([*command, "test", "-no-color"], env=settings)


def _passes(name: str, check: partial[str]) -> bool:
    try:
        with step(name):
            check()
    except StepError as error:
        report(error)
        return False
    return True


def _pytest(
    words: list[str],
    outputs: dict[str, Any],
    endpoint: str | None,
    log: Path | None,
    root: terraform.Root | None = None,
) -> bool:
    """Run pytest on this terminal.

    The end-to-end tests find the system in `DRAGONS_OUTPUTS`, in `DRAGONS_CLOUD_LOG` what a local cloud of
    ours has logged, and in `DRAGONS_TERRAFORM` the root of a system that they may apply to.
    """
    FOLDER.mkdir(parents=True, exist_ok=True)
    where = FOLDER / "outputs.json"
    where.write_text(json.dumps(outputs))
    env = variables.for_aws()
    if endpoint is not None:
        env = variables.for_downloads() | variables.for_local_cloud() | {"AWS_ENDPOINT_URL": endpoint}
    env |= {"DRAGONS_OUTPUTS": str(where), "AWS_DEFAULT_REGION": commands.region_of(outputs)}
    if log is not None:
        env["DRAGONS_CLOUD_LOG"] = str(log)
    if root is not None:
        env["DRAGONS_TERRAFORM"] = json.dumps(asdict(root), default=str)
    command: list[str | Path] = [DEV_PYTHON, "-m", "pytest", "--durations=10", *words]
    return children.run_to_end(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL) == 0
