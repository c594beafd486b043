"""Copies of the functions, layers and shared sources for a contestant to work in: never in the checkout."""

import json
import os
import shutil
from pathlib import Path

from bench.pip_script import pip_script
from bench.sam_template import Manifest, sam_template
from tasks.environment.paths import ROOT

_SOURCES = ("functions", "layers", "shared", "packager")
_NO_CACHES = shutil.ignore_patterns("__pycache__", ".*")
_REVISION = "\n\ndef _revision() -> int:\n    return {number}\n"


def copy_for_build_py(folder: Path) -> None:
    """What `build.py` reads, and itself, as they are in the repository."""
    for name in _SOURCES:
        shutil.copytree(ROOT / name, folder / name, ignore=_NO_CACHES)
    shutil.copy(ROOT / "build.py", folder)


def copy_for_peers(folder: Path, manifest: Manifest, python: str) -> None:
    """The same sources where the peers look for them, and what tells each peer what to build.

    A function's package lies in `functions/<name>/<name>`, its requirements and its layer's beside the
    packages that ship with them.

    Args:
        folder: To be made.
        manifest: Whose functions and layers to copy.
        python: The target's Python.
    """
    for name in manifest["functions"]:
        package = folder / "functions" / name / name
        shutil.copytree(ROOT / "functions" / name, package, ignore=_NO_CACHES)
        for requirements in package.glob("requirements.txt"):
            requirements.rename(package.parent / requirements.name)
    for name in manifest["layers"]:
        _copy_layer(ROOT / "layers" / name, folder / "layers" / name)
    (folder / "template.json").write_text(json.dumps(sam_template(manifest), indent=2))
    (folder / "build.sh").write_text(pip_script(manifest, python))


def revise(handler: Path, number: int) -> None:
    """Change the body of a function at the end of a handler's file; the first time, add that function."""
    source, _, _ = handler.read_text().partition(_REVISION.partition("{")[0])
    handler.write_text(source + _REVISION.format(number=number))


def age(folder: Path, seconds: int) -> None:
    """Set the time of the last change of every file below a folder, in seconds since 1970."""
    for path in folder.rglob("*"):
        os.utime(path, (seconds, seconds))


def _copy_layer(source: Path, folder: Path) -> None:
    folder.mkdir(parents=True)
    shutil.copy(source / "requirements.txt", folder)
    named = source / "packages.txt"
    lines = named.read_text().splitlines() if named.is_file() else []
    for package in filter(None, (line.partition("#")[0].strip() for line in lines)):
        where = (source / package).resolve()
        shutil.copytree(where, folder / where.name, ignore=_NO_CACHES)
