"""`make new`: a function that builds, with a test that passes; tests/e2e/releases deploys one."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tasks import new
from tasks.environment import variables
from tasks.environment.paths import ROOT
from tasks.processes.steps import StepError

COPIED = ["build.py", "packager", "functions", "shared", "layers", "dist", "terraform/system"]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    ignored = shutil.ignore_patterns(".terraform*", "__pycache__")
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tmp_path / name, symlinks=True, ignore=ignored)
        else:
            shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def run(folder: Path, *words: str | Path) -> str:
    env = variables.for_downloads() | {"PYTHONPATH": f"{folder / 'shared'}:{folder / 'functions'}"}
    done = subprocess.run(words, cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def texts(folder: Path) -> dict[Path, str]:
    return {path: path.read_text() for path in (folder / "terraform").rglob("*.tf")}


@pytest.mark.parametrize("route", ["", "GET /counts/{family}"])
def test_a_new_function_builds_and_passes_its_test(repository: Path, route: str) -> None:
    written = new.write(repository, "count_dragons", route)
    assert [str(path) for path in written] == [
        "functions/count_dragons/handler.py",
        "tests/unit/functions/test_count_dragons.py",
        "tests/fixtures/events/smoke/count_dragons.json",
        "terraform/system/functions.tf",
        *(["terraform/system/routes.tf"] if route else []),
    ]
    assert re.search(r"functions/count_dragons +built", run(repository, sys.executable, "build.py"))
    test = repository / "tests/unit/functions/test_count_dragons.py"
    assert "1 passed" in run(repository, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", test)
    ours = [repository / path for path in written if path.suffix == ".py"]
    for command in (["format", "--check"], ["check", "--config", ROOT / "pyproject.toml"]):
        run(repository, sys.executable, "-m", "ruff", *command, *ours)
    run(repository, "terraform", "fmt", "-check", repository / "terraform/system")


@pytest.mark.parametrize("name", ["", "a", "1a", "Count", "count-dragons", "import", "../x", "a" * 41])
def test_a_name_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(StepError, match="is not a name of a function"):
        new.write(tmp_path, name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "route",
    [
        "/hello",
        "get /hello",
        "GET hello",
        "GET /a b",
        "GET /{a+}/b",
        'GET /"',
        "GET /a/",
        "FETCH /a",
        "GET  /a",
    ],
)
def test_a_route_that_is_none_is_refused(tmp_path: Path, route: str) -> None:
    with pytest.raises(StepError, match=r"^ROUTE=.* is not a route$"):
        new.write(tmp_path, "hello", route)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("route", ["GET /", "ANY /{proxy+}", "POST /a-b/{c}/d.e/{rest+}"])
def test_a_route_of_an_http_api_is_taken(repository: Path, route: str) -> None:
    new.write(repository, "hello", route)
    assert (
        f'    "{route}" = {{\n      function = module.hello\n    }}\n  }}\n}}\n'
        in (repository / new.ROUTES).read_text()
    )


@pytest.mark.parametrize(
    ("name", "route", "told"),
    [
        ("list_dragons", "", "functions/list_dragons is there already"),
        ("hello", "GET /dragons", "terraform/system/routes.tf has GET /dragons already"),
    ],
)
def test_what_is_there_is_left_alone(repository: Path, name: str, route: str, told: str) -> None:
    before = texts(repository)
    with pytest.raises(StepError, match=f"^{told}$"):
        new.write(repository, name, route)
    assert texts(repository) == before
    assert not (repository / "functions/hello").exists()
