"""`make new`: a function that builds, is deployed, and has a test that passes."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tasks import new
from tasks.environment import terraform, variables
from tasks.environment.paths import ROOT
from tasks.processes.steps import StepError

COPIED = ["build.py", "packager", "functions", "shared", "layers", "dist", "terraform", "tests/fixtures"]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    ignored = shutil.ignore_patterns(".terraform*", "terraform.tfstate*", "__pycache__")
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tmp_path / name, symlinks=True, ignore=ignored)
        else:
            shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def run(folder: Path, *words: str | Path) -> str:
    env = terraform.settings(folder / "data", variables.for_downloads() | variables.for_local_cloud())
    env["PYTHONPATH"] = f"{folder / 'shared'}:{folder / 'functions'}"
    done = subprocess.run(words, cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_new_function_builds_passes_its_test_and_is_taken_by_terraform(repository: Path) -> None:
    written = new.write(repository, "count_dragons")
    assert [str(path) for path in written] == [
        "functions/count_dragons/handler.py",
        "tests/unit/functions/test_count_dragons.py",
        "tests/fixtures/events/smoke/count_dragons.json",
        "terraform/system/functions.tf",
    ]
    assert re.search(r"functions/count_dragons +built", run(repository, sys.executable, "build.py"))
    test = repository / "tests/unit/functions/test_count_dragons.py"
    assert "1 passed" in run(repository, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", test)
    system = f"-chdir={repository / 'terraform/system'}"
    run(repository, "terraform", "fmt", "-check", repository / "terraform/system")
    run(repository, "terraform", system, "init", "-backend=false")
    tests = run(repository, "terraform", system, "test", "-no-color", "-filter=tests/dragons.tftest.hcl")
    assert " 0 failed" in tests


@pytest.mark.parametrize("name", ["", "a", "1a", "Count", "count-dragons", "import", "../x", "a" * 41])
def test_a_name_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(StepError, match="is not a name of a function"):
        new.write(tmp_path, name)
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_left_alone(repository: Path) -> None:
    before = (repository / new.BLOCKS).read_text()
    with pytest.raises(StepError, match="functions/list_dragons is there already"):
        new.write(repository, "list_dragons")
    assert (repository / new.BLOCKS).read_text() == before
