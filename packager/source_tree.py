"""Reads a folder of our own sources."""

import hashlib
import os
from collections.abc import Iterator
from typing import NamedTuple

from packager.build_stamps import BuildStamps
from packager.errors import BuildError
from packager.exclude import EXCLUDE, Excluded
from packager.left_behind import is_left_behind, is_virtual_environment


class SourceFile(NamedTuple):
    """One file of ours.

    Attributes:
        path: Relative to the repository's folder.
        place: Where it goes in the zip.
        executable: Whether its owner may run it.
        sha256: Of its content, in hex.
    """

    path: str
    place: str
    executable: bool
    sha256: str


class SourceTree(NamedTuple):
    """A folder and its place in the zip.

    Attributes:
        root: Absolute path of the repository's folder.
        folder: Relative to it; how messages name it.
        prefix: Where its files go in the zip, such as `python/dragons`.
        left_out: Names of files at the top of the folder that do not ship.
    """

    root: str
    folder: str
    prefix: str
    left_out: frozenset[str] = frozenset()

    def files(self, stamps: BuildStamps, excluded: Excluded) -> list[SourceFile]:
        """Every file except dot files, what tools leave behind, and what the folder excludes.

        Raises:
            BuildError: A file cannot be packed: not a regular file, a link that leaves the folder, or
                a name that is not UTF-8.
        """
        where = f"{self.root}/{self.folder}"
        if os.path.islink(where):
            raise BuildError(f"{self.folder}: a link to {os.readlink(where)}; put the folder itself here")
        files = []
        problems = []
        for path in self._paths(stamps, excluded):
            if fault := self._fault(path):
                problems.append(f"{self.folder}/{_printable(path)}: {fault}")
            elif path not in self.left_out and path != EXCLUDE:
                files.append(self._file(path, stamps))
        if problems:
            raise BuildError(*problems)
        return files

    def _paths(self, stamps: BuildStamps, excluded: Excluded) -> list[str]:
        try:
            return list(self._walk("", stamps, excluded))
        except RecursionError:
            raise BuildError(f"{self.folder}: folders in folders without end; remove some") from None

    def _walk(self, below: str, stamps: BuildStamps, excluded: Excluded) -> Iterator[str]:
        """The paths of what ships, relative to the folder, sorted folder by folder."""
        stamps.note(f"{self.folder}/{below}".rstrip("/"))
        with os.scandir(f"{self.root}/{self.folder}/{below}") as found:
            children = sorted(found, key=lambda child: child.name)
        ships = [
            each
            for each in children
            if not (
                each.name.startswith(".") or is_left_behind(each.name) or excluded.find(f"{below}{each.name}")
            )
        ]
        folders = [each.name for each in ships if each.is_dir(follow_symlinks=False)]
        yield from (f"{below}{each.name}" for each in ships if each.name not in folders)
        for name in folders:
            if is_virtual_environment(f"{self.root}/{self.folder}/{below}{name}"):
                stamps.note(f"{self.folder}/{below}{name}")
            else:
                yield from self._walk(f"{below}{name}/", stamps, excluded)

    def _fault(self, path: str) -> str | None:
        if _printable(path) != path:
            return "its name is not UTF-8; rename it"
        where = f"{self.root}/{self.folder}/{path}"
        if os.path.islink(where):
            return self._fault_of_link(where)
        return None if os.path.isfile(where) else "not a regular file; remove it"

    def _fault_of_link(self, link: str) -> str | None:
        target, folder = os.path.realpath(link), os.path.realpath(f"{self.root}/{self.folder}")
        if not target.startswith(f"{folder}/"):
            return f"a link to {os.readlink(link)} leaves the folder; put the file itself here"
        if not os.path.isfile(target):
            return f"a link to {os.readlink(link)}, which is not a file; link to a file or remove it"
        return None

    def _file(self, path: str, stamps: BuildStamps) -> SourceFile:
        where = f"{self.folder}/{path}"
        # Only the owner's bit: the others depend on the umask of whoever cloned the repository.
        executable = bool(os.stat(f"{self.root}/{where}").st_mode & 0o100)
        return SourceFile(where, f"{self.prefix}/{path}", executable, stamps.sha256(where))


def read_source(root: str, file: SourceFile) -> bytes:
    """The content of a file, as it was when its sha256 was taken.

    Raises:
        BuildError: It has changed since.
    """
    with open(f"{root}/{file.path}", "rb") as source:
        content = source.read()
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise BuildError(f"{file.path}: changed while it was read; run the build again")
    return content


def _printable(path: str) -> str:
    return path.encode("utf-8", "replace").decode()
