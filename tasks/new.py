"""`make new`: a function's folder, its block in Terraform, its test and its smoke event."""

import argparse
import keyword
import re
from pathlib import Path

from tasks.environment.environment import Environment
from tasks.environment.paths import ROOT
from tasks.processes.steps import StepError, say

LOCAL_ONLY = "leave ENV out: every environment gets the function"
ANY_PORT = True

BLOCKS = Path("terraform/system/functions.tf")
_NAME = re.compile(r"[a-z][a-z0-9_]{1,39}")

_HANDLER = '''"""{sentence}: what this function does, in a line."""

from collections.abc import Mapping
from typing import Any

from dragons import tracing

tracing.enable()


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Answer an event with the names of its fields."""
    return {{"fields": sorted(event)}}
'''

_TEST = '''"""{sentence}."""

from {name}.handler import handler


def test_the_fields_of_an_event_are_named() -> None:
    assert handler({{"b": 1, "a": 2}}, None) == {{"fields": ["a", "b"]}}
'''

_SMOKE = '{{\n  "event": {{}}\n}}\n'

_BLOCK = """
module "{name}" {{
  source = "../modules/function"

  name       = "{name}"
  deployment = local.deployment
}}
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the function's name."""
    parser.add_argument("--function", default="", help="its name")


def run(_environment: Environment, arguments: argparse.Namespace) -> None:
    """Write the function, and say what to do next.

    Raises:
        StepError: The name is none for a function, or there is something of that name.
    """
    for path in write(ROOT, arguments.function):
        say(f"wrote {path}")
    say(
        f"next:  `make up`, then `make invoke FUNCTION={arguments.function} EVENT=tests/fixtures/report.json`"
    )


def write(root: Path, name: str) -> list[Path]:
    """Write a function's files into a repository.

    Returns:
        What was written, relative to the repository's folder.

    Raises:
        StepError: The name is none for a function, or there is something of that name.
    """
    if not _NAME.fullmatch(name) or keyword.iskeyword(name):
        raise StepError(
            f"FUNCTION={name} is not a name of a function",
            "take 2 to 40 lower-case letters, digits and underscores, such as FUNCTION=count_dragons",
        )
    words = {"name": name, "sentence": name.replace("_", " ").capitalize()}
    files = {
        Path("functions", name, "handler.py"): _HANDLER,
        Path("tests/unit/functions", f"test_{name}.py"): _TEST,
        Path("tests/fixtures/events/smoke", f"{name}.json"): _SMOKE,
    }
    blocks = (root / BLOCKS).read_text(encoding="utf-8")
    there = [path for path in [Path("functions", name), *files] if (root / path).exists()]
    if there or f'module "{name}"' in blocks:
        raise StepError(f"{there[0] if there else BLOCKS} is there already", "choose another name")
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text.format(**words), encoding="utf-8")
    (root / BLOCKS).write_text(blocks + _BLOCK.format(**words), encoding="utf-8")
    return [*files, BLOCKS]
