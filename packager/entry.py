"""What a zip is made of."""

import zlib
from collections.abc import Iterable
from typing import NamedTuple

from packager.errors import BuildError

STORED, DEFLATED = 0, 8


class Entry(NamedTuple):
    """One file of a zip.

    Attributes:
        path: Its place in the zip, parts joined by `/`.
        data: Its bytes as they are in the zip.
        method: How they are compressed: `STORED` or `DEFLATED`.
        crc: The CRC-32 of its content.
        size: Bytes of its content.
        executable: Whether it is packed with mode 0755 rather than 0644.
        origin: The file or the wheel that it comes from, for messages.
    """

    path: str
    data: bytes | memoryview
    method: int
    crc: int
    size: int
    executable: bool
    origin: str

    @property
    def content(self) -> bytes:
        """Its bytes, uncompressed."""
        return bytes(self.data) if self.method == STORED else zlib.decompress(self.data, -zlib.MAX_WBITS)


def stored(path: str, content: bytes, executable: bool, origin: str) -> Entry:
    """A file of ours, as it is: what deflates differs between builds of zlib, and would give other bytes."""
    return Entry(path, content, STORED, zlib.crc32(content), len(content), executable, origin)


def merge(entries: Iterable[Entry]) -> list[Entry]:
    """Sort entries by path, and keep one where several bring the same file.

    Raises:
        BuildError: Two origins write different content to one path.
    """
    merged: dict[str, Entry] = {}
    problems = []
    for entry in entries:
        first = merged.setdefault(entry.path, entry)
        if first is not entry and (first.crc, first.size) != (entry.crc, entry.size):
            problems.append(
                f"{entry.origin}: writes {entry.path!r}, which {first.origin} writes with other "
                "content; keep only one of the two"
            )
    if problems:
        raise BuildError(*problems)
    return sorted(merged.values(), key=lambda entry: entry.path)
