"""`make e2e`: which system the tests are shown, and what is said where there is none."""

import argparse
import json
import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from tasks import e2e
from tasks import test as suite
from tasks.account import backend_file
from tasks.environment import answering, pytest_run, tools
from tasks.environment.cloud import Cloud, free_port
from tasks.environment.environment import NEEDED, Environment
from tasks.environment.terraform import Root
from tasks.processes import children
from tasks.processes.steps import StepError

OUTPUTS = dict.fromkeys(NEEDED, "x") | {
    "report_dragon_arn": "arn:aws:states:eu-west-1:000000000000:stateMachine:dragons-dev-report_dragon"
}


class Run:
    """What Terraform and pytest were asked to do."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        self.calls: list[str] = []
        self.env: dict[str, str] = {}
        for name in ("AWS_ENDPOINT_URL", "AWS_DEFAULT_REGION", "DRAGONS_CLOUD_LOG"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setattr(pytest_run, "FOLDER", folder)
        monkeypatch.setattr(tools, "install", lambda *_: False)
        monkeypatch.setattr(Root, "init", lambda _: self.calls.append("init"))
        monkeypatch.setattr(Root, "outputs", lambda _: self._outputs())
        monkeypatch.setattr(children, "run_to_end", self._pytest)
        monkeypatch.setattr(answering, "require", lambda url, *_, **__: self.calls.append(f"ask {url}"))
        monkeypatch.setattr(
            backend_file,
            "write_if_bootstrapped",
            lambda _, bucket: self.calls.append(f"backend {bucket}".strip()),
        )

    def _outputs(self) -> dict[str, Any]:
        self.calls.append("outputs")
        return OUTPUTS

    def _pytest(self, command: list[Any], env: dict[str, str], **_: Any) -> int:
        self.calls.append("pytest")
        self.command, self.env = command, env
        return 0

    def e2e(self, environment: str, bucket: str = "") -> None:
        e2e.run(Environment(environment, 1), argparse.Namespace(bucket=bucket))


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    return Run(monkeypatch, tmp_path)


def test_an_environment_on_aws_is_initialised_first_and_tested_in_its_region(run: Run) -> None:
    run.e2e("dev")
    assert run.calls == ["backend", "init", "outputs", "ask x/status", "pytest"]
    assert run.env["AWS_DEFAULT_REGION"] == "eu-west-1"
    assert not {"AWS_ENDPOINT_URL", "DRAGONS_CLOUD_LOG"} & run.env.keys()
    assert json.loads(Path(run.env["DRAGONS_OUTPUTS"]).read_text()) == OUTPUTS


def test_the_bucket_of_the_state_can_be_named(run: Run) -> None:
    run.e2e("dev", "our-states")
    assert run.calls[:2] == ["backend our-states", "init"]


@pytest.mark.parametrize(
    ("environment", "bucket", "endpoint", "told"),
    [
        ("dev", "Ours", "", "BUCKET=Ours is not a bucket's name"),
        ("local", "our-states", "", "BUCKET is for an environment on AWS"),
        ("dev", "our-states", "http://elsewhere:4566", "BUCKET is for an environment on AWS"),
    ],
)
def test_a_bucket_that_is_none_or_of_no_use_is_refused(
    run: Run, monkeypatch: pytest.MonkeyPatch, environment: str, bucket: str, endpoint: str, told: str
) -> None:
    if endpoint:
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    with pytest.raises(StepError, match=told):
        run.e2e(environment, bucket)
    assert run.calls == []


def test_the_local_cloud_is_tested_with_its_endpoint_and_its_log(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Cloud, "running", lambda _: True)
    run.e2e("local")
    assert run.env["AWS_ENDPOINT_URL"] == "http://127.0.0.1:1"
    assert run.env["DRAGONS_CLOUD_LOG"] == str(Cloud(1).log)
    assert run.env["AWS_DEFAULT_REGION"] == "eu-west-1"


def test_a_local_cloud_that_is_down_is_said_at_once(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Cloud, "running", lambda _: False)
    with pytest.raises(StepError, match="the local cloud is not running") as caught:
        run.e2e("local")
    assert caught.value.remedy == "make up"
    assert run.calls == []


def test_another_localstack_is_taken_at_its_word(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Cloud, "running", lambda _: False)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://elsewhere:4566")
    run.e2e("local")
    assert run.calls == ["ask http://elsewhere:4566", "init", "outputs", "ask x/status", "pytest"]
    assert run.env["AWS_ENDPOINT_URL"] == "http://elsewhere:4566"
    assert "DRAGONS_CLOUD_LOG" not in run.env


class Answers(BaseHTTPRequestHandler):
    """A server that answers by the last part of the path."""

    def do_GET(self) -> None:
        self.send_response(int(self.path.rpartition("/")[2]))
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    """A server's URL."""
    with HTTPServer(("127.0.0.1", 0), Answers) as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{made.server_port}"
        made.shutdown()


@pytest.mark.parametrize("status", [200, 401, 403, 404])
def test_a_system_that_answers_is_tested(server: str, status: int) -> None:
    answering.require(f"{server}/{status}", "make up", past_proxies=True)


def test_a_system_that_is_down_is_said_at_once(server: str) -> None:
    with pytest.raises(StepError, match=f"^{server}/503 answers with 503$") as caught:
        answering.require(f"{server}/503", "make apply ENV=dev", past_proxies=True)
    assert caught.value.remedy == "make apply ENV=dev"
    url = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(StepError, match=rf"^{url} does not answer \(.*refused\)$"):
        answering.require(url, "make up", past_proxies=True)


def test_without_a_local_cloud_its_tests_are_left_out_and_that_is_said(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(suite, "LOCALCLOUD", tmp_path / "none")
    monkeypatch.setattr(suite, "build", lambda: False)
    monkeypatch.setattr(suite, "_checks", list)
    suite.run(Environment("local", 1), argparse.Namespace())
    assert (run.calls, run.command[-2:]) == (["pytest"], ["tests/unit", "tests/contract"])
    assert "left out are its tests and the end-to-end tests" in capsys.readouterr().out


def test_checks_run_side_by_side_and_each_failure_is_named() -> None:
    together = threading.Barrier(2, timeout=30)

    def fails() -> str:
        together.wait()
        raise StepError("it is wrong")

    def passes() -> str:
        together.wait()
        return ""

    checks = [
        ("one", partial(fails)),
        ("two", partial(passes)),
        ("three", partial(fails)),
        ("four", partial(passes)),
    ]
    assert suite._failures(checks) == ["one", "three"]
