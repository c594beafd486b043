"""Terraform's own tests, each folder's beside what it tests, pass; they need no account and no cloud."""

import fcntl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from support.provider import running_provider
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


def data_of(folder: Path) -> Path:
    return LOCAL / "terraform" / folder.relative_to(TERRAFORM)


def settings(folder: Path) -> dict[str, str]:
    return terraform.settings(data_of(folder), variables.for_local_cloud())


def init(folder: Path, **env: str) -> None:
    with alone():
        run(
            folder,
            "init",
            "-backend=false",
            "-input=false",
            env=variables.for_downloads() | settings(folder) | env,
        )


@pytest.fixture(scope="session")
def provider() -> Iterator[dict[str, str]]:
    """One for all the folders, since all mock it."""
    init(TESTED[0])
    with running_provider(data_of(TESTED[0])) as attached:
        yield attached


@pytest.mark.timeout(1200)  # minutes, where two cores have the end-to-end tests to do as well
@pytest.mark.parametrize("folder", TESTED, ids=lambda folder: str(folder.relative_to(TERRAFORM)))
def test_terraforms_own_tests_pass(folder: Path, provider: dict[str, str]) -> None:
    init(folder, **provider)
    run(folder, "test", env=settings(folder) | provider)  # it validates first
