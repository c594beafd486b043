"""The commands that README and docs show, and which of them are marked as AWS's alone.

A mark is `AWS CLI 2`, or `AWS alone: <reason>`. It counts for a command of a block where its own comment has
it, or the comment above it, as far as the next empty line; for a command in the text where its paragraph has
it; and for all commands of a section whose first paragraph has it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "UPGRADE.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
AWS = re.compile(r"(?:^|\(|\$ )aws (?P<service>[a-z0-9-]+) (?P<operation>[a-z0-9-]+)(?P<rest>.*)", re.DOTALL)
MAKE = re.compile(r"(?:^|\$\(|\$ |; )make(?: -s)? ([a-z0-9]+)((?: [^\n;)#|]*)?)")

_BLOCK = re.compile(r"^ *```[a-z]*\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
_SPAN = re.compile(r"`([^`]+)`")
_PARAGRAPH = re.compile(r"(?:^.*\S.*\n?)+", re.MULTILINE)
_MARK = re.compile(r"(AWS CLI 2)|AWS alone: ([^.:;)]+)")
_LEFT_OUT = re.compile(r"with a version 1 of the AWS CLI, leave out( --\S+ \S+)")


@dataclass(frozen=True)
class Command:
    """A command as a page shows it, on one line.

    Attributes:
        page: The page's path.
        line: Where it begins there, from 1.
        text: The command, with its comment.
        around: Where its mark may be.
        block: The line that its block begins on; 0 in the text.
    """

    page: Path
    line: int
    text: str
    around: str
    block: int = 0

    @property
    def where(self) -> str:
        """Page and line."""
        return f"{self.page.relative_to(ROOT)}:{self.line}"

    @property
    def reason(self) -> str:
        """Why it is left out on a local cloud; empty if it is not."""
        found = _MARK.search(self.around)
        return " ".join((found[1] or found[2]).split()) if found else ""

    @property
    def of_version_1(self) -> str:
        """The command for a version 1 of the AWS CLI: without what the page says to leave out there."""
        found = _LEFT_OUT.search(self.around)
        return self.text.replace(found[1], "") if found else self.text


def commands(page: Path) -> list[Command]:
    """What a page shows as code, in its order."""
    text = page.read_text(encoding="utf-8")
    return sorted([*_of_blocks(page, text), *_of_text(page, text)], key=lambda command: command.line)


def documented(pattern: re.Pattern[str]) -> list[Command]:
    """The commands of all pages that a pattern finds."""
    return [command for page in PAGES for command in commands(page) if pattern.search(command.text)]


def _of_blocks(page: Path, text: str) -> Iterator[Command]:
    for block in _BLOCK.finditer(text):
        begins, comments, introduction = _line_of(text, block.start()), "", _introduction(text, block.start())
        for number, line in _lines(block[1]):
            if not line or line.startswith("#"):
                comments = line and f"{comments} {line}"
                continue
            around = f"{introduction}\n{comments} {line.partition(' #')[2]}"
            yield Command(page, begins + number, line, around, begins)


def _lines(block: str) -> Iterator[tuple[int, str]]:
    """The lines of a block, each with those that it goes on in, and with the number of its first."""
    whole, first = "", 1
    for number, line in enumerate(block.splitlines(), 1):
        first = first if whole else number
        whole += line.strip().removesuffix("\\")
        if not line.endswith("\\") and (whole.startswith("#") or whole.count("'") % 2 == 0):
            yield first, whole
            whole = ""


def _of_text(page: Path, text: str) -> Iterator[Command]:
    blank = _without_blocks(text)
    for paragraph in _PARAGRAPH.finditer(blank):
        around = f"{_introduction(text, paragraph.start())}\n{paragraph[0]}"
        for span in _SPAN.finditer(paragraph[0]):
            line = _line_of(blank, paragraph.start() + span.start())
            yield Command(page, line, " ".join(span[1].split()), around)


def _introduction(text: str, position: int) -> str:
    """The first paragraph of the section that a position is in, if it is no block."""
    headings = [heading.end() for heading in re.finditer(r"^#+ .*\n\n", _without_blocks(text), re.MULTILINE)]
    begins = max((end for end in headings if end <= position), default=0)
    found = _PARAGRAPH.match(_without_blocks(text), begins)
    return found[0] if found else ""


def _without_blocks(text: str) -> str:
    """The text with its blocks empty, each of its characters where it was."""
    return _BLOCK.sub(lambda block: re.sub(r"[^\n]", " ", block[0]), text)


def _line_of(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1
