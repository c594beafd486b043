"""Terraform's own tests, each folder's beside what it tests, pass; they need no account and no cloud."""

import fcntl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tasks.environment import terraform, variables
from tasks.environment.paths import ENVIRONMENTS, LOCAL, TERRAFORM

SHARED = ENVIRONMENTS / "root"  # its tests run where they are linked
TESTED = sorted({path.parents[1] for path in TERRAFORM.rglob("tests/*.tftest.hcl")} - {SHARED})


@contextmanager
def alone() -> Iterator[None]:
    """One at a time: where there is no mirror, all share a folder for the provider."""
    LOCAL.mkdir(exist_ok=True)
    with (LOCAL / "terraform-init.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def run(folder: Path, *words: str, env: dict[str, str]) -> None:
    command = ["terraform", f"-chdir={folder}", *words, "-no-color"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.timeout(1200)  # minutes, where two cores have the end-to-end tests to do as well
@pytest.mark.parametrize("folder", TESTED, ids=lambda folder: str(folder.relative_to(TERRAFORM)))
def test_terraforms_own_tests_pass(folder: Path) -> None:
    settings = terraform.settings(
        LOCAL / "terraform" / folder.relative_to(TERRAFORM), variables.for_local_cloud()
    )
    with alone():
        run(folder, "init", "-backend=false", "-input=false", env=variables.for_downloads() | settings)
    run(folder, "test", env=settings)  # it validates first
