"""Whoever needs no local cloud deletes its folder, and no more: what is left builds and passes its checks.

Left to `make test` in such a fork, for time's sake: the unit tests, Terraform's own, and a new environment.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from contract.rendering import ROOT
from tasks.environment import terraform, tools, variables

BIN = Path(sys.executable).parent
PYTEST = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"]


@pytest.fixture(scope="module")
def fork(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository without the folder, and without what was generated in it."""
    generated = (
        ".git",
        ".local",
        ".venv",
        ".hypothesis",
        ".pytest_cache",
        ".ruff_cache",
        ".terraform",
        "dist",
    )
    made = tmp_path_factory.mktemp("without") / "fork"  # with mypy's cache, which saves 20 seconds
    left_out = shutil.ignore_patterns(*generated, "__pycache__", "localcloud")
    shutil.copytree(ROOT, made, symlinks=True, ignore=left_out)
    return made


def run(fork: Path, *command: str | Path, env: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        command,
        cwd=fork,
        env=env or variables.for_downloads(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


pytestmark = [
    pytest.mark.xdist_group("without the local cloud"),
    pytest.mark.timeout(900),  # a minute, but beside all other tests
]


@pytest.fixture(scope="module", autouse=True)
def built(fork: Path) -> str:
    """What the build said, on which other tests stand."""
    return run(fork, sys.executable, "build.py")


def test_it_builds(fork: Path, built: str) -> None:
    assert " 0 unchanged" in built
    assert (fork / "dist" / "manifest.json").is_file()


def test_the_linter_and_mypy_find_nothing(fork: Path) -> None:
    for command in (["check", "--no-cache"], ["format", "--no-cache", "--check"]):
        run(fork, BIN / "ruff", *command, ".")
    assert "Success" in run(fork, sys.executable, "-m", "mypy")


def test_every_test_is_found_what_is_left_out_is_said_and_the_contract_tests_pass(fork: Path) -> None:
    left = (Path(__file__).name, "test_terraform.py", "test_environments.py")  # the first would never end
    ignored = [f"--ignore=tests/contract/{name}" for name in left]
    few = "--hypothesis-profile=few examples"  # what is missing here is missing in each
    found = run(fork, *PYTEST, "tests/unit", "tests/contract", "--deselect=tests/unit", few, *ignored)
    assert "no localcloud/ here: contract/test_vtl_*.py are left out" in found
    assert re.search(r"^tests/contract/test_bounds.py \.+", found, re.M)
    assert "test_vtl_" not in found.replace("contract/test_vtl_*.py", "")
    assert re.search(r" \d+ passed, \d+ deselected ", found)


def test_terraform_takes_an_environment(fork: Path) -> None:
    env = terraform.settings(fork / "terraform-data", variables.for_downloads())
    command = [tools.find_terraform(), "-chdir=terraform/environments/dev"]
    run(fork, *command, "init", "-backend=false", "-input=false", env=env)
    assert "Success" in run(fork, *command, "validate", env=env)
