"""Finds a Python of a minor version on this machine."""

import os
import sys
from collections.abc import Iterator

from packager.errors import naming
from packager.unchanged import stamp


def find(version: str, cache: str) -> str | None:
    """The path of a Python of that minor version that really runs; None if there is none.

    Args:
        version: Such as `3.13`.
        cache: A folder that remembers what was found, since a search runs one Python after another.
    """
    remembered = f"{cache}/python{version}"
    try:
        with open(remembered, encoding="utf-8") as file:
            path, before = file.read().split("\0")
        if stamp(path) == before:
            return path
    except (OSError, ValueError):
        pass  # nothing is remembered
    found = next((path for path in _candidates(version) if runs(path, version)), None)
    if found:
        os.makedirs(cache, exist_ok=True)
        with naming(remembered), open(remembered, "w", encoding="utf-8") as file:
            file.write(f"{found}\0{stamp(found)}")
    return found


def _candidates(version: str) -> Iterator[str]:
    import glob

    yield sys.executable
    yield from (f"{folder}/python{version}" for folder in os.get_exec_path())
    pyenv = os.environ.get("PYENV_ROOT") or os.path.expanduser("~/.pyenv")
    yield from sorted(glob.glob(f"{pyenv}/versions/{version}*/bin/python{version}"), reverse=True)
    data = os.environ.get("XDG_DATA_HOME") or os.path.expanduser("~/.local/share")
    yield from sorted(glob.glob(f"{data}/uv/python/cpython-{version}*/bin/python{version}"), reverse=True)


def runs(path: str, version: str) -> bool:
    """Whether a path is a Python of that minor version. A shim may exist and yet refuse to run."""
    if not os.path.isfile(path):
        return False
    import subprocess

    command = [path, "-I", "-S", "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode == 0 and done.stdout.strip() == version
