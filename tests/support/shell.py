"""A shell whose `aws` and `curl` keep what they were answered, wherever in a line they stand."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_NOTED = """#!/bin/bash
set -o pipefail
call="{calls}/$(ls "{calls}" | wc -l)"
mkdir "$call"
{command} "$@" 2>"$call/errors" | tee "$call/printed"
echo $? | tee "$call/code" >/dev/null
exit "$(cat "$call/code")"
"""


@dataclass(frozen=True)
class Call:
    """What a command of a script gave."""

    code: int
    printed: str
    errors: str


class Shell:
    """Runs scripts of bash.

    Args:
        folder: An empty one, for what it keeps.
    """

    def __init__(self, folder: Path) -> None:
        self._calls = folder / "calls"
        self._path = folder / "bin"
        self._path.mkdir()
        curl = f"{shutil.which('curl')} --fail-with-body --silent --show-error"
        for name, command in (("aws", f"{sys.executable} -m awscli"), ("curl", curl)):
            (self._path / name).write_text(_NOTED.format(calls=self._calls, command=command))
            (self._path / name).chmod(0o755)

    def run(self, script: str) -> tuple[list[Call], str]:
        """Run a script; gives its calls of `aws` and `curl` in order, and what the shell itself said."""
        shutil.rmtree(self._calls, ignore_errors=True)
        self._calls.mkdir()
        env = os.environ | {"PATH": f"{self._path}:{os.environ['PATH']}"}
        done = subprocess.run(
            ["bash", "-c", script], env=env, capture_output=True, text=True, check=False, timeout=120
        )
        folders = sorted(self._calls.iterdir(), key=lambda folder: int(folder.name))
        return [_read(folder) for folder in folders], done.stderr


def _read(folder: Path) -> Call:
    printed, errors = ((folder / name).read_text() for name in ("printed", "errors"))
    return Call(int((folder / "code").read_text()), printed, errors)
