"""The README's commands answer as the README shows."""

import os
import re
import subprocess
import uuid
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from system import Api, poll

ROOT = Path(__file__).parents[2]
DRAGON = "Emberlynn"


def shown() -> list[tuple[str, str]]:
    """The README's curl commands, each with the answer that it shows."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    console = re.findall(r"^```console\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    lines = [line for block in console for line in block.splitlines()]
    return [
        (line.removeprefix("$ "), answer) for line, answer in pairwise(lines) if line.startswith("$ curl")
    ]


@pytest.fixture
def _without_the_dragon(outputs: dict[str, Any], aws: Callable[[str], Any], api: Api) -> Iterator[None]:
    def remove() -> None:
        key = {"dragon_name_str": {"S": DRAGON}}
        aws("dynamodb").delete_item(TableName=outputs["dragons_table"], Key=key)

    remove()
    poll(lambda: True if not api.listed(dragonName=DRAGON) else None, f"{DRAGON} to leave")
    yield
    remove()


@pytest.mark.usefixtures("_without_the_dragon")
def test_every_command_answers_as_shown(api: Api) -> None:
    commands = shown()
    assert len(commands) >= 8
    key = f"e2e-{uuid.uuid4().hex}"  # the README's own may have been used by hand
    for command, answer in commands:
        pattern = ".*".join(re.escape(part) for part in answer.replace("first-sighting", key).split("..."))
        check = partial(_answers, command.replace("first-sighting", key), pattern, api)
        if " -d " in command:
            assert check(), f"{command} did not answer {answer}"
        else:
            poll(check, f"{command} to answer {answer}", seconds=30)


def _answers(command: str, pattern: str, api: Api) -> bool | None:
    done = subprocess.run(
        ["bash", "-c", command.replace("curl", "curl --silent --show-error", 1)],
        cwd=ROOT,
        env=os.environ | {"api": api.url},
        capture_output=True,
        text=True,
        check=True,
    )
    return True if re.fullmatch(pattern, done.stdout.strip(), re.DOTALL) else None
