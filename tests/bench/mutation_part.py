"""The part `mutation`: how many faults, put into functions/ and shared/ one at a time, the unit tests find.

mutmut makes the faults and runs, for each, the tests that reach it: https://mutmut.readthedocs.io
"""

import shutil
import subprocess
from collections import Counter
from pathlib import Path

from bench.report import machine, publish
from bench.table import table
from tasks.environment.paths import MUTATION_PYTHON, ROOT
from tasks.processes.steps import StepError, step

AIM = 0.95
FOUND = ("killed", "timeout")  # a loop without an end is a fault that is found

_SETTINGS = """
[tool.mutmut]
source_paths = ["src"]
also_copy = ["packager"]
pytest_add_cli_args_test_selection = ["tests/unit"]
use_git_change_detection = false

[tool.pytest.ini_options]
pythonpath = [".", "src", "tests"]
addopts = "--import-mode=importlib"
"""


def run(folder: Path) -> None:
    """Measure, print and write down.

    Raises:
        StepError: mutmut failed, or found no unit test to run.
    """
    where = machine()
    with step("a copy where each function is a package beside `dragons`"):
        _copy(folder)
    with step("faults, and the tests that reach them") as note:
        _mutmut(folder, "run")
        results = _results(folder)
        note(f"{len(results)} faults")
    survivors = {name: _change(folder, name) for name, result in results.items() if result not in FOUND}
    share = 1 - len(survivors) / len(results)
    publish("mutation", where, {"found": share, "survivors": survivors}, _told(results, share))


def _copy(folder: Path) -> None:
    ignore = shutil.ignore_patterns("__pycache__")
    for function in (ROOT / "functions").iterdir():
        shutil.copytree(function, folder / "src" / function.name, ignore=ignore)
    shutil.copytree(ROOT / "shared/dragons", folder / "src/dragons", ignore=ignore)
    for name in ("packager", "tests/support", "tests/fixtures", "tests/unit/functions", "tests/unit/shared"):
        shutil.copytree(ROOT / name, folder / name, ignore=ignore)
    shutil.copy(ROOT / "tests/conftest.py", folder / "tests")
    (folder / "pyproject.toml").write_text(_SETTINGS)


def _mutmut(folder: Path, *words: str) -> str:
    command = [str(MUTATION_PYTHON.parent / "mutmut"), *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise StepError("mutmut failed", detail=(done.stdout + done.stderr)[-4000:])
    return done.stdout


def _results(folder: Path) -> dict[str, str]:
    """What became of each fault, by its name."""
    lines = _mutmut(folder, "results", "--all", "true").splitlines()
    found = dict(line.strip().split(": ", 1) for line in lines if ": " in line)
    if not found:
        raise StepError("mutmut made no fault")
    return found


def _change(folder: Path, name: str) -> list[str]:
    """The lines that a fault takes away and puts in."""
    lines = _mutmut(folder, "show", name).splitlines()
    return [line for line in lines if line.startswith(("+ ", "- "))]


def _told(results: dict[str, str], share: float) -> str:
    of_package: dict[str, Counter[bool]] = {}
    for name, result in results.items():
        of_package.setdefault(name.split(".")[0], Counter())[result in FOUND] += 1
    rows = [[name, str(count.total()), str(count[False])] for name, count in sorted(of_package.items())]
    met = "met" if share >= AIM else "not met"
    return f"{table(['package', 'faults', 'not found'], rows)}\n\nfound {share:.1%}; aim {AIM:.0%}: {met}"
