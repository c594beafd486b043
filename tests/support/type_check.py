"""mypy over everything, each function that has packages of its own with the versions that it ships.

`env PYTHONPATH=tests:. .venv/bin/python -m support.type_check`; without such functions it is plain `mypy`.
"""

import re
import subprocess
import sys
from pathlib import Path

from packager.errors import BuildError
from support.own_packages import ROOT, Function, functions, python_of


def check(root: Path = ROOT) -> int:
    """Run mypy; gives the exit code of the first run that fails.

    Raises:
        BuildError: A function's packages cannot be had.
    """
    found = functions(root)
    elsewhere = [path for each in found for path in _sources(each, root)]
    here = [argument for path in elsewhere for argument in ("--exclude", f"^{re.escape(path)}(/|$)")]
    codes = [_mypy(root, here), *(_mypy(root, _arguments(each, root)) for each in found)]
    return next(filter(None, codes), 0)


def _arguments(function: Function, root: Path) -> list[str]:
    python = ["--python-executable", str(python_of(function))]
    return [*python, "--cache-dir", f".mypy_cache/functions/{function.name}", *_sources(function, root)]


def _sources(function: Function, root: Path) -> list[str]:
    return [f"functions/{function.name}", *(str(path.relative_to(root)) for path in function.tests())]


def _mypy(root: Path, arguments: list[str]) -> int:
    return subprocess.run([sys.executable, "-m", "mypy", *arguments], cwd=root, check=False).returncode


if __name__ == "__main__":
    try:
        sys.exit(check())
    except BuildError as error:
        sys.exit(f"error: {error}")
