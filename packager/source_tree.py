"""Reads a folder of our own sources."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from packager.entry import Entry, is_cache
from packager.errors import BuildError


@dataclass(frozen=True, slots=True)
class SourceTree:
    """A folder and its place in the zip.

    Attributes:
        folder: absolute path of the folder.
        prefix: where its files go in the zip, such as `python/dragons`.
        label: how messages name the folder.
        left_out: names of files at the top of the folder that do not ship.
    """

    folder: Path
    prefix: str
    label: str
    left_out: frozenset[str] = field(default=frozenset())

    def entries(self) -> list[Entry]:
        """Read every file except caches and dot files.

        Raises:
            BuildError: a file cannot be packed: not a regular file, a link that leaves the folder, or
                a name that is not UTF-8.
        """
        if self.folder.is_symlink():
            raise BuildError(f"{self.label}: a link to {self.folder.readlink()}; put the folder itself here")
        entries = []
        problems = []
        for file in self._files():
            path = file.relative_to(self.folder).as_posix()
            fault = self._fault(file, path)
            if fault:
                problems.append(f"{self.label}/{_printable(path)}: {fault}")
            elif path not in self.left_out:
                entries.append(self._entry(file, path))
        if problems:
            raise BuildError(*problems)
        return entries

    def _files(self) -> Iterator[Path]:
        for folder, subfolders, files in os.walk(self.folder, onerror=_stop):
            links = [name for name in subfolders if Path(folder, name).is_symlink()]
            subfolders[:] = sorted(name for name in subfolders if _ships(name) and name not in links)
            yield from (Path(folder, name) for name in sorted(files + links) if _ships(name))

    def _fault(self, file: Path, path: str) -> str | None:
        if _printable(path) != path:
            return "its name is not UTF-8; rename it"
        if file.is_symlink():
            return self._fault_of_link(file)
        if not file.is_file():
            return "not a regular file; remove it"
        return None

    def _fault_of_link(self, link: Path) -> str | None:
        target = Path(os.path.realpath(link))  # Path.resolve raises on a loop before Python 3.13
        if not target.is_relative_to(self.folder.resolve()):
            return f"a link to {link.readlink()} leaves the folder; put the file itself here"
        if not target.is_file():
            return f"a link to {link.readlink()}, which is no file; link to a file or remove it"
        return None

    def _entry(self, file: Path, path: str) -> Entry:
        # Only the owner's bit: the others depend on the umask of whoever cloned the repository.
        executable = bool(file.stat().st_mode & 0o100)
        return Entry(f"{self.prefix}/{path}", file.read_bytes(), executable, f"{self.label}/{path}")


def _ships(name: str) -> bool:
    return not name.startswith(".") and not is_cache(name)


def _printable(path: str) -> str:
    return path.encode("utf-8", "replace").decode()


def _stop(error: OSError) -> None:
    raise error
