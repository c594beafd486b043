"""The commands that README and docs show are there: targets of make with their inputs, and the AWS CLI's own.

What the AWS CLI of the tests, a version 1, does not know has `AWS CLI 2` in its block or its paragraph.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from awscli.clidriver import create_clidriver  # type: ignore[import-untyped]

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
EVERYWHERE = {"ENV", "PORT"}
NEWER = "AWS CLI 2"

_BLOCK = re.compile(r"^ *```[a-z]*\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
_SPAN = re.compile(r"`([^`]+)`")
_MAKE = re.compile(r"(?:^|\$\(|\$ |; )make(?: -s)? ([a-z0-9]+)((?: [^\n;)#|]*)?)")
_AWS = re.compile(r"(?:^|\(|\$ )aws ([a-z0-9-]+) ([a-z0-9-]+)(.*)", re.DOTALL)


def commands(text: str) -> Iterator[tuple[str, str]]:
    """The commands of a page, each with what stands around it: those of its blocks, and those in the text."""
    for block in _BLOCK.findall(text):
        yield from ((line, block) for line in _lines(block))
    for paragraph in _BLOCK.sub("", text).split("\n\n"):
        yield from ((" ".join(span.split()), paragraph) for span in _SPAN.findall(paragraph))


def _lines(block: str) -> Iterator[str]:
    """The lines of a block, each with those that it goes on in."""
    whole = ""
    for line in block.splitlines():
        whole += line.strip().removesuffix("\\")
        if not line.endswith("\\") and whole.count("'") % 2 == 0:
            yield whole
            whole = ""


def of(pattern: re.Pattern[str]) -> list[Any]:
    """The commands of all pages that a pattern finds, by page."""
    found = {
        (page.name, command): around
        for page in PAGES
        for command, around in commands(page.read_text(encoding="utf-8"))
        if pattern.search(command)
    }
    return [
        pytest.param(command, around, id=f"{page}: {command[:60]}")
        for (page, command), around in found.items()
    ]


@cache
def inputs() -> dict[str, set[str]]:
    """What each target of make takes, by its line of help."""
    lines = re.findall(r"^## ([a-z0-9]+)(.*?): ", (ROOT / "Makefile").read_text(), re.MULTILINE)
    return {target: {*EVERYWHERE, *re.findall(r"([A-Z_]+)=", words)} for target, words in lines}


@cache
def services() -> Any:
    """The AWS CLI's services."""
    return create_clidriver()._get_command_table()


def fault(command: str) -> str:
    """What the installed AWS CLI does not know of a command; empty if it knows all of it."""
    found = _AWS.search(command)
    assert found
    service, operation, rest = found.groups()
    if service not in services():
        return service
    table = services()[service]
    operations = (
        table._get_command_table() if hasattr(table, "_get_command_table") else table.subcommand_table
    )
    if operation not in operations:
        return f"{service} {operation}"
    known = {*getattr(operations[operation], "arg_table", {}), *create_clidriver()._get_argument_table()}
    unknown = [option for option in re.findall(r"(?<!\S)--([a-z0-9-]+)", rest) if option not in known]
    return " ".join(unknown)


@pytest.mark.parametrize(("command", "_around"), of(_MAKE))
def test_make_has_the_target_and_takes_its_inputs(command: str, _around: str) -> None:
    for target, words in _MAKE.findall(command):
        assert target in inputs()
        assert set(re.findall(r"\b([A-Z_]+)=", words)) <= inputs()[target]


@pytest.mark.parametrize(("command", "around"), of(_AWS))
def test_the_aws_cli_takes_the_command_or_it_is_said_which_does(command: str, around: str) -> None:
    unknown = fault(command)
    assert not unknown or NEWER in around


def test_there_are_commands_to_look_at() -> None:
    assert len(of(_MAKE)) > 50
    assert len(of(_AWS)) > 20
