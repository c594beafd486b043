"""Lines of text out of a stream of bytes, none longer than a bound, so that memory is bounded too."""

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

LONGEST = 131_072
"""Characters of a line at most: four times what the longest report takes."""

_READ = 1024 * 1024


class FileRefusedError(Exception):
    """No line of a file can be read; the message says why."""


class Bytes(Protocol):
    """What S3 answers a file's content as."""

    def read(self, amt: int, /) -> bytes:
        """Read so many bytes at most; none at the end."""
        ...


@dataclass(frozen=True)
class TooLong:
    """A line of which nothing is kept."""

    reason: str = f"is longer than {LONGEST} characters"


class Content(io.RawIOBase):
    """A stream of bytes that tells the SHA-256 of what was read."""

    def __init__(self, content: Bytes) -> None:
        self._content = content
        self._sha256 = hashlib.sha256()

    @property
    def sha256(self) -> str:
        """Of all that was read so far, in hexadecimal digits."""
        return self._sha256.hexdigest()

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        """Read what fits."""
        found = self._content.read(len(buffer))
        buffer[: len(found)] = found
        self._sha256.update(found)
        return len(found)


def lines(content: io.RawIOBase) -> Iterator[str | TooLong]:
    """Read lines of UTF-8 with their ends, less a byte order mark.

    A byte that is not UTF-8 is a lone surrogate in the text: see `is_utf8`.

    Raises:
        FileRefusedError: The file begins as UTF-16 does, or as no text at all.
    """
    # not universal line ends: a lone carriage return is a part of a text
    text = io.TextIOWrapper(
        io.BufferedReader(content, _READ), encoding="utf-8", errors="surrogateescape", newline="\n"
    )
    first = text.readline(LONGEST + 1).removeprefix("\ufeff")
    if "\0" in first or first.startswith(("\udcff\udcfe", "\udcfe\udcff")):
        raise FileRefusedError("The file is no text in UTF-8: save it as CSV in UTF-8, or as JSON Lines.")
    line = first
    while line:
        if len(line) > LONGEST and not line.endswith("\n"):
            while line and not line.endswith("\n"):
                line = text.readline(LONGEST)
            yield TooLong()
        else:
            yield line
        line = text.readline(LONGEST + 1)


def is_utf8(text: str) -> bool:
    """Whether a text that `lines` read was UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
