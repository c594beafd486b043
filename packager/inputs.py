"""What an artefact is made of: its own files and its lock, checked."""

import hashlib
import json
import keyword
import re
import sys
import tomllib
from dataclasses import dataclass

from packager import handler
from packager.artefact import FUNCTIONS, Artefact, Target
from packager.entry import Entry
from packager.errors import BuildError, collecting
from packager.lock import Lock, read_lock
from packager.source_tree import SourceTree

# Whatever changes the bytes of a zip though no input changed: count it up, and every artefact is rebuilt.
FORMAT = 1

REQUIREMENTS = "requirements.txt"
LAYER_SETTINGS = "layer.toml"
# Lambda puts layers at /opt and looks for packages in /opt/python.
LAYER_PREFIX = "python"

# A function is called dragons-<environment>-<name>, in Lambda's 64 characters; environments take up to 10.
_NAME_LIMIT = 64 - len("dragons-") - 10 - len("-")
_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything that an artefact's zip depends on, apart from the target.

    Attributes:
        entries: our own files.
        lock: its dependencies; None if it has none.
        prefix: where the dependencies go in the zip; empty for its root.
    """

    entries: list[Entry]
    lock: Lock | None
    prefix: str

    def digest(self, artefact: Artefact, target: Target) -> str:
        """The sha256 (hex) that changes exactly when an input changes."""
        parts = {
            "format": FORMAT,
            "artefact": artefact.label,
            "python": target.python,
            "architecture": target.architecture,
            "lock": self.lock.digest if self.lock else None,
            "files": sorted(
                (entry.path, entry.executable, hashlib.sha256(entry.content).hexdigest())
                for entry in self.entries
            ),
        }
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def read_inputs(artefact: Artefact, target: Target) -> Inputs:
    """Read and check an artefact's inputs.

    Raises:
        BuildError: with everything that is wrong with them.
    """
    problems = _problems_with_name(artefact)
    trees: list[SourceTree] = []
    entries: list[Entry] = []
    lock = None
    with collecting(problems):
        trees = _trees(artefact)
    for tree in trees:
        with collecting(problems):
            entries += tree.entries()
    with collecting(problems):
        lock = _lock(artefact)
    if artefact.kind == FUNCTIONS:
        problems += _problems_with_handler(artefact, target)
    elif not trees and not lock and not problems:
        problems.append(
            f"{artefact.label}: an empty layer; add {REQUIREMENTS}, or packages to {LAYER_SETTINGS}"
        )
    if problems:
        raise BuildError(*problems)
    return Inputs(entries, lock, "" if artefact.kind == FUNCTIONS else LAYER_PREFIX)


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


def _trees(artefact: Artefact) -> list[SourceTree]:
    if artefact.kind == FUNCTIONS:
        left_out = frozenset({REQUIREMENTS, "requirements.in"})
        return [SourceTree(artefact.folder, artefact.name, artefact.label, left_out)]
    label = f"{artefact.label}/{LAYER_SETTINGS}"
    trees = []
    problems: list[str] = []
    for name in _packages(artefact, label):
        with collecting(problems):
            trees.append(_package(artefact, name, label))
    if problems:
        raise BuildError(*problems)
    return trees


def _packages(artefact: Artefact, label: str) -> list[str]:
    """The folders that a layer's settings name as packages to ship, relative to the layer."""
    file = artefact.folder / LAYER_SETTINGS
    if not file.is_file():
        return []
    try:
        settings = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BuildError(f"{label}: not TOML: {error}; correct it") from error
    packages = settings.pop("packages", [])
    if settings:
        raise BuildError(f"{label}: unknown setting {min(settings)!r}; only `packages` is known")
    if not isinstance(packages, list) or not all(isinstance(name, str) for name in packages):
        raise BuildError(f"{label}: packages: write a list of folders, relative to the layer")
    return packages


def _package(artefact: Artefact, name: str, label: str) -> SourceTree:
    root = artefact.folder.parent.parent.resolve()
    folder = (artefact.folder / name).resolve()
    if not folder.is_dir() or not folder.is_relative_to(root):
        raise BuildError(f"{label}: packages: {name!r} is no folder of this repository; correct it")
    return SourceTree(folder, f"{LAYER_PREFIX}/{folder.name}", folder.relative_to(root).as_posix())


def _lock(artefact: Artefact) -> Lock | None:
    path = artefact.folder / REQUIREMENTS
    return read_lock(path, f"{artefact.label}/{REQUIREMENTS}") if path.is_file() else None


def _problems_with_handler(artefact: Artefact, target: Target) -> list[str]:
    file = artefact.folder / handler.FILE
    label = f"{artefact.label}/{handler.FILE}"
    if not file.is_file():
        return [f"{label}: missing; add it with a function `def {handler.NAME}(event, context)`"]
    problem = handler.problem_with_handler(file.read_bytes(), target.python)
    return [f"{label}: {problem}"] if problem else []
