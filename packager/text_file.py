"""Reads text files that people write, whatever editor they use."""

import codecs
import os
import re

from packager.errors import BuildError

_LINE_END = re.compile(r"\r\n?|\n")
_COMMENT = re.compile(r"(^|\s)#.*$")


def is_file(path: str, label: str) -> bool:
    """Whether there is a file, by itself or behind a link; a broken link is no reason to go without.

    Raises:
        BuildError: There is something else of that name.
    """
    if os.path.lexists(path) and not os.path.isfile(path):
        raise BuildError(f"{label}: not a regular file; remove it")
    return os.path.isfile(path)


def read_text(path: str, label: str) -> str:
    """The content of a file in UTF-8, with or without a byte order mark.

    Args:
        path: The file's.
        label: How messages name it.

    Raises:
        BuildError: It has another encoding.
    """
    with open(path, "rb") as file:
        content = file.read()
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in content:
        # PowerShell's `>` writes it.
        raise BuildError(f"{label}: UTF-16 text; save it as UTF-8")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BuildError(f"{label}: not UTF-8 text; save it as UTF-8") from error


def read_lines(path: str, label: str) -> list[tuple[str, str]]:
    """The lines of a file that say something, each with its place as `label:number`.

    A `#` at the start of a line or behind a space begins a comment.

    Raises:
        BuildError: The file is not UTF-8.
    """
    lines = [without_comment(line).strip() for line in _LINE_END.split(read_text(path, label))]
    return [(f"{label}:{number}", line) for number, line in enumerate(lines, start=1) if line]


def without_comment(line: str) -> str:
    """A line up to its comment."""
    return _COMMENT.sub("", line)
