"""The commands of the docs work as they are written, page by page and in the page's order.

Each `aws` and `curl` line is run, with what its examples stand for in the system under test, but for those
that the page marks: see `support.documented`. The README's `curl` lines are in test_readme.py, and so is a
report like that of docs/deploy.md, which wants somebody signed in. Of the lines of `make`, those of two
targets are run here; tests/contract/test_commands.py says which tests run the others.
"""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from support.documented import AWS, MAKE, PAGES, ROOT, Command, commands, documented
from support.examples import Examples, UnknownPlaceholderError
from support.shell import Call, Shell
from support.under_test import applied_from

TARGETS = {"outputs", "partner"}
_CURL = re.compile(r"^curl [-\"]")
_ANSWERING = re.compile(r"(?:admin-)?(?:create|get|invoke|list|scan)\b")
_NOTHING = {"", "None", "[]", "{}", "null"}


def scripts(page: Path) -> list[list[Command]]:
    """What is run of a page: the commands of a block together, since they hand on to each other."""
    blocks = groupby(commands(page), lambda each: each.block or -each.line)
    run = [_run_of(list(block)) for _, block in blocks]
    return [script for script in run if script]


def _run_of(block: list[Command]) -> list[Command]:
    """What is run of a block: of `curl`, nothing that somebody signs in for."""
    signed_in = any("make -s token" in each.text for each in block)
    ours = [each for each in block if AWS.search(each.text) or (not signed_in and _CURL.match(each.text))]
    return [each for each in ours if not each.reason]


def faults(script: list[Command], shell: Shell, examples: Examples) -> Iterator[str]:
    """What is wrong with the commands of a script, each with page and line."""
    filled = []
    for command in script:
        try:
            filled.append(examples.fill(command.of_version_1))
        except UnknownPlaceholderError as error:
            yield f"{command.where}: {error} is not a placeholder that tests/support/examples.py knows"
            return
    calls, said = shell.run("\n".join(filled))
    if len(calls) != len(script):
        yield f"{script[0].where}: {len(calls)} of {len(script)} commands were run: {said}"
        return
    for command, call in zip(script, calls, strict=True):
        if told := fault(command, call):
            yield f"{command.where}: {command.text}: {told}"


def fault(command: Command, call: Call) -> str:
    """What is wrong with what a command gave; empty if nothing is."""
    if call.code != 0:
        return f"ended with {call.code}: {call.errors or call.printed}"
    if '"FunctionError"' in call.printed:
        return call.printed
    found = AWS.search(command.text)
    answers = found is None or _ANSWERING.match(found["operation"])
    return "nothing came back" if answers and call.printed.strip() in _NOTHING else ""


@pytest.fixture
def examples(outputs: dict[str, Any], aws: Callable[[str], Any]) -> Iterator[Examples]:
    """The examples, on a local cloud."""
    if "AWS_ENDPOINT_URL" not in os.environ:
        pytest.skip("the docs' commands would change a system on AWS")
    with Examples(outputs, aws) as made:
        yield made


@pytest.fixture
def _put_back(outputs: dict[str, Any], aws: Callable[[str], Any]) -> Iterator[None]:
    """Put back what the runbook changes of the system itself: guests' permission, and a pin."""
    iam, ssm, path = aws("iam"), aws("ssm"), outputs["parameter_path"]
    environment = path.rpartition("/")[2]
    policy = {"RoleName": f"dragons-{environment}-unauthenticated", "PolicyName": "invoke"}
    document = json.dumps(iam.get_role_policy(**policy)["PolicyDocument"])
    pin = f"{path}/pins/list_dragons"
    before = ssm.get_parameters(Names=[pin])["Parameters"]
    yield
    iam.put_role_policy(**policy, PolicyDocument=document)
    ssm.delete_parameters(Names=[pin])
    for parameter in before:
        ssm.put_parameter(Name=pin, Value=parameter["Value"], Type="String")


@pytest.mark.timeout(600)  # a process a command
@pytest.mark.usefixtures("_put_back")
@pytest.mark.parametrize("page", [page for page in PAGES if scripts(page)], ids=lambda page: page.name)
def test_the_commands_of_a_page_work(page: Path, examples: Examples, tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    found = [each for script in scripts(page) for each in faults(script, shell, examples)]
    assert not found, "\n".join(found)


def make_lines() -> list[tuple[str, str]]:
    """The lines of `make` that are run, as targets and inputs."""
    found = {line for command in documented(MAKE) for line in MAKE.findall(command.text)}
    return sorted((target, inputs) for target, inputs in found if target in TARGETS and inputs.strip())


@pytest.mark.parametrize(("target", "inputs"), make_lines())
def test_a_line_of_make_works(target: str, inputs: str, outputs: dict[str, Any], examples: Examples) -> None:
    applied_from()  # what `support.under_test` works on
    words = [f"RUN={sys.executable} -m support.under_test", target, *shlex.split(examples.fill(inputs))]
    done = subprocess.run(
        ["make", "-s", *words],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    name = re.findall(r"NAME=(\w+)", inputs)[0]
    told = outputs[name] if target == "outputs" else "token_sha256"
    assert (told if isinstance(told, str) else json.dumps(told)) in done.stdout
