"""Reads what a lock is made from, `requirements.in`, as far as it can be compared with the lock.

It is pip's format (pip.pypa.io/en/stable/reference/requirements-file-format). A line of another kind than
`name`, `name[extra]` or `name>=1.2` is uv's business alone, and so is a version that is not of numbers alone.
"""

import re
from typing import NamedTuple

from packager.lock import Lock, lock_command, logical_lines, normalized
from packager.text_file import read_text

_WANTED = re.compile(
    r"([A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*((?:[(=<>!~][^;@]*)?)", re.ASCII
)
_BOUND = re.compile(r"(?<![=!~])(==|<=|>=|<|>)\s*(\d+(?:\.\d+)*)\s*(?=,|$)")
_NUMBERS = re.compile(r"\d+(?:\.\d+)*")
_COMPARED = {"==": (0,), "<=": (-1, 0), ">=": (0, 1), "<": (-1,), ">": (1,)}


class Wanted(NamedTuple):
    """One line.

    Attributes:
        where: Its place, as `file:line`.
        name: The package, normalized.
        bounds: The versions that will do, such as `>=1.2`.
    """

    where: str
    name: str
    bounds: str


def read_wanted(path: str, label: str) -> list[Wanted]:
    """The packages that a requirements.in names for every platform.

    Raises:
        BuildError: It is not UTF-8.
    """
    found = [
        (f"{label}:{number}", _WANTED.fullmatch(line))
        for number, line in logical_lines(read_text(path, label))
    ]
    return [Wanted(where, normalized(match[1]), match[2].strip("() ")) for where, match in found if match]


def unlocked(wanted: list[Wanted], lock: Lock | None) -> list[str]:
    """What a lock does not have as it is wanted; one line each."""
    versions = {each.name: each.version for each in lock.requirements} if lock else {}
    problems = []
    for each in wanted:
        version = versions.get(each.name)
        if version is None:
            problems.append(f"{each.where}: {each.name} is not locked")
        elif not _allows(each.bounds, version):
            problems.append(f"{each.where}: {each.name}{each.bounds} is locked as {version}")
    return [f"{problem}; run {lock_command(problem)}" for problem in problems]


def _allows(bounds: str, version: str) -> bool:
    """Whether a version is within bounds, as far as both are of numbers alone."""
    if not _NUMBERS.fullmatch(version):
        return True
    return all(_compare(version, bound) in _COMPARED[operator] for operator, bound in _BOUND.findall(bounds))


def _compare(one: str, other: str) -> int:
    """-1, 0 or 1, as one version is older than, the same as or newer than the other; 1.0 is 1."""
    versions = [list(map(int, version.split("."))) for version in (one, other)]
    length = max(map(len, versions))
    padded = [version + [0] * (length - len(version)) for version in versions]
    return (padded[0] > padded[1]) - (padded[0] < padded[1])
