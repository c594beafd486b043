"""What an artifact is made of: its own files and its lock, checked."""

import hashlib
import json
import keyword
import os
import re
import sys
from typing import Any, NamedTuple

from packager.artifact import FUNCTIONS, Artifact, Target
from packager.build_stamps import BuildStamps
from packager.edge import ARCHITECTURE, EDGE, read_edge
from packager.errors import BuildError, collecting
from packager.exclude import Excluded, read_excluded
from packager.lock import Lock, read_lock
from packager.source_tree import SourceFile, SourceTree
from packager.text_file import is_file, read_lines
from packager.wanted import read_wanted, unlocked

# Whatever changes the bytes of a zip though no input changed: count it up, and every artifact is rebuilt.
FORMAT = 2

REQUIREMENTS = "requirements.txt"
WANTED = "requirements.in"
PACKAGES = "packages.txt"
SERVICES = "services.txt"
HANDLER = "handler.py"

# A function is called dragons-<environment>-<name>, in Lambda's 64 characters; environments take up to 10.
_NAME_LIMIT = 64 - len("dragons-") - 10 - len("-")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_SERVICE = re.compile(r"[a-z0-9-]+")


class Inputs(NamedTuple):
    """Everything that an artifact's zip depends on, apart from the target and other artifacts.

    Attributes:
        artifact: Whose they are.
        files: Our own files.
        lock: Its dependencies; None if it has none.
        services: AWS services that a layer keeps beside those that sources name.
        notices: What is not wrong, and may yet be a mistake; one line each.
        edge: Which of CloudFront's events call a function at the edge; None for whatever does not run there.
    """

    artifact: Artifact
    files: list[SourceFile]
    lock: Lock | None
    services: list[str]
    notices: list[str]
    edge: str | None = None

    def target(self, asked: Target) -> Target:
        """What it is built for, where a build was asked for: the edge has one architecture."""
        return asked._replace(architecture=ARCHITECTURE) if self.edge else asked

    @property
    def sources_digest(self) -> str:
        """The sha256 (hex) that changes exactly when one of our own files does."""
        return _digest(sorted((file.place, file.executable, file.sha256) for file in self.files))

    @property
    def lock_digest(self) -> str:
        """That of the lock; empty without one."""
        return self.lock.digest if self.lock else ""

    def digests(self) -> dict[str, str]:
        """The sha256 (hex) of each input, by the name that people know it by."""
        own = {file.path: f"{file.sha256}{' executable' * file.executable}" for file in self.files}
        lock = {self.lock.label: self.lock_digest} if self.lock else {}
        edge = {f"{self.artifact.label}/{EDGE}": self.edge} if self.edge else {}
        return own | lock | edge

    def digest(self, target: Target, compiled: list[bool], services: list[str]) -> str:
        """The sha256 (hex) that changes exactly when the zip would.

        Args:
            target: What it is built for.
            compiled: Whether there is compiled code of our files, and of the wheels.
            services: Which services' descriptions it keeps.
        """
        parts = {
            "format": FORMAT,
            "artifact": self.artifact.label,
            "python": target.python,
            "architecture": self.target(target).architecture,
            "lock": self.lock_digest,
            "files": self.sources_digest,
            "compiled": compiled,
            "services": services,
        }
        return _digest(parts)


def read_inputs(root: str, artifact: Artifact, stamps: BuildStamps) -> Inputs:
    """Read and check an artifact's inputs.

    Raises:
        BuildError: With everything that is wrong with them.
    """
    problems = _problems_with_name(artifact)
    trees: list[SourceTree] = []
    files: list[SourceFile] = []
    services: list[str] = []
    notices: list[str] = []
    lock, edge = None, None
    with collecting(problems):
        trees = _trees(root, artifact, stamps)
    for tree in trees:
        with collecting(problems):
            excluded = read_excluded(root, tree.folder, stamps)
            if artifact.kind == FUNCTIONS:
                _require_handler_kept(excluded)
            files += tree.files(stamps, excluded)
            notices += excluded.notices
    with collecting(problems):
        services = _services(root, artifact, stamps)
    with collecting(problems):
        lock = _lock(root, artifact, stamps)
    if artifact.kind == FUNCTIONS:
        with collecting(problems):
            edge = read_edge(root, artifact.label, stamps)
    if artifact.kind == FUNCTIONS and not os.path.isfile(f"{root}/{artifact.label}/{HANDLER}"):
        problems.append(
            f"{artifact.label}/{HANDLER}: missing; add it with a function `def handler(event, context)`"
        )
    elif artifact.kind != FUNCTIONS and not trees and not lock and not problems:
        problems.append(f"{artifact.label}: an empty layer; add {REQUIREMENTS}, or {PACKAGES} with folders")
    if problems:
        raise BuildError(*problems)
    return Inputs(artifact, files, lock, services, notices, edge)


def _require_handler_kept(excluded: Excluded) -> None:
    if glob := excluded.find(HANDLER):
        raise BuildError(f"{glob.where}: {glob.text!r} leaves out {HANDLER}, which Lambda calls; correct it")


def _problems_with_name(artifact: Artifact) -> list[str]:
    name = artifact.name
    if not _NAME.fullmatch(name):
        return [f"{artifact.label}: rename it: small letters, digits and _, a letter first"]
    if len(name) > _NAME_LIMIT:
        return [
            f"{artifact.label}: rename it: {len(name)} characters, and Lambda's 64 leave "
            f"{_NAME_LIMIT} beside dragons-<environment>-"
        ]
    taken = keyword.iskeyword(name) or name in sys.stdlib_module_names
    if artifact.kind == FUNCTIONS and taken:
        return [f"{artifact.label}: rename it: `{name}` is Python's own, and it is to be a package"]
    return []


def _trees(root: str, artifact: Artifact, stamps: BuildStamps) -> list[SourceTree]:
    """The folders of an artifact's own files."""
    if artifact.kind == FUNCTIONS:
        left_out = frozenset({REQUIREMENTS, WANTED, EDGE})
        return [SourceTree(root, artifact.label, artifact.name, left_out)]
    stamps.note(artifact.label)
    trees = []
    problems: list[str] = []
    for where, name in _lines(root, f"{artifact.label}/{PACKAGES}", stamps):
        with collecting(problems):
            trees.append(_package(root, artifact, name, where))
    if problems:
        raise BuildError(*problems)
    return trees


def _package(root: str, artifact: Artifact, name: str, where: str) -> SourceTree:
    top = os.path.realpath(root)
    folder = os.path.realpath(f"{top}/{artifact.label}/{name}")
    if not os.path.isdir(folder) or not folder.startswith(f"{top}/"):
        raise BuildError(
            f"{where}: {name!r} is not a folder of this repository; write it relative to this folder"
        )
    prefix = f"{artifact.dependencies_folder}{os.path.basename(folder)}"
    return SourceTree(root, folder.removeprefix(f"{top}/"), prefix)


def _services(root: str, artifact: Artifact, stamps: BuildStamps) -> list[str]:
    """The services that a layer keeps whether or not a source names them."""
    lines = _lines(root, f"{artifact.label}/{SERVICES}", stamps) if artifact.kind != FUNCTIONS else []
    problems = [
        f"{where}: {name!r} is not a service; write it as boto3 names it, such as s3"
        for where, name in lines
        if not _SERVICE.fullmatch(name)
    ]
    if problems:
        raise BuildError(*problems)
    return [name for _, name in lines]


def _lines(root: str, label: str, stamps: BuildStamps) -> list[tuple[str, str]]:
    """The lines of a text file that say something, each with its place; none if there is no such file."""
    if not is_file(f"{root}/{label}", label):
        return []
    stamps.note(label)
    return read_lines(f"{root}/{label}", label)


def _lock(root: str, artifact: Artifact, stamps: BuildStamps) -> Lock | None:
    """An artifact's lock; None without one, and for one of nothing, as scaffolds write it.

    Raises:
        BuildError: It is not a lock, or locks something else than requirements.in wants.
    """
    lock_path, wanted_path = (f"{artifact.label}/{name}" for name in (REQUIREMENTS, WANTED))
    lock, wanted = None, []
    if is_file(f"{root}/{lock_path}", lock_path):
        stamps.note(lock_path)
        lock = read_lock(f"{root}/{lock_path}", lock_path)
    if is_file(f"{root}/{wanted_path}", wanted_path):
        stamps.note(wanted_path)
        wanted = read_wanted(f"{root}/{wanted_path}", wanted_path)
    if problems := unlocked(wanted, lock):
        raise BuildError(*problems)
    return lock if lock and lock.requirements else None


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
