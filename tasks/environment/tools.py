"""The tools: uv, Python 3.13 and the virtual environments, each from its hash-locked file."""

import hashlib
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from packager import interpreter
from packager.errors import BuildError
from packager.pip_settings import pip_environment, uv_environment
from tasks.environment import variables
from tasks.environment.paths import (
    DEV_PYTHON,
    LAMBDA_PYTHON,
    LOCAL,
    LOCALCLOUD,
    LOCALSTACK_PYTHON,
    MUTATION_PYTHON,
    RELEASE_PYTHON,
    ROOT,
    SAM_PYTHON,
    STOCK_PYTHON,
)
from tasks.processes.steps import StepError, run

PYTHON = "3.13"
_UV = LOCAL / "uv" / "bin" / "uv"
_NO_NETWORK = "check that a Python package index can be reached, then run it again"


@dataclass(frozen=True)
class Environment:
    """A virtual environment: its interpreter, its lock, and a package of ours that goes in beside."""

    python: Path
    lock: Path
    package: Path | None = None


ENVIRONMENTS = {
    "localstack": Environment(LOCALSTACK_PYTHON, LOCALCLOUD / "requirements.txt", LOCALCLOUD),
    "stock": Environment(STOCK_PYTHON, LOCALCLOUD / "requirements.txt"),
    "lambda": Environment(LAMBDA_PYTHON, LOCALCLOUD / "runtime.txt"),
    "dev": Environment(DEV_PYTHON, ROOT / "requirements" / "dev.txt"),
    "mutation": Environment(MUTATION_PYTHON, ROOT / "requirements" / "mutation.txt"),
    "release": Environment(RELEASE_PYTHON, ROOT / "requirements" / "release.txt"),
    "sam": Environment(SAM_PYTHON, ROOT / "requirements" / "sam.txt"),
}


def install(*names: str) -> bool:
    """Bring virtual environments to their locks.

    Returns:
        Whether anything had to be installed.

    Raises:
        StepError: There is no Python 3.13, or the packages cannot be had.
    """
    stale = [ENVIRONMENTS[name] for name in names if not _is_current(ENVIRONMENTS[name])]
    if stale:
        _install_uv()
        python = find_python()
        for environment in stale:
            _install(environment, python)
    return bool(stale)


def uv() -> Path:
    """The path of uv, which is installed if need be.

    Raises:
        StepError: It cannot be had.
    """
    _install_uv()
    return _UV


def find_python() -> Path:
    """Find a Python 3.13 that really runs, or have uv fetch one.

    Raises:
        StepError: There is none.
    """
    found = interpreter.find(PYTHON, str(LOCAL))
    if found:
        return Path(found)
    try:
        _run_uv("python", "install", "--quiet", PYTHON)
        return Path(_run_uv("python", "find", "--managed-python", PYTHON).strip())
    except StepError as error:
        raise StepError(
            f"Python {PYTHON} is not installed: install it (apt, brew, pyenv or uv) and run this again"
        ) from error


def find_terraform() -> str:
    """Find Terraform on PATH.

    Raises:
        StepError: It is not there.
    """
    found = shutil.which("terraform")
    if found is None:
        raise StepError("Terraform is not installed: install version 1.11 or newer and run this again")
    return found


def _run_uv(*words: str | Path) -> str:
    return run([_UV, *words], env=uv_environment(variables.for_downloads()), remedy=_NO_NETWORK)


def _install_uv() -> None:
    lock = ROOT / "requirements" / "uv.txt"
    stamp = LOCAL / "uv" / "lock.sha256"
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text() == digest:
        return
    shutil.rmtree(LOCAL / "uv", ignore_errors=True)
    pip: list[str | Path] = [sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes"]
    try:
        env = pip_environment(sys.executable, "install", variables.for_downloads())
    except BuildError as error:
        raise StepError(str(error)) from error
    if env is None:
        raise StepError(f"{sys.executable} has no pip", "install it (apt: python3-pip) and run this again")
    run([*pip, "--target", LOCAL / "uv", "--requirement", lock], env=env, remedy=_NO_NETWORK)
    stamp.write_text(digest)


def _install(environment: Environment, python: Path) -> None:
    folder = environment.python.parents[1]
    _run_uv("venv", "--quiet", "--clear", "--python", python, folder)
    into = ("pip", "install", "--quiet", "--python", environment.python)
    _run_uv(*into, "--require-hashes", "--requirement", environment.lock)
    if environment.package is not None:
        _run_uv(*into, "--no-deps", "--offline", "--editable", environment.package)
    _stamp(environment).write_text(_digest(environment))


def _is_current(environment: Environment) -> bool:
    stamp = _stamp(environment)
    return (
        stamp.is_file()
        and stamp.read_text() == _digest(environment)
        and interpreter.runs(str(environment.python), PYTHON)
    )


def _stamp(environment: Environment) -> Path:
    return environment.python.parents[1] / "lock.sha256"


def _digest(environment: Environment) -> str:
    inputs = [environment.lock]
    if environment.package is not None:
        inputs.append(environment.package / "pyproject.toml")
    return hashlib.sha256(b"".join(path.read_bytes() for path in inputs)).hexdigest()
