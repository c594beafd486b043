"""Releases through `make`: what happens before an apply, after a promotion, and what is told."""

import signal
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from tasks import __main__ as launcher
from tasks.environment import build, tools
from tasks.environment.environment import NEEDED, Environment
from tasks.environment.settings_file import SettingsFile
from tasks.environment.terraform import Root
from tasks.processes.children import Interrupted
from tasks.processes.steps import StepError
from tasks.rollout import around_apply
from tasks.rollout.moves import ReleaseError

OUTPUTS: dict[str, Any] = dict.fromkeys(NEEDED, "") | {
    "functions": {},
    "canary_percent": 0,
    "halted": {},
    "pinned": {},
    "pinned_state_machines": {},
}

APPLIED = ["terraform plan", "terraform apply", "refresh"]


class Launched:
    """Targets whose Terraform and releases are noted in order; each may fail."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.done: list[Any] = []
        self.outputs = OUTPUTS
        self.changes = True
        self.said = "yes"
        self.apply_fails: BaseException | None = None
        self.refused: set[str] = set()
        self.system = SimpleNamespace(routing="before", newest="newest")
        self._patch = monkeypatch
        monkeypatch.setattr(Root, "init", lambda _: None)
        monkeypatch.setattr(SettingsFile, "require_own_domains", lambda _: None)
        monkeypatch.setattr(Root, "outputs", lambda _: self.outputs)
        monkeypatch.setattr(Root, "plan", lambda *_: self._plan())
        monkeypatch.setattr(Root, "apply_plan", lambda *_: self._apply())
        monkeypatch.setattr("builtins.input", lambda _: self.said)
        monkeypatch.setattr(Root, "refresh", lambda _: self.done.append("refresh"))
        monkeypatch.setattr(tools, "install", lambda *_: False)
        monkeypatch.setattr(Environment, "enter_tools", lambda _: None)
        monkeypatch.setattr(around_apply, "build", lambda: False)
        monkeypatch.setattr(build, "build", lambda: False)
        monkeypatch.setattr(around_apply, "read", lambda *_: self)
        monkeypatch.setattr(launcher, "running_port", lambda _: None)

    def _plan(self) -> bool:
        self.done.append("terraform plan")
        return self.changes

    def _apply(self) -> None:
        self.done.append("terraform apply")
        if self.apply_fails is not None:
            raise self.apply_fails

    def _release(self, action: str, *words: Any) -> str:
        self.done.append((action, *words) if words else action)
        if action in self.refused:
            raise ReleaseError("it is refused")
        return f"{action} is done"

    def canary(self, share: float) -> str:
        return self._release("canary", share)

    def restore(self, routing: str, newest: str) -> str:
        return self._release("restore", routing, newest)

    def promote(self) -> str:
        return self._release("promote")

    def rollback(self) -> str:
        return self._release("rollback")

    def main(self, *words: str) -> int:
        self._patch.setattr(sys, "argv", ["tasks", "--port", "1", "--env", "dev", *words])
        return launcher.main()


@pytest.fixture
def launched(monkeypatch: pytest.MonkeyPatch) -> Launched:
    return Launched(monkeypatch)


def test_an_apply_is_terraforms_alone(launched: Launched, capsys: pytest.CaptureFixture[str]) -> None:
    assert launched.main("apply") == 0
    assert launched.done == APPLIED
    assert "canary" not in capsys.readouterr().out


def test_a_canary_is_prepared_before_the_apply(
    launched: Launched, capsys: pytest.CaptureFixture[str]
) -> None:
    assert launched.main("apply", "--canary-percent", "12.5") == 0
    assert launched.done == [("canary", 12.5), *APPLIED]
    assert capsys.readouterr().out.startswith("canary is done\n")


@pytest.mark.parametrize("error", [StepError("terraform apply failed"), Interrupted(signal.SIGINT)])
def test_what_was_prepared_is_taken_back_as_it_was_before(launched: Launched, error: BaseException) -> None:
    launched.apply_fails = error
    assert launched.main("apply", "--canary-percent", "10") == (1 if isinstance(error, StepError) else 130)
    assert launched.done == [("canary", 10), *APPLIED[:2], ("restore", "before", "newest")]


def test_what_was_prepared_is_taken_back_if_nobody_says_yes(launched: Launched) -> None:
    launched.said = "no"
    assert launched.main("apply", "--canary-percent", "10") == 1
    assert launched.done == [("canary", 10), "terraform plan", ("restore", "before", "newest")]


def test_where_nothing_changes_nobody_is_asked(launched: Launched) -> None:
    launched.changes, launched.said = False, "no"
    assert launched.main("apply") == 0
    assert launched.done == ["terraform plan", "refresh"]


def test_an_apply_does_not_follow_a_canary_that_was_refused(
    launched: Launched, capsys: pytest.CaptureFixture[str]
) -> None:
    launched.refused = {"canary"}
    assert launched.main("apply", "--canary-percent", "10") == 1
    assert launched.done == [("canary", 10)]
    assert capsys.readouterr().err == "error: it is refused\n"


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
    assert launched.done == APPLIED


def test_an_apply_tells_what_is_held_back(launched: Launched, capsys: pytest.CaptureFixture[str]) -> None:
    launched.outputs = OUTPUTS | {
        "pinned": {"list_dragons": "3", "write_dataset": "1"},
        "pinned_state_machines": {"report_dragon": "2"},
        "canary_percent": 5,
        "halted": {"list_dragons": "parameter", "pre_sign_up": "input"},
    }
    assert launched.main("apply") == 0
    assert capsys.readouterr().out.endswith(
        "canary: 5 % of the REST API's calls go to the newest versions\n"
        "pinned: list_dragons at 3, write_dataset at 1, state_machines/report_dragon at 2; "
        "`make promote` goes on to the newest versions\n"
        "halted: list_dragons, pre_sign_up; `make resume` lets them go on, one by one\n"
    )


@pytest.mark.parametrize("command", ["promote", "rollback"])
def test_outputs_follow_what_moved(launched: Launched, command: str) -> None:
    assert launched.main(command) == 0
    assert launched.done == [command, "refresh"]


@pytest.mark.parametrize("command", ["promote", "rollback"])
def test_outputs_stay_where_nothing_moved(launched: Launched, command: str) -> None:
    launched.refused = {command}
    assert launched.main(command) == 1
    assert launched.done == [command]


@pytest.mark.parametrize("words", [["promote"], ["rollback"], ["apply", "--canary-percent=10"]])
def test_what_aws_refuses_takes_a_line(
    launched: Launched,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
) -> None:
    def read(*_: Any) -> Any:
        raise EndpointConnectionError(endpoint_url="http://127.0.0.1:9")

    monkeypatch.setattr(around_apply, "read", read)
    assert launched.main(*words) == 1
    assert capsys.readouterr().err == 'error: Could not connect to the endpoint URL: "http://127.0.0.1:9"\n'
    assert launched.done == []
