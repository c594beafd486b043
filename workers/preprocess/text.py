"""Lines of text out of bytes in whatever encoding spreadsheets write."""

import codecs
import io
from collections.abc import Iterator
from typing import IO

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def lines(content: IO[bytes]) -> Iterator[str]:
    """Read lines with their ends, less a byte order mark.

    UTF-16 says that it is that by its byte order mark. Else a line is UTF-8 if it can be, and Windows-1252 if
    not: old exports have both in one file. A byte that is neither stays as it is, by a lone surrogate.

    Args:
        content: Can be read from its beginning, and sought.
    """
    mark = content.read(2)
    content.seek(0)
    if mark in _UTF_16:
        # not universal line ends: a lone carriage return is a part of a text
        yield from io.TextIOWrapper(content, encoding="utf-16", errors="replace", newline="\n")
        return
    for number, line in enumerate(content):
        yield _text(line.removeprefix(codecs.BOM_UTF8) if number == 0 else line)


def to_bytes(text: str) -> bytes:
    """Write what `lines` read, in UTF-8; a byte that was no text is again what it was."""
    return text.encode(errors="surrogateescape")


def _text(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="surrogateescape")
