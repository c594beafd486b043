"""Releases through `make`: what happens before an apply, after a promotion, and what is told."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tasks import __main__ as launcher
from tasks import commands
from tasks.environment import environment as deployment
from tasks.environment import tools
from tasks.environment.paths import ROOT
from tasks.environment.terraform import Root
from tasks.processes import children
from tasks.processes.children import Interrupted
from tasks.processes.steps import StepError

FUNCTIONS = {"list_dragons": "arn:aws:lambda:eu-west-1:000000000000:function:dragons-dev-list_dragons:live"}
OUTPUTS: dict[str, Any] = dict.fromkeys(commands.OUTPUTS, "") | {
    "functions": FUNCTIONS,
    "canary_percent": 0,
    "pinned": {},
    "parameter_path": "/dragons/dev",
    "rest_api_id": "a1b2c3",
    "rest_api_stage": "v1",
}


class Launched:
    """A launcher whose Terraform and commands are noted in order; each may fail."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.done: list[str] = []
        self.options: list[list[str]] = []
        self.outputs = OUTPUTS
        self.apply_fails: BaseException | None = None
        self.codes: dict[str, int] = {}
        self._patch = monkeypatch
        monkeypatch.setattr(Root, "init", lambda _: None)
        monkeypatch.setattr(Root, "outputs", lambda _: self.outputs)
        monkeypatch.setattr(Root, "hand_over", self._terraform)
        monkeypatch.setattr(Root, "refresh", lambda _: self.done.append("refresh"))
        monkeypatch.setattr(tools, "install", lambda *_: False)
        monkeypatch.setattr(deployment, "require_cloud", lambda _: None)
        monkeypatch.setattr(children, "run_to_end", self._run)
        monkeypatch.setattr(launcher, "build", lambda: False)
        monkeypatch.setattr(launcher, "running_port", lambda _: None)

    def _terraform(self, *words: str, **_: bool) -> None:
        self.done.append(f"terraform {words[0]}")
        if self.apply_fails is not None:
            raise self.apply_fails

    def _run(self, command: commands.Command, **_: Any) -> int:
        words = [str(word) for word in command]
        self.done.append(words[3])
        self.options.append(words[4:])
        return self.codes.get(words[3], 0)

    def main(self, *words: str) -> int:
        self._patch.setattr(sys, "argv", ["tasks", "--port", "1", "--env", "dev", *words])
        return launcher.main()


@pytest.fixture
def launched(monkeypatch: pytest.MonkeyPatch) -> Launched:
    return Launched(monkeypatch)


def test_an_apply_is_terraforms_alone(launched: Launched, capsys: pytest.CaptureFixture[str]) -> None:
    assert launched.main("apply") == 0
    assert launched.done == ["terraform apply"]
    assert capsys.readouterr().out == ""


def test_a_canary_is_prepared_before_the_apply(launched: Launched) -> None:
    assert launched.main("apply", "--canary-percent", "12.5") == 0
    assert launched.done == ["canary", "terraform apply"]
    [words] = launched.options
    assert words[words.index("--percent") + 1] == "12.5"
    assert words[words.index("--parameter-path") + 1] == "/dragons/dev"
    assert "--endpoint" not in words


@pytest.mark.parametrize("error", [StepError("terraform apply failed"), Interrupted(signal.SIGINT)])
def test_what_was_prepared_is_taken_back_from_the_same_memo(launched: Launched, error: BaseException) -> None:
    launched.apply_fails = error
    assert launched.main("apply", "--canary-percent", "10") == (1 if isinstance(error, StepError) else 130)
    assert launched.done == ["canary", "terraform apply", "restore"]
    written, read = ([words[words.index("--memo") + 1]] for words in launched.options)
    assert written == read
    assert not Path(written[0]).parent.exists()


def test_an_apply_does_not_follow_a_canary_that_was_refused(launched: Launched) -> None:
    launched.codes = {"canary": 1}
    with pytest.raises(SystemExit):
        launched.main("apply", "--canary-percent", "10")
    assert launched.done == ["canary"]


def test_a_first_deployment_has_no_canary(launched: Launched, capsys: pytest.CaptureFixture[str]) -> None:
    launched.outputs = {}
    assert launched.main("apply", "--canary-percent", "10") == 1
    assert launched.done == []
    assert capsys.readouterr().err == (
        "error: CANARY_PERCENT=10: nothing is deployed that could serve the other calls\n"
        "next:  deploy once without CANARY_PERCENT\n"
    )


def test_a_first_deployment_may_say_that_it_wants_none(launched: Launched) -> None:
    launched.outputs = {}
    assert launched.main("apply", "--canary-percent", "0") == 1  # this apply made no outputs
    assert launched.done == ["terraform apply"]


def test_an_apply_tells_what_is_held_back(launched: Launched, capsys: pytest.CaptureFixture[str]) -> None:
    launched.outputs = OUTPUTS | {"pinned": {"list_dragons": "3", "write_dataset": "1"}, "canary_percent": 5}
    assert launched.main("apply") == 0
    assert capsys.readouterr().out == (
        "canary: 5 % of the REST API's calls go to the newest versions\n"
        "pinned: list_dragons at 3, write_dataset at 1; `make promote` goes on to the newest versions\n"
    )


@pytest.mark.parametrize("command", ["promote", "rollback"])
def test_outputs_follow_what_moved(launched: Launched, command: str) -> None:
    assert launched.main(command) == 0
    assert launched.done == [command, "refresh"]


@pytest.mark.parametrize("command", ["promote", "rollback"])
def test_outputs_stay_where_nothing_moved(launched: Launched, command: str) -> None:
    launched.codes = {command: 1}
    with pytest.raises(SystemExit):
        launched.main(command)
    assert launched.done == [command]


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:9", None])
@pytest.mark.parametrize("action", ["canary", "promote", "rollback"])
def test_the_launchers_command_is_understood_and_fails_in_a_line(
    tmp_path: Path, action: str, endpoint: str | None
) -> None:
    options = ["--percent", "12.5", "--memo", str(tmp_path / "memo")] if action == "canary" else []
    command = [str(word) for word in commands.release(action, OUTPUTS, endpoint, *options)]
    settings = os.environ | {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "AWS_MAX_ATTEMPTS": "1",
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_SECRET_ACCESS_KEY": "x",
    }
    done = subprocess.run(
        [sys.executable, *command[1:]], cwd=ROOT, env=settings, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith("error: Could not connect")
    assert done.stderr.count("\n") == 1
