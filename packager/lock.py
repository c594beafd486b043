"""Reads hash-locked requirements, as `make lock` writes them."""

import hashlib
import json
import re
from typing import NamedTuple

from packager.artifact import FUNCTIONS
from packager.errors import BuildError
from packager.text_file import read_text, without_comment

_REQUIREMENT = re.compile(r"([A-Za-z0-9][\w.-]*)\s*(?:\[[\w\s.,-]*\])?\s*==\s*([\w.!+-]+)", re.ASCII)
_HASH = re.compile(r"\s--hash[=\s](\S+)")
_SHA256 = re.compile(r"sha256:([0-9a-f]{64})")


class Requirement(NamedTuple):
    """One locked package.

    Attributes:
        name: normalized as Python's packaging specifications say (lower case, single dashes).
        version: the pinned version.
        hashes: the sha256 (hex) of every file that may be installed.
    """

    name: str
    version: str
    hashes: frozenset[str]


class Lock(NamedTuple):
    """A requirements file.

    Attributes:
        label: how messages name it.
        requirements: its packages.
    """

    label: str
    requirements: tuple[Requirement, ...]

    @property
    def digest(self) -> str:
        """The sha256 (hex) of what is locked, whatever its order, layout and comments."""
        locked = sorted([r.name, r.version, *sorted(r.hashes)] for r in self.requirements)
        return hashlib.sha256(json.dumps(locked).encode()).hexdigest()


def normalized(name: str) -> str:
    """The name as packaging.python.org/en/latest/specifications/name-normalization compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def lock_command(label: str) -> str:
    """The command that locks anew what a file of a function or layer, such as `functions/a/x.txt`, locks."""
    kind, name = label.split("/")[:2]
    return f"`make lock {'FUNCTION' if kind == FUNCTIONS else 'LAYER'}={name}`"


def read_lock(path: str, label: str) -> Lock:
    """Read a requirements file.

    Raises:
        BuildError: a line is anything else than `name==version` with sha256 hashes.
    """
    requirements: dict[str, Requirement] = {}
    problems = []
    remedy = f"name what you need in requirements.in and run {lock_command(label)}"
    for number, line in logical_lines(read_text(path, label)):
        try:
            requirement = _requirement(line)
        except ValueError as error:
            problems.append(f"{label}:{number}: {error}; {remedy}")
            continue
        if requirement.name in requirements:
            problems.append(f"{label}:{number}: {requirement.name} is locked twice; keep one")
        requirements[requirement.name] = requirement
    if problems:
        raise BuildError(*problems)
    return Lock(label, tuple(requirements.values()))


def logical_lines(text: str) -> list[tuple[int, str]]:
    """Join lines that end in a backslash; drop comments and blank lines; keep line numbers."""
    lines: list[tuple[int, str]] = []
    continued = False
    for number, raw in enumerate(text.splitlines(), start=1):
        line = without_comment(raw).rstrip()
        part = line.removesuffix("\\").strip()
        if continued:
            start, before = lines[-1]
            lines[-1] = (start, f"{before} {part}")
        else:
            lines.append((number, part))
        continued = line.endswith("\\")
    return [(number, line) for number, line in lines if line.strip()]


def _requirement(line: str) -> Requirement:
    if line.startswith("-"):
        option = line.split()[0].split("=")[0]
        raise ValueError(f"the option {option} has no place in a lock")
    text = _HASH.sub("", line).strip()
    if ";" in text:
        # pip judges markers by the Python that builds, not by Lambda's.
        raise ValueError(f"{text!r} depends on the platform")
    pinned = _REQUIREMENT.fullmatch(text)
    if not pinned:
        raise ValueError(f"{text!r} is not pinned with ==")
    hashes = frozenset(_SHA256.findall(" ".join(_HASH.findall(line))))
    if not hashes:
        raise ValueError(f"{text} has no sha256 hash")
    return Requirement(normalized(pinned[1]), pinned[2], hashes)
