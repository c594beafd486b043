"""The wheels of a lock: fetched once, then kept in a cache that clones share."""

import glob
import hashlib
import os
import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from packager.archive import sha256_of
from packager.artifact import Target
from packager.errors import BuildError
from packager.lock import Lock, Requirement, normalized
from packager.unchanged import stamp

Fetch = Callable[[Lock, Target, str], None]

_VERIFIED = "verified"


def default_cache() -> str:
    """`dragons` in the user's cache folder (freedesktop.org's XDG base directories)."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    return f"{base if os.path.isabs(base) else os.path.expanduser('~/.cache')}/dragons"


class WheelStore(NamedTuple):
    """The cache and what fills it.

    Attributes:
        cache: The folder that holds one folder per lock and platform.
        fetch: Puts the wheels of a lock into a given, empty folder.
    """

    cache: str
    fetch: Fetch

    def wheels(self, lock: Lock, target: Target) -> list[str]:
        """The path of each requirement's wheel, verified against the lock; sorted.

        Raises:
            BuildError: The wheels cannot be fetched, or are not those that are locked.
        """
        kept = f"{self.cache}/{_key(lock, target)}"
        try:
            return _verified(kept, lock)
        except BuildError:
            self._fill(kept, lock, target)  # not fetched yet, or damaged since
        return _verified(kept, lock)

    def _fill(self, kept: str, lock: Lock, target: Target) -> None:
        import shutil  # these two longer than a build that changes one function
        import tempfile

        shutil.rmtree(kept, ignore_errors=True)
        os.makedirs(self.cache, exist_ok=True)
        partial = tempfile.mkdtemp(prefix=".partial-", dir=self.cache)
        try:
            self.fetch(lock, target, partial)
            _verified(partial, lock)
            if not os.path.isdir(kept):  # another build may have been faster
                os.replace(partial, kept)
        finally:
            shutil.rmtree(partial, ignore_errors=True)


def _key(lock: Lock, target: Target) -> str:
    platform = f"{lock.digest} {target.python} {target.architecture}"
    return hashlib.sha256(platform.encode()).hexdigest()


def _verified(folder: str, lock: Lock) -> list[str]:
    wheels = {_project(path): path for path in glob.glob(f"{folder}/*.whl")}
    stamps = _stamps(wheels.values())
    if stamps and stamps == _stamps_then(folder):
        return sorted(wheels.values())
    problems = []
    for requirement in lock.requirements:
        problem = _problem(wheels.get(requirement.name), requirement)
        if problem:
            problems.append(f"{lock.label}: {requirement.name}=={requirement.version} {problem}")
    if problems:
        raise BuildError(*problems)
    with open(f"{folder}/{_VERIFIED}", "w", encoding="utf-8") as file:
        file.write(stamps)
    return sorted(wheels[requirement.name] for requirement in lock.requirements)


def _stamps(wheels: Iterable[str]) -> str:
    """What changes whenever a wheel does, whose content then has to be verified again."""
    return "".join(f"{os.path.basename(wheel)} {stamp(wheel)}\n" for wheel in sorted(wheels))


def _stamps_then(folder: str) -> str:
    try:
        with open(f"{folder}/{_VERIFIED}", encoding="utf-8") as file:
            return file.read()
    except OSError:
        return ""


def _problem(wheel: str | None, requirement: Requirement) -> str | None:
    if wheel is None:
        return "was not downloaded; run the build again"
    if sha256_of(wheel) not in requirement.hashes:
        return f"came as {os.path.basename(wheel)}, which matches none of its hashes; lock it anew"
    return None


def _project(wheel: str) -> str:
    return normalized(re.split("-", os.path.basename(wheel), maxsplit=1)[0])
