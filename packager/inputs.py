"""What an artefact is made of: its own files and its lock, checked."""

import hashlib
import json
import keyword
import os
import re
import sys
from typing import Any, NamedTuple

from packager.artefact import FUNCTIONS, Artefact, Target
from packager.errors import BuildError, collecting
from packager.lock import Lock, read_lock
from packager.seen import Seen
from packager.source_tree import SourceFile, SourceTree

# Whatever changes the bytes of a zip though no input changed: count it up, and every artefact is rebuilt.
FORMAT = 2

REQUIREMENTS = "requirements.txt"
LAYER_SETTINGS = "layer.toml"
HANDLER = "handler.py"

# A function is called dragons-<environment>-<name>, in Lambda's 64 characters; environments take up to 10.
_NAME_LIMIT = 64 - len("dragons-") - 10 - len("-")
_NAME = re.compile(r"[a-z][a-z0-9_]*")


class Inputs(NamedTuple):
    """Everything that an artefact's zip depends on, apart from the target and other artefacts.

    Attributes:
        artefact: Whose they are.
        files: Our own files.
        lock: Its dependencies; None if it has none.
        services: AWS services that its settings name, beside those that its sources name.
    """

    artefact: Artefact
    files: list[SourceFile]
    lock: Lock | None
    services: list[str]

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
        return own | ({self.lock.label: self.lock_digest} if self.lock else {})

    def digest(self, target: Target, compiled: list[bool], services: list[str]) -> str:
        """The sha256 (hex) that changes exactly when the zip would.

        Args:
            target: What it is built for.
            compiled: Whether there is compiled code of our files, and of the wheels.
            services: Which services' descriptions it keeps.
        """
        parts = {
            "format": FORMAT,
            "artefact": self.artefact.label,
            "python": target.python,
            "architecture": target.architecture,
            "lock": self.lock_digest,
            "files": self.sources_digest,
            "compiled": compiled,
            "services": services,
        }
        return _digest(parts)


def read_inputs(root: str, artefact: Artefact, seen: Seen) -> Inputs:
    """Read and check an artefact's inputs.

    Raises:
        BuildError: With everything that is wrong with them.
    """
    problems = _problems_with_name(artefact)
    trees: list[SourceTree] = []
    files: list[SourceFile] = []
    services: list[str] = []
    lock = None
    with collecting(problems):
        trees, services = _trees(root, artefact, seen)
    for tree in trees:
        with collecting(problems):
            files += tree.files(seen)
    with collecting(problems):
        lock = _lock(root, artefact, seen)
    if artefact.kind == FUNCTIONS and not os.path.isfile(f"{root}/{artefact.label}/{HANDLER}"):
        problems.append(
            f"{artefact.label}/{HANDLER}: missing; add it with a function `def handler(event, context)`"
        )
    elif artefact.kind != FUNCTIONS and not trees and not lock and not problems:
        problems.append(
            f"{artefact.label}: an empty layer; add {REQUIREMENTS}, or packages to {LAYER_SETTINGS}"
        )
    if problems:
        raise BuildError(*problems)
    return Inputs(artefact, files, lock, services)


def _problems_with_name(artefact: Artefact) -> list[str]:
    name = artefact.name
    if not _NAME.fullmatch(name):
        return [f"{artefact.label}: rename it: small letters, digits and _, a letter first"]
    if len(name) > _NAME_LIMIT:
        return [
            f"{artefact.label}: rename it: {len(name)} characters, and Lambda's 64 leave "
            f"{_NAME_LIMIT} beside dragons-<environment>-"
        ]
    taken = keyword.iskeyword(name) or name in sys.stdlib_module_names
    if artefact.kind == FUNCTIONS and taken:
        return [f"{artefact.label}: rename it: `{name}` is Python's own, and it is to be a package"]
    return []


def _trees(root: str, artefact: Artefact, seen: Seen) -> tuple[list[SourceTree], list[str]]:
    """The folders of an artefact's own files, and the services that its settings name."""
    if artefact.kind == FUNCTIONS:
        left_out = frozenset({REQUIREMENTS, "requirements.in"})
        return [SourceTree(root, artefact.label, artefact.name, left_out)], []
    seen.note(artefact.label)
    label = f"{artefact.label}/{LAYER_SETTINGS}"
    settings = _settings(root, label, seen)
    trees = []
    problems: list[str] = []
    for name in settings["packages"]:
        with collecting(problems):
            trees.append(_package(root, artefact, name, label))
    if problems:
        raise BuildError(*problems)
    return trees, settings["services"]


def _settings(root: str, label: str, seen: Seen) -> dict[str, list[str]]:
    """A layer's settings: the folders that it ships as packages, and the services that it keeps."""
    known: dict[str, list[str]] = {"packages": [], "services": []}
    if not os.path.isfile(f"{root}/{label}"):
        return known
    import tomllib  # a tenth of a build that changes one function

    seen.note(label)
    try:
        with open(f"{root}/{label}", "rb") as file:
            settings: dict[str, Any] = tomllib.load(file)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BuildError(f"{label}: not TOML: {error}; correct it") from error
    if unknown := settings.keys() - known.keys():
        raise BuildError(f"{label}: unknown setting {min(unknown)!r}; only {' and '.join(known)} are known")
    for name, value in settings.items():
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            what = (
                "folders, relative to the layer"
                if name == "packages"
                else "AWS services, as boto3 names them"
            )
            raise BuildError(f"{label}: {name}: write a list of {what}")
    return known | settings


def _package(root: str, artefact: Artefact, name: str, label: str) -> SourceTree:
    top = os.path.realpath(root)
    folder = os.path.realpath(f"{top}/{artefact.label}/{name}")
    if not os.path.isdir(folder) or not folder.startswith(f"{top}/"):
        raise BuildError(f"{label}: packages: {name!r} is no folder of this repository; correct it")
    prefix = f"{artefact.dependencies_folder}{os.path.basename(folder)}"
    return SourceTree(root, folder.removeprefix(f"{top}/"), prefix)


def _lock(root: str, artefact: Artefact, seen: Seen) -> Lock | None:
    label = f"{artefact.label}/{REQUIREMENTS}"
    if not os.path.isfile(f"{root}/{label}"):
        return None
    seen.note(label)
    return read_lock(f"{root}/{label}", label)


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
