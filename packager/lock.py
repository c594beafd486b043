"""Reads hash-locked requirements, as `uv pip compile --generate-hashes` writes them."""

import hashlib
import json
import re
from typing import NamedTuple

from packager.errors import BuildError

REMEDY = "lock it with `uv pip compile --generate-hashes`"

_REQUIREMENT = re.compile(r"([A-Za-z0-9][\w.-]*)(?:\[[\w\s.,-]*\])?\s*==\s*([\w.!+-]+)", re.ASCII)
_HASH = re.compile(r"\s--hash[=\s](\S+)")
_SHA256 = re.compile(r"sha256:([0-9a-f]{64})")
_COMMENT = re.compile(r"(^|\s)#.*$")


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


def read_lock(path: str, label: str) -> Lock:
    """Read a requirements file.

    Raises:
        BuildError: a line is anything else than `name==version` with sha256 hashes.
    """
    requirements: dict[str, Requirement] = {}
    problems = []
    for number, line in _logical_lines(_text(path, label)):
        try:
            requirement = _requirement(line)
        except ValueError as error:
            problems.append(f"{label}:{number}: {error}")
            continue
        if requirement.name in requirements:
            problems.append(f"{label}:{number}: {requirement.name} is locked twice; keep one")
        requirements[requirement.name] = requirement
    if problems:
        raise BuildError(*problems)
    return Lock(label, tuple(requirements.values()))


def _text(path: str, label: str) -> str:
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except UnicodeDecodeError:
        raise BuildError(f"{label}: not UTF-8 text; {REMEDY}") from None


def _logical_lines(text: str) -> list[tuple[int, str]]:
    """Join lines that end in a backslash; drop comments and blank lines; keep line numbers."""
    lines: list[tuple[int, str]] = []
    continued = False
    for number, raw in enumerate(text.splitlines(), start=1):
        line = _COMMENT.sub("", raw).rstrip()
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
        raise ValueError(f"the option {option} has no place in a lock; {REMEDY}")
    text = _HASH.sub("", line).strip()
    if ";" in text:
        # pip judges markers by the Python that builds, not by Lambda's.
        raise ValueError(f"{text!r} depends on the platform; {REMEDY} --python-platform linux")
    pinned = _REQUIREMENT.fullmatch(text)
    if not pinned:
        raise ValueError(f"{text!r} is not pinned with ==; {REMEDY}")
    hashes = frozenset(_SHA256.findall(" ".join(_HASH.findall(line))))
    if not hashes:
        raise ValueError(f"{text} has no sha256 hash; {REMEDY}")
    return Requirement(normalized(pinned[1]), pinned[2], hashes)
