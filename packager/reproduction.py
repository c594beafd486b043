"""Builds twice, in conditions that must not matter, and compares the zips' bytes."""

import os
import shutil
import subprocess
import sys
import tempfile
from typing import NamedTuple

from packager.archive import read_archive, sha256_of
from packager.artifact import Artifact
from packager.edge import EDGE
from packager.errors import BuildError
from packager.inputs import PACKAGES, REQUIREMENTS, SERVICES
from packager.parts import Part, Tools, read_parts
from packager.pip_settings import neutral_environment

_PACKAGER = os.path.dirname(os.path.abspath(__file__))


class Conditions(NamedTuple):
    """How a build is run.

    Attributes:
        folder: Where the repository is, below a temporary folder.
        python: What runs it.
        umask: Of the build, and of the files it reads.
        mtime: Of the files it reads, in seconds since 1970.
        variables: Environment variables.
        compiles: Whether it compiles anew what an earlier build has compiled.
    """

    folder: str
    python: str
    umask: int
    mtime: int
    variables: dict[str, str]
    compiles: bool


def check(tools: Tools) -> int:
    """Build twice elsewhere and compare.

    Returns:
        The exit code: 0 if every zip has the same bytes.

    Raises:
        BuildError: A build fails.
    """
    parts = read_parts(tools)
    one = Conditions("one", sys.executable, 0o022, 1_750_000_000, {"TZ": "UTC", "PYTHONHASHSEED": "1"}, False)
    other = Conditions(
        "another folder/ż",
        tools.inspector.python or sys.executable,
        0o077,
        1_000_000_000,
        {"TZ": "Asia/Tokyo", "PYTHONHASHSEED": "2", "LC_ALL": "C"},
        True,
    )
    differing = 0
    with tempfile.TemporaryDirectory(prefix="dragons-check-") as temporary:
        folders = [_build(tools, parts, each, f"{temporary}/{each.folder}") for each in (one, other)]
        for artifact in (part.inputs.artifact for part in parts):
            difference = _difference(artifact, *folders)
            print(f"{artifact.label:<32} {difference or 'the same bytes'}")
            differing += bool(difference)
    return 1 if differing else 0


def _build(tools: Tools, parts: list[Part], conditions: Conditions, folder: str) -> str:
    """Build a copy of the repository; gives its folder."""
    before = os.umask(conditions.umask)
    try:
        _copy(tools, parts, f"{folder}/repository", conditions.mtime)
        _share_cache(tools.cache, f"{folder}/cache", wheels_alone=conditions.compiles)
        target = ["--python", tools.target.python, "--arch", tools.target.architecture]
        done = subprocess.run(
            [conditions.python, "-B", f"{folder}/repository/build.py", *target],
            env=neutral_environment(os.environ)
            | conditions.variables
            | {"XDG_CACHE_HOME": f"{folder}/cache"},
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        os.umask(before)
    if done.returncode:
        raise BuildError(*(line.removeprefix("error: ") for line in done.stderr.splitlines()))
    return f"{folder}/repository"


def _copy(tools: Tools, parts: list[Part], repository: str, mtime: int) -> None:
    """Copy what the build reads, and the packager; nothing else can then matter."""
    shutil.copytree(_PACKAGER, f"{repository}/packager", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(f"{os.path.dirname(_PACKAGER)}/build.py", repository)
    for part in parts:
        names = (PACKAGES, REQUIREMENTS, SERVICES, EDGE)
        settings = [f"{part.inputs.artifact.label}/{name}" for name in names]
        for path in [*settings, *(file.path for file in part.inputs.files)]:
            if os.path.isfile(f"{tools.root}/{path}"):
                os.makedirs(os.path.dirname(f"{repository}/{path}"), exist_ok=True)
                shutil.copy(f"{tools.root}/{path}", f"{repository}/{path}")
                os.utime(f"{repository}/{path}", (mtime, mtime))


def _share_cache(cache: str, folder: str, *, wheels_alone: bool) -> None:
    os.makedirs(folder)
    if wheels_alone:
        os.makedirs(f"{folder}/dragons")
        os.symlink(f"{cache}/wheels", f"{folder}/dragons/wheels")
    else:
        os.symlink(cache, f"{folder}/dragons")


def _difference(artifact: Artifact, one: str, other: str) -> str:
    """What differs between two builds of an artifact; empty if nothing does."""
    paths = [f"{folder}/{artifact.zip_path}" for folder in (one, other)]
    if sha256_of(paths[0]) == sha256_of(paths[1]):
        return ""
    entries = [{entry.path: bytes(entry.data) for entry in read_archive(path)[0]} for path in paths]
    names = sorted(entries[0].keys() | entries[1].keys())
    differing = [name for name in names if entries[0].get(name) != entries[1].get(name)]
    return f"OTHER BYTES, in {', '.join(differing[:3]) or 'the order or the headers'}"
