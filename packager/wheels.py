"""The wheels of a lock: fetched once, then kept in a cache that clones share."""

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from packager.artefact import Target
from packager.errors import BuildError
from packager.lock import Lock, Requirement, normalized

Fetch = Callable[[Lock, Target, Path], None]


def default_cache() -> Path:
    """`dragons/wheels` in the user's cache folder (freedesktop.org's XDG base directories)."""
    base = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return (base if base.is_absolute() else Path.home() / ".cache") / "dragons" / "wheels"


@dataclass(frozen=True, slots=True)
class WheelStore:
    """The cache and what fills it.

    Attributes:
        cache: the folder that holds one folder per lock and platform.
        fetch: puts the wheels of a lock into a given, empty folder.
    """

    cache: Path
    fetch: Fetch

    def wheels(self, lock: Lock, target: Target) -> list[Path]:
        """The wheel of each requirement, verified against the lock; sorted by file name.

        Raises:
            BuildError: the wheels cannot be fetched, or are not those that are locked.
        """
        kept = self.cache / _key(lock, target)
        try:
            return _verified(kept, lock)
        except BuildError:
            # Not fetched yet, or damaged since.
            shutil.rmtree(kept, ignore_errors=True)
        self._fill(kept, lock, target)
        return _verified(kept, lock)

    def _fill(self, kept: Path, lock: Lock, target: Target) -> None:
        self.cache.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=".partial-", dir=self.cache))
        try:
            self.fetch(lock, target, partial)
            _verified(partial, lock)
            if not kept.is_dir():  # another build may have been faster
                partial.replace(kept)
        finally:
            shutil.rmtree(partial, ignore_errors=True)


def _key(lock: Lock, target: Target) -> str:
    platform = f"{lock.digest} {target.python} {target.architecture}"
    return hashlib.sha256(platform.encode()).hexdigest()


def _verified(folder: Path, lock: Lock) -> list[Path]:
    wheels = {_project(path): path for path in folder.glob("*.whl")}
    problems = []
    for requirement in lock.requirements:
        problem = _problem(wheels.get(requirement.name), requirement)
        if problem:
            problems.append(f"{lock.label}: {requirement.name}=={requirement.version} {problem}")
    if problems:
        raise BuildError(*problems)
    return sorted(wheels[requirement.name] for requirement in lock.requirements)


def _problem(wheel: Path | None, requirement: Requirement) -> str | None:
    if wheel is None:
        return "was not downloaded; run the build again"
    with wheel.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found not in requirement.hashes:
        return f"came as {wheel.name}, which matches none of its hashes; lock it anew"
    return None


def _project(wheel: Path) -> str:
    return normalized(re.split("-", wheel.name, maxsplit=1)[0])
