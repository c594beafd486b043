"""The targets of make: what they pass on, and their words where there is nothing to work on."""

import importlib
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, NoReturn

import pytest

from tasks import __main__ as launcher
from tasks import up
from tasks.environment import build, tools
from tasks.environment.cloud import Cloud
from tasks.environment.paths import DEV_PYTHON, ROOT
from tasks.environment.terraform import Root
from tasks.processes import children

OUTPUTS = {
    "functions": {
        "list_dragons": "arn:aws:lambda:eu-west-1:000000000000:function:dragons-dev-list_dragons:live"
    },
    "canary_percent": 10,
    "halted": {},
    "pinned": {},
    "pinned_state_machines": {},
    "state_machines": {},
    "parameter_path": "/dragons/dev",
    "rest_api_id": "a1b2c3",
    "rest_api_stage": "v1",
    "rest_api_url": "https://a1b2c3.execute-api.eu-west-1.amazonaws.com/v1",
    "dragons_table": "dragons-dev-dragons",
    "partners_table": "dragons-dev-partners",
    "partners_usage_plan_id": "plan",
    "report_dragon_arn": "arn:aws:states:eu-west-1:000000000000:stateMachine:dragons-dev-report_dragon",
    "hosted_ui_url": "https://dragons-dev.auth.eu-west-1.amazoncognito.com",
    "user_pool_id": "eu-west-1_Ab1Cd2Ef3",
    "user_pool_client_id": "client",
}


class Calls:
    """A launcher without Terraform and processes, and what it would have done."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, outputs: dict[str, Any]) -> None:
        self.terraform: list[tuple[str, ...]] = []
        self.commands: list[list[str]] = []
        self.entered: list[list[str]] = []
        self.code = 0
        self._patch = monkeypatch
        monkeypatch.setattr(Root, "init", lambda _: None)
        monkeypatch.setattr(Root, "outputs", lambda _: outputs)
        monkeypatch.setattr(
            Root, "hand_over", lambda root, *words, **_: self.terraform.append((*words, *root._arguments()))
        )
        monkeypatch.setattr(build, "build", lambda: False)
        monkeypatch.setattr(sys, "prefix", "/usr")  # as `python3 -m tasks` starts
        monkeypatch.setattr(os, "execve", self._enter)
        monkeypatch.setattr(launcher, "running_port", lambda _: None)
        monkeypatch.setattr(tools, "install", lambda *_: False)
        monkeypatch.setattr(children, "run_to_end", self._run)

    def _enter(self, _program: Path, command: list[str], env: dict[str, str]) -> NoReturn:
        self.entered.append(command)
        raise SystemExit

    def _run(self, command: list[Any], **_: Any) -> int:
        self.commands.append([str(word) for word in command])
        return self.code

    def main(self, *words: str) -> int:
        self._patch.setattr(sys, "argv", ["tasks", "--port", "1", *words])
        return launcher.main()


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Calls:
    return Calls(monkeypatch, OUTPUTS)


@pytest.mark.parametrize("percent", ["101", "-1", "nan", "ten", ""])
def test_a_share_that_is_none_is_refused(
    calls: Calls, percent: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert calls.main("apply", f"--canary-percent={percent}") == 1
    assert f"CANARY_PERCENT={percent} is not a percentage" in capsys.readouterr().err
    assert calls.terraform == []


@pytest.mark.parametrize(
    "words",
    [
        ["promote", "--env", "prod"],
        ["rollback"],
        ["partner", "--name=acme"],
        ["token", "--user=ann@example.org", "--kind", "access"],
        ["token", "--env=dev"],
        ["apply", "--canary-percent=10"],
    ],
)
def test_what_needs_boto3_goes_on_where_it_is(
    calls: Calls, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.setattr(Cloud, "running", lambda _: True)
    with pytest.raises(SystemExit):
        calls.main(*words)
    assert calls.entered == [[str(DEV_PYTHON), "-m", "tasks", "--port", "1", *words]]
    assert calls.commands == []
    assert calls.terraform == []


def test_every_target_begins_on_the_machines_own_python_with_nothing_installed() -> None:
    modules = ", ".join(f"tasks.{name}" for name in launcher.targets())
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import {modules}"
    done = subprocess.run(["python3", "-I", "-S", "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_each_module_is_a_target_of_make_and_each_target_a_module() -> None:
    makefile = (ROOT / "Makefile").read_text()
    assert re.findall(r"@\$\(RUN\) (\w+)", makefile) == re.findall(r"^(\w+): ; @\$\(RUN\)", makefile, re.M)
    assert sorted(re.findall(r"@\$\(RUN\) (\w+)", makefile)) == launcher.targets()
    for name in launcher.targets():
        assert callable(importlib.import_module(f"tasks.{name}").run)


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ([], ["build", "coldstart", "soak", "loop", "events", "workflows", "edge", "mutation", "query"]),
        (["--part", "coldstart"], ["coldstart"]),
    ],
)
def test_benchmarks_run_in_full_or_in_part(calls: Calls, words: list[str], parts: list[str]) -> None:
    assert calls.main("bench", *words) == 0
    assert calls.commands[0][1:] == ["-m", "bench", *parts]


@pytest.mark.parametrize("delay", ["0", "-1", "nan"])
def test_a_delay_is_above_nothing(calls: Calls, capsys: pytest.CaptureFixture[str], delay: str) -> None:
    assert calls.main("bench", f"--delay={delay}") == 1
    assert capsys.readouterr().err.startswith("error: DELAY must be above 0")
    assert not calls.commands


def test_a_benchmark_that_is_none_takes_one_line(calls: Calls, capsys: pytest.CaptureFixture[str]) -> None:
    assert calls.main("bench", "--part", "load") == 1
    assert capsys.readouterr() == (
        "",
        "error: PART=load is not a benchmark: "
        "choose build, coldstart, soak, loop, events, workflows, edge, mutation or query\n",
    )
    assert calls.commands == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "USER=ann@example.org is missing"),
        (["--user", "ann"], "USER=ann is not an e-mail address: write it as in USER=ann@example.org"),
        (["--user", "a@b", "--kind", "refresh"], "KIND=refresh is not a token: choose id or access"),
        (
            ["--user", "a@b", "--group", "reviewers", "--browser", "yes"],
            "GROUP=reviewers is for the local system and a password: "
            "elsewhere, an administrator puts people into groups (docs/runbook.md, People)",
        ),
        (["--user", "a@b", "--browser", "no"], "BROWSER=no is not valid: say BROWSER=yes, or leave it out"),
        (
            ["--user", "ann", "--env", "prod"],
            "USER=ann is not an e-mail address: write it as in USER=ann@example.org",
        ),
    ],
)
def test_a_token_that_cannot_be_had_takes_one_line(
    calls: Calls, capsys: pytest.CaptureFixture[str], words: list[str], told: str
) -> None:
    assert calls.main("token", *words) == 1
    assert capsys.readouterr() == ("", f"error: {told}\n")
    assert calls.commands == []


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        (["USER=ann@example.org"], "--user=ann@example.org"),
        (["USER=o'neil@example.org", "KIND=access"], "--user=o'neil@example.org --kind=access"),
        ([], ""),
    ],
)
def test_make_takes_the_user_from_its_command_line_alone(words: list[str], asked: str) -> None:
    tell = "RUN=printf '%s '"
    ours = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    done = subprocess.run(
        ["make", "-s", "token", tell, *words],
        cwd=ROOT,
        env=ours | {"USER": "somebody"},  # and nothing of the make that runs the tests
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == f"token {asked}".strip()


@pytest.mark.parametrize("words", [["promote"], ["rollback"], ["partner", "--name=acme"]])
@pytest.mark.parametrize("outputs", [{}, {"functions": {}}])
def test_an_environment_that_is_not_deployed_is_named(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    outputs: dict[str, Any],
) -> None:
    calls = Calls(monkeypatch, outputs)
    monkeypatch.setattr(sys, "prefix", str(DEV_PYTHON.parents[1]))
    assert calls.main(*words, "--env", "prod") == 1
    printed = capsys.readouterr().err
    assert "error: prod is not deployed" in printed
    assert "next:  make apply ENV=prod" in printed
    assert calls.commands == []


def test_a_local_cloud_that_does_not_run_is_said(
    calls: Calls, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Cloud, "running", lambda _: False)
    assert calls.main("promote") == 1
    assert "error: the local cloud is not running on port 1\nnext:  make up" in capsys.readouterr().err
    assert calls.commands == []


def test_make_up_ends_with_where_to_look_and_how_to_report(
    calls: Calls, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    urls = {
        "site_url": "http://site",
        "rest_api_url": "http://rest",
        "http_api_url": "http://http",
        "hosted_ui_url": "http://sign-in",
    }
    monkeypatch.setattr(up, "bring_up", lambda *_: (OUTPUTS | {"canary_percent": 0} | urls, True))
    assert calls.main("up") == 0
    told = capsys.readouterr().out
    assert [line.split()[-1] for line in told.splitlines()[2:6]] == list(urls.values())
    command = "echo " + told.partition("  curl 'http://rest/dragons' ")[2]
    make = "make() { echo token of $3; }; "
    with subprocess.Popen(["bash", "-c", make + command], stdout=subprocess.PIPE, text=True) as shell:
        printed, _ = shell.communicate()
    assert printed.strip() == (
        "-H Authorization: token of USER=ann@example.org "
        "-H Content-Type: application/json -d @tests/fixtures/report.json"
    )
