"""The commands that README and docs show are there: targets of make with their inputs, and the AWS CLI's own.

What the AWS CLI of the tests, a version 1, does not know is marked with `AWS CLI 2`.
"""

import re
from functools import cache
from typing import Any

import pytest
from awscli.clidriver import create_clidriver  # type: ignore[import-untyped]

from support.documented import AWS, MAKE, ROOT, Command, documented

EVERYWHERE = {"ENV", "PORT"}


def of(pattern: re.Pattern[str]) -> list[Any]:
    """The commands of all pages that a pattern finds, each once a page."""
    found = {(command.page, command.text): command for command in documented(pattern)}
    return [pytest.param(each, id=f"{each.page.name}: {each.text[:60]}") for each in found.values()]


@cache
def inputs() -> dict[str, set[str]]:
    """What each target of make takes, by its line of help."""
    lines = re.findall(r"^## ([a-z0-9]+)(.*?): ", (ROOT / "Makefile").read_text(), re.MULTILINE)
    return {target: {*EVERYWHERE, *re.findall(r"([A-Z_]+)=", words)} for target, words in lines}


@cache
def services() -> Any:
    """The AWS CLI's services."""
    return create_clidriver()._get_command_table()


def fault(command: Command) -> str:
    """What the installed AWS CLI does not know of a command; empty if it knows all of it."""
    found = AWS.search(command.of_version_1)
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


@pytest.mark.parametrize("command", of(MAKE))
def test_make_has_the_target_and_takes_its_inputs(command: Command) -> None:
    for target, words in MAKE.findall(command.text):
        assert target in inputs()
        assert set(re.findall(r"\b([A-Z_]+)=", words)) <= inputs()[target]


@pytest.mark.parametrize("command", of(AWS))
def test_the_aws_cli_takes_the_command_or_it_is_said_which_does(command: Command) -> None:
    assert not fault(command) or command.reason == "AWS CLI 2"


def test_there_are_commands_to_look_at() -> None:
    assert len(of(MAKE)) > 50
    assert len(of(AWS)) > 20
