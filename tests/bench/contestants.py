"""What is measured side by side: this build, its peers, and a Python that does nothing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from bench.contestant import Contestant, Scenario
from bench.copies import copy_for_build_py, copy_for_peers
from bench.sam_template import Manifest
from packager.wheels import default_cache
from tasks.environment.paths import SAM_PYTHON

OURS = "build.py"
FIRST = "build.py, first of its lock"
SAM = "sam build"
SAM_CACHED = "sam build --parallel --cached"
PIP = "pip install -t, zip -r9"
START = "python3 -c pass"

_TURNS = 5  # of what takes no longer than Python takes to start, a few times over


def python_start(folder: Path) -> Contestant:
    """The yardstick: the Python that runs `build.py`, doing nothing."""
    return Contestant(START, [_users_python(), "-c", "pass"], folder, _environment(), turns=_TURNS)


def build_py(folder: Path) -> Contestant:
    """This build, in a new folder, with a cache of its own that holds the user's wheels if there are any."""
    copy_for_build_py(folder)
    wheels = Path(default_cache(), "wheels")
    if wheels.is_dir():
        shutil.copytree(wheels, folder / "cache/dragons/wheels")
    return Contestant(
        OURS,
        [_users_python(), "build.py"],
        folder,
        _environment() | {"XDG_CACHE_HOME": str(folder / "cache")},
        products="dist/*/*.zip",
        gone=lambda: [folder / "dist"],
        handler=_first(folder / "functions", "*/handler.py"),
        turns=_TURNS,
    )


def first_build_py(folder: Path) -> Contestant:
    """This build with nothing but wheels in its cache, as after a change of the lock; always cold."""
    ours = build_py(folder)

    def gone() -> list[Path]:
        cached = (folder / "cache/dragons").iterdir()
        return [folder / "dist", *(path for path in cached if path.name != "wheels")]

    return Contestant(FIRST, ours.command, folder, ours.env, gone=gone, scenarios=(Scenario.COLD,))


def sam_build(folder: Path, manifest: Manifest, *options: str) -> Contestant:
    """`sam build` in a new folder; it makes no zips, only the folders that `sam deploy` zips."""
    copy_for_peers(folder, manifest, str(lambda_python()))
    return Contestant(
        " ".join([SAM, *options]),
        [SAM_PYTHON.with_name("sam"), "build", *options],
        folder,
        _peers_environment() | {"SAM_CLI_TELEMETRY": "0", "__SAM_CLI_APP_DIR": str(folder / "settings")},
        products=".aws-sam/build/*/**/*",
        gone=lambda: [folder / ".aws-sam"],
        handler=_first(folder / "functions", "*/*/handler.py"),
    )


def pip_and_zip(folder: Path, manifest: Manifest) -> Contestant:
    """`pip install -t` and `zip -r9` in a new folder."""
    copy_for_peers(folder, manifest, str(lambda_python()))
    return Contestant(
        PIP,
        ["sh", "build.sh"],
        folder,
        _peers_environment(),
        products="zips/*/*.zip",
        gone=lambda: [folder / "zips", folder / "staged"],
        handler=_first(folder / "functions", "*/*/handler.py"),
    )


def lambda_python() -> Path:
    """The Python that the functions are built for, as it is installed: that of this virtual environment."""
    return Path(sys.base_prefix, "bin", f"python{sys.version_info.major}.{sys.version_info.minor}")


def _first(folder: Path, pattern: str) -> Path:
    return min(folder.glob(pattern))


def _environment() -> dict[str, str]:
    """The user's, without what this process needs itself."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


def _peers_environment() -> dict[str, str]:
    """The same, with the target's Python on PATH, where `sam` looks for it."""
    return _environment() | {"PATH": f"{lambda_python().parent}{os.pathsep}{os.environ['PATH']}"}


def _users_python() -> str:
    """The `python3` of PATH itself: a shim in front of it would slow whatever is compared."""
    command = ["python3", "-c", "import sys; print(sys.executable)"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
