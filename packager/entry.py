"""What a zip is made of."""

from collections.abc import Iterable
from dataclasses import dataclass

from packager.errors import BuildError


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a zip.

    Attributes:
        path: its place in the zip, parts joined by `/`.
        content: its bytes, uncompressed.
        executable: whether it is packed with mode 0755 rather than 0644.
        origin: the file or the wheel that it comes from, for messages.
    """

    path: str
    content: bytes
    executable: bool
    origin: str


def is_cache(name: str) -> bool:
    """Whether a file or folder of that name is a cache of Python's, which never ships."""
    return name == "__pycache__" or name.endswith((".pyc", ".pyo"))


def merge(entries: Iterable[Entry]) -> list[Entry]:
    """Sort entries by path, and keep one where several bring the same file.

    Raises:
        BuildError: two origins write different content to one path.
    """
    merged: dict[str, Entry] = {}
    problems = []
    for entry in entries:
        first = merged.setdefault(entry.path, entry)
        if first.content != entry.content:
            problems.append(
                f"{entry.origin}: writes {entry.path!r}, which {first.origin} writes with other "
                "content; keep only one of the two"
            )
    if problems:
        raise BuildError(*problems)
    return sorted(merged.values(), key=lambda entry: entry.path)
