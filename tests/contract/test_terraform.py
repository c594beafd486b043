"""Terraform's own tests, each folder's beside what it tests, pass; they need no account and no cloud.

They mock the provider, so one process of it can serve all of them. Terraform else starts it twice for each
`run`, which took four fifths of their time.
"""

import fcntl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tasks.environment import terraform, variables
from tasks.environment.paths import ENVIRONMENTS, LOCAL, TERRAFORM

SHARED = ENVIRONMENTS / "root"  # its tests run where they are linked
TESTED = sorted({path.parents[1] for path in TERRAFORM.rglob("tests/*.tftest.hcl")} - {SHARED})
ATTACH = "TF_REATTACH_PROVIDERS"  # https://developer.hashicorp.com/terraform/plugin/debugging
SPARE_COLLECTIONS = {"GOGC": "400"}  # of garbage: half a gigabyte more for a third less time


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


def settings(folder: Path) -> dict[str, str]:
    data = LOCAL / "terraform" / folder.relative_to(TERRAFORM)
    return terraform.settings(data, variables.for_local_cloud())


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
    """The environment by which Terraform finds the provider that runs."""
    init(TESTED[0])
    data = Path(settings(TESTED[0])["TF_DATA_DIR"])
    program = next(data.glob("providers/*/*/*/*/*/terraform-provider-aws_*"))
    with TemporaryDirectory() as folder:  # of its socket, which it leaves behind
        env = variables.for_local_cloud() | {"TMPDIR": folder}
        with subprocess.Popen(
            [program, "-debug"], env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as process:
            assert process.stdout
            try:
                said = next(line.strip() for line in process.stdout if f"{ATTACH}=" in line)
                yield {ATTACH: said.removeprefix(f"{ATTACH}=").strip("'")}
            finally:
                process.terminate()


@pytest.mark.timeout(1200)  # minutes, where two cores have the end-to-end tests to do as well
@pytest.mark.parametrize("folder", TESTED, ids=lambda folder: str(folder.relative_to(TERRAFORM)))
def test_terraforms_own_tests_pass(folder: Path, provider: dict[str, str]) -> None:
    init(folder, **provider)
    run(folder, "test", env=settings(folder) | provider | SPARE_COLLECTIONS)  # it validates first
