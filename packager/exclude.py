"""What a folder leaves out of the zip: its `exclude.txt`, one glob a line, relative to the folder."""

import fnmatch
from typing import NamedTuple

from packager.build_stamps import BuildStamps
from packager.errors import BuildError
from packager.text_file import is_file, read_lines

EXCLUDE = "exclude.txt"
_ANY_FOLDERS = "**"


class Glob(NamedTuple):
    """One line.

    Attributes:
        where: Its place, as `file:line`.
        text: As it is written.
        parts: What it says of each part of a path.
    """

    where: str
    text: str
    parts: tuple[str, ...]


class Excluded:
    """The globs of one folder, which remember whether they were of use."""

    def __init__(self, globs: list[Glob]) -> None:
        self._globs = globs
        self._used: set[Glob] = set()

    def find(self, path: str) -> Glob | None:
        """The first glob that leaves out a file or folder; None if it ships.

        Args:
            path: Relative to the folder, parts joined by `/`.
        """
        found = next((glob for glob in self._globs if matches(path.split("/"), glob.parts)), None)
        self._used.update([found] if found else [])
        return found

    @property
    def notices(self) -> list[str]:
        """A line for each glob that has left out nothing so far.

        No error: what it names may be there on another machine, such as a log.
        """
        return [
            f"{glob.where}: {glob.text!r} leaves nothing out; correct or remove it"
            for glob in self._globs
            if glob not in self._used
        ]


def read_excluded(root: str, folder: str, stamps: BuildStamps) -> Excluded:
    """Read a folder's globs; there may be none.

    Raises:
        BuildError: One of them says nothing of a path within the folder.
    """
    label = f"{folder}/{EXCLUDE}"
    if not is_file(f"{root}/{label}", label):
        return Excluded([])
    stamps.note(label)
    lines = read_lines(f"{root}/{label}", label)
    globs = [Glob(where, text, tuple(text.removesuffix("/").split("/"))) for where, text in lines]
    problems = [
        f"{glob.where}: {glob.text!r} is not a path within {folder}; write it relative to that folder"
        for glob in globs
        if {"", ".", ".."}.intersection(glob.parts)
    ]
    if problems:
        raise BuildError(*problems)
    return Excluded(globs)


def matches(path: list[str], glob: tuple[str, ...]) -> bool:
    """Whether a glob matches a path, part by part; `**` stands for any number of parts."""
    if not glob:
        return not path
    if glob[0] == _ANY_FOLDERS:
        return any(matches(path[count:], glob[1:]) for count in range(len(path) + 1))
    return bool(path) and fnmatch.fnmatchcase(path[0], glob[0]) and matches(path[1:], glob[1:])
