"""The environment of a function that has packages of its own: it is tested with the versions that it ships.

`.local/functions/<name>` is a virtual environment with the very wheels that go into the function's zip, and
behind them all that is in `.venv`. Two functions may ship two versions of one package, so each has its own.
"""

import fcntl
import os
import shutil
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from packager.artifact import MACHINES, Target
from packager.errors import BuildError
from packager.inputs import REQUIREMENTS
from packager.lock import Lock, read_lock
from packager.pip_download import download
from packager.wheel_content import wheel_entries
from packager.wheels import WheelStore, default_cache

ROOT = Path(__file__).parents[2]
_PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"


class Function(NamedTuple):
    """A function with packages of its own.

    Attributes:
        name: Its folder's.
        lock: What it ships.
        root: The repository's folder.
    """

    name: str
    lock: Lock
    root: Path = ROOT

    @property
    def folder(self) -> Path:
        """Its environment."""
        return self.root / ".local/functions" / self.name

    @property
    def is_here(self) -> bool:
        """Whether this process runs in its environment."""
        return Path(sys.prefix).resolve() == self.folder.resolve()

    def tests(self) -> list[Path]:
        """The modules of its unit tests."""
        folder = self.root / "tests/unit/functions"
        return [path for path in sorted(folder.glob("test_*.py")) if function_of(path, self.root) == self]


def functions(root: Path = ROOT) -> list[Function]:
    """Every function with packages of its own.

    Raises:
        BuildError: A lock cannot be read.
    """
    names = sorted(path.parent.name for path in (root / "functions").glob(f"*/{REQUIREMENTS}"))
    return [each for each in (_function(name, root) for name in names) if each]


def function_of(module: Path, root: Path = ROOT) -> Function | None:
    """The function that `test_<name>.py` or `test_<name>_<more>.py` tests, if it has packages of its own.

    Raises:
        BuildError: Its lock cannot be read.
    """
    names = [path.parent.name for path in (root / "functions").glob("*/handler.py")]
    tested = [name for name in names if f"{module.stem}_".startswith(f"test_{name}_")]
    return _function(max(tested, key=len), root) if tested else None


def _function(name: str, root: Path) -> Function | None:
    label = f"functions/{name}/{REQUIREMENTS}"
    lock = read_lock(str(root / label), label) if (root / label).is_file() else None
    return Function(name, lock, root) if lock and lock.requirements else None


def python_of(function: Function) -> Path:
    """The Python of a function's environment, which is made or brought up to date.

    Raises:
        BuildError: The packages cannot be had, or do not run here.
    """
    python = function.folder / "bin/python"
    stamp = function.folder / "lock.sha256"
    wanted = f"{function.lock.digest} {sys.prefix}"
    with _alone(function.folder):
        if not stamp.is_file() or stamp.read_text(encoding="utf-8") != wanted:
            wheels = _wheels(function.lock)
            shutil.rmtree(function.folder, ignore_errors=True)
            venv.create(function.folder, symlinks=True)
            _fill(function.folder / f"lib/python{_PYTHON}/site-packages", wheels)
            stamp.write_text(wanted, encoding="utf-8")
    return python


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep other processes of the same tests waiting."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _wheels(lock: Lock) -> list[str]:
    machine = os.uname().machine
    target = Target(_PYTHON, MACHINES.get(machine, machine))
    wheels = WheelStore(f"{default_cache()}/wheels", download).wheels(lock, target)
    native = [os.path.basename(wheel) for wheel in wheels if not wheel.endswith("-none-any.whl")]  # noqa: PTH119
    if native and not target.is_here:
        raise BuildError(f"{lock.label}: {', '.join(native)} is for Lambda's Linux; run the tests on Linux")
    return wheels


def _fill(site_packages: Path, wheels: list[str]) -> None:
    for wheel in wheels:
        for entry in wheel_entries(wheel, ""):
            path = site_packages / entry.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(entry.content)
    beneath = Path(sys.prefix) / f"lib/python{_PYTHON}/site-packages"
    (site_packages / "beneath.pth").write_text(
        f"import site; site.addsitedir({str(beneath)!r})\n", encoding="utf-8"
    )
