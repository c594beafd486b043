"""The README's lines, as they stand there: from a wheel to an API that wants a token."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1]
README = (PACKAGE / "README.md").read_text()
SECONDS = 240.0  # of a start that takes 15, but for what runs beside it


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def healthy(port: int) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://127.0.0.1:{port}/_localstack/health", timeout=5) as response:
            return bool(response.status == 200)
    except OSError:
        return False


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the package as somebody has it who has nothing else."""
    left_out = shutil.ignore_patterns("tests", "__pycache__", ".*", "dist")
    return Path(shutil.copytree(PACKAGE, tmp_path / "localcloud", ignore=left_out))


@pytest.fixture
def env() -> dict[str, str]:
    """A shell's variables; the tests' Python comes first, and their virtual environment not at all."""
    own = {"PYTHONPATH", "TF_DATA_DIR", "VIRTUAL_ENV"}
    kept = {name: value for name, value in os.environ.items() if name not in own and name[:4] != "AWS_"}
    return kept | {"PATH": f"{sys.base_prefix}/bin:{os.environ['PATH']}"}


@contextmanager
def running(command: str, port: int, folder: Path, env: dict[str, str]) -> Iterator[None]:
    """The cloud, while it is needed; it then ends by Ctrl-C, and well."""
    with (folder / "log").open("w+") as log:
        process = subprocess.Popen(
            ["bash", "-c", f"exec {command}"], cwd=folder, env=env, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            deadline = time.monotonic() + SECONDS
            while not healthy(port):
                assert process.poll() is None, (folder / "log").read_text()
                assert time.monotonic() < deadline, (folder / "log").read_text()
                time.sleep(0.1)
            yield
            process.send_signal(signal.SIGINT)
            assert process.wait(SECONDS) == 0
        finally:
            process.kill()


def test_the_lines_of_the_readme_do_what_it_says(folder: Path, env: dict[str, str]) -> None:
    port = free_port()
    [block] = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    install, start, deploy = block.replace("4566", str(port)).splitlines()
    [printed] = re.findall(r"```text\n(.*?)```", README, re.DOTALL)

    def run(line: str, where: Path = folder) -> str:
        done = subprocess.run(
            ["bash", "-c", line], cwd=where, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run(install)
    [wheel] = (folder / "dist").glob("*.whl")
    sources = {str(path.relative_to(folder)) for path in (folder / "localcloud").rglob("*") if path.is_file()}
    assert sources <= set(zipfile.ZipFile(wheel).namelist())
    shutil.rmtree(folder / "localcloud")  # what runs is what is in the wheel
    with running(start, port, folder, env):
        run(deploy)
        assert run("python3 call.py", folder / "example") == printed
    assert not healthy(port)
