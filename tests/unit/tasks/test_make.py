"""`make` in a small checkout: what is applied and what is not, inputs, and what a shell may hold."""

import os
import re
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from unit.tasks.checkout import Checkout

HOSTILE = {
    "ENV": "prod",
    "USER": "somebody",
    "PORT": "1",
    "KIND": "refresh",
    "NAME": "somebody",
    "FUNCTION": "none",
    "HTTP_PROXY": "http://127.0.0.1:9",
    "HTTPS_PROXY": "http://127.0.0.1:9",
    "ALL_PROXY": "http://127.0.0.1:9",
    "http_proxy": "http://127.0.0.1:9",
    "AWS_PROFILE": "nobody",
    "AWS_CA_BUNDLE": "/nowhere.pem",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9",
    "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE",
    "AWS_SESSION_TOKEN": "token",
    "AWS_REGION": "eu-west-1",
    "AWS_CONFIG_FILE": "/nowhere",
    "TF_VAR_repository_root": "/elsewhere",
    "TF_CLI_ARGS": "-no-such-option",
    "TF_CLI_ARGS_apply": "-auto-approve",
    "TF_WORKSPACE": "other",
    "TF_DATA_DIR": "/nowhere",
    "TF_LOG": "trace",
    "PYTHONPATH": "/nowhere",
    "PYTHONHOME": "",
}
"""What people have in their shells."""


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Checkout]:
    made = Checkout(tmp_path)
    yield made
    made.kill()


@pytest.fixture
def running(checkout: Checkout) -> Checkout:
    """A checkout whose system is up."""
    code, printed = checkout.make("up", f"PORT={checkout.port}")
    assert code == 0, printed
    return checkout


def terraform_words(checkout: Checkout) -> list[Any]:
    return [call["words"] for call in checkout.calls() if call["tool"] == "terraform"]


def test_nothing_of_the_callers_shell_reaches_what_works_on_the_local_cloud(checkout: Checkout) -> None:
    code, printed = checkout.make("up", f"PORT={checkout.port}", env=HOSTILE)
    assert code == 0, printed
    assert checkout.make("token", "USER=ann@example.org", env=HOSTILE)[0] == 0
    assert checkout.make("apply", env=HOSTILE)[0] == 0
    calls = [call for call in checkout.calls() if call["tool"] != "tasks"]  # which is the same command again
    assert {call["tool"] for call in calls} >= {"terraform", "build.py", "samples.load"}
    for call in calls:
        env: dict[str, str] = call["env"]
        assert env.get("AWS_ACCESS_KEY_ID", "test") == "test"
        assert not {"AWS_PROFILE", "AWS_CA_BUNDLE", "AWS_SESSION_TOKEN", "AWS_REGION", "TF_LOG"} & env.keys()
        assert not [
            name for name in env if name.startswith(("AWS_ENDPOINT", "TF_VAR", "TF_CLI_ARGS", "TF_W"))
        ]
        assert env.get("TF_DATA_DIR", "") != "/nowhere"
        assert env.get("AWS_CONFIG_FILE", "/dev/null") == "/dev/null"
        if "http_proxy" in env:
            assert "127.0.0.1" in env["no_proxy"].split(","), call["tool"]
            assert call["tool"] == "build.py" or call["words"][:1] == ["init"]


@pytest.mark.parametrize("command", ["up", "down", "logs", "test", "bench"])
def test_what_is_for_the_local_cloud_alone_refuses_another_environment(
    checkout: Checkout, command: str
) -> None:
    code, printed = checkout.make(command, "ENV=prod")
    assert code != 0
    assert f"error: `make {command}` is for the local cloud alone, not for ENV=prod\nnext:" in printed
    assert checkout.calls() == []


@pytest.mark.parametrize("environment", ["", "staging", "../local", "local; touch done"])
def test_an_environment_that_is_none_is_refused_before_anything_is_done(
    checkout: Checkout, environment: str
) -> None:
    code, printed = checkout.make("plan", f"ENV={environment}")
    assert code != 0
    assert f"error: ENV={environment} is not an environment: choose one of dev, local, prod" in printed
    assert checkout.calls() == []
    assert not (checkout.folder / "done").exists()


@pytest.mark.parametrize("port", ["99999", "0", "9" * 5000, "\N{SUPERSCRIPT TWO}", "1; touch done"])
def test_a_port_that_is_none_leaves_a_running_system_alone(running: Checkout, port: str) -> None:
    before = running.left()
    code, printed = running.make("up", f"PORT={port}")
    assert code != 0
    assert f"error: PORT={port} is not a port: take a number from 1 to 65535" in printed
    assert running.left() == before
    assert not (running.folder / "done").exists()


def test_another_port_does_not_replace_a_running_system(running: Checkout) -> None:
    before = running.left()
    code, printed = running.make("up", "PORT=1234")
    assert code != 0
    assert f"error: this checkout's system runs on port {running.port}" in printed
    assert "`make down`, which discards its data, then `make up PORT=1234`" in printed
    code, printed = running.make("token", "USER=a@b", "PORT=1234")
    assert code != 0
    assert f"runs on port {running.port}, not on 1234" in printed
    assert running.make("lock", "FUNCTION=none", "PORT=1234")[1].startswith(
        "error: FUNCTION=none is not a function"
    )
    assert running.left() == before


def test_commands_without_a_port_find_the_running_system(running: Checkout) -> None:
    for words in (["up"], ["apply"], ["plan"], ["token", "USER=a@b"]):
        code, printed = running.make(*words)
        assert code == 0, printed
    endpoint = f"http://127.0.0.1:{running.port}"
    applies = [words for words in terraform_words(running) if words[0] in ("apply", "plan")]
    assert [words[0] for words in applies] == [
        "apply",
        "apply",
        "plan",
    ]  # the second `up` had nothing to apply
    assert all(f"-var=endpoint={endpoint}" in words for words in applies)
    [sign_in] = [call for call in running.calls() if call["tool"] == "tasks"]
    assert f"--port={running.port}" not in sign_in["words"]  # it finds the port itself


def test_a_port_that_was_just_given_up_is_free(running: Checkout) -> None:
    assert running.make("down")[0] == 0
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", running.port))
    assert running.make("up", f"PORT={running.port}")[0] == 0


def test_the_log_is_followed_until_it_is_interrupted(running: Checkout) -> None:
    with (running.folder / ".local/cloud/localstack.log").open("a") as log:
        log.write("a line\n")
    following = running.start("logs")
    assert following.stdout is not None
    assert following.stdout.readline() == "a line\n"
    os.killpg(following.pid, signal.SIGINT)
    following.communicate(timeout=20)


def test_an_up_that_finds_nothing_changed_runs_no_terraform(running: Checkout) -> None:
    before = terraform_words(running)
    code, printed = running.make("up")
    assert code == 0, printed
    assert "Nothing changed." in printed
    assert "http://rest" in printed
    assert terraform_words(running) == before


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("terraform/environments/local/new.tf", "locals {}"),
        ("terraform/modules/new/main.tf", "locals {}"),
        ("dist/manifest.json", '{"functions": {}}'),
        ("terraform/environments/local/terraform.tfstate", '{"version": 4, "serial": 2}'),
        (".local/cloud/applied.json", "{"),
    ],
)
def test_an_up_that_finds_a_change_asks_terraform(running: Checkout, path: str, text: str) -> None:
    before = len(terraform_words(running))
    (running.folder / path).parent.mkdir(parents=True, exist_ok=True)
    (running.folder / path).write_text(text)
    code, printed = running.make("up")
    assert code == 0, printed
    assert "apply" in [words[0] for words in terraform_words(running)[before:]]


@pytest.mark.parametrize("text", ["{", "null", None])
def test_a_state_that_cannot_be_read_is_started_over_from(running: Checkout, text: str | None) -> None:
    state = running.root / "terraform.tfstate"
    state.unlink() if text is None else state.write_text(text)
    before = running.left()
    code, printed = running.make("up")
    assert code == 0, printed
    assert "terraform.tfstate is missing or cannot be read" in printed
    assert running.left() != before


def test_a_change_of_the_plugin_is_told_and_replaces_nothing(running: Checkout) -> None:
    before = running.left()
    (running.folder / "localcloud/localcloud/echo.py").write_text("# changed\n")
    code, printed = running.make("up")
    assert code == 0, printed
    assert "`make down` and `make up` start it anew, from the samples" in printed
    assert running.left() == before


@pytest.mark.parametrize("command", ["plan", "apply"])
def test_a_plan_and_an_apply_build_first(running: Checkout, command: str) -> None:
    calls = len(running.calls())
    assert running.make(command)[0] == 0
    tools = [call["tool"] for call in running.calls()[calls:]]
    assert tools[:3] == ["build.py", "terraform", "terraform"]


@pytest.mark.parametrize("command", ["plan", "apply", "promote", "token"])
def test_without_a_running_system_nothing_is_tried(checkout: Checkout, command: str) -> None:
    code, printed = checkout.make(command, "USER=a@b")
    assert code != 0
    assert "error: the local cloud is not running on port 4566\nnext:  make up" in printed
    assert checkout.calls() == []


class TestOnAws:
    """What `make apply ENV=dev` does with the caller's account."""

    @pytest.mark.parametrize(
        ("environment", "answer", "applied"),
        [
            ("dev", "yes\n", True),
            ("dev", "dev\n", False),
            ("dev", "no\n", False),
            ("dev", "", False),
            ("prod", "prod\n", True),
            ("prod", "yes\n", False),
        ],
    )
    def test_what_was_shown_is_applied_once_the_word_is_said_whatever_the_shell_holds(
        self, checkout: Checkout, environment: str, answer: str, applied: bool
    ) -> None:
        shell = HOSTILE | {"AUTO_APPROVE": "yes"}
        code, printed = checkout.make("apply", f"ENV={environment}", env=shell, answer=answer)
        assert (code == 0) is applied
        assert (
            "error: nothing was applied\nnext:  AUTO_APPROVE=yes answers for you" in printed
        ) is not applied
        assert f"Apply this plan to {environment}? Only" in printed
        calls = [call for call in checkout.calls() if call["words"][:1] in (["plan"], ["apply"])]
        assert [call["words"][0] for call in calls] == (["plan", "apply", "apply"] if applied else ["plan"])
        unasked = [call for call in calls if "-auto-approve" in [*call["words"], *call["env"].values()]]
        assert all("-refresh-only" in call["words"] for call in unasked)
        [kept] = [word for word in calls[0]["words"] if word.startswith("-out=")]
        assert [call["words"][-1] for call in calls[1:2]] == [kept.removeprefix("-out=")][:applied]
        assert not Path(kept.removeprefix("-out=")).exists()

    def test_the_callers_word_approves(self, checkout: Checkout) -> None:
        code, printed = checkout.make("apply", "ENV=prod", "AUTO_APPROVE=yes")
        assert code == 0
        assert "Apply this plan" not in printed
        assert [words[0] for words in terraform_words(checkout)] == [
            "init",
            "plan",
            "apply",
            "apply",
            "output",
        ]
        assert "-refresh-only" in terraform_words(checkout)[3]

    def test_another_word_does_not(self, checkout: Checkout) -> None:
        code, printed = checkout.make("apply", "ENV=dev", "AUTO_APPROVE=maybe")
        assert code != 0
        assert "error: AUTO_APPROVE=maybe is not valid: say AUTO_APPROVE=yes, or leave it out" in printed
        assert checkout.calls() == []

    def test_the_callers_account_is_meant(self, checkout: Checkout) -> None:
        assert checkout.make("plan", "ENV=dev", env=HOSTILE)[0] == 0
        [plan] = [call for call in checkout.calls() if call["words"][:1] == ["plan"]]
        assert plan["env"]["AWS_PROFILE"] == "nobody"
        assert plan["env"]["TF_VAR_repository_root"] == "/elsewhere"
        assert "TF_WORKSPACE" not in plan["env"]

    @pytest.mark.parametrize("command", ["plan", "apply"])
    def test_a_placeholder_is_refused_with_its_line(self, checkout: Checkout, command: str) -> None:
        settings = checkout.folder / "terraform/environments/dev/settings.tf"
        settings.write_text(
            'locals { # "https://in.a.comment.example"\n  region = "us-east-1"\n'
            '  origins = ["http://localhost:3000", "https://dev.dragons.example:8443"] # yours\n'
            '  urls = ["https://dev.dragons.example/callback", "https://www.example.org/"]\n}\n'
        )
        code, printed = checkout.make(command, "ENV=dev")
        assert code != 0
        where = "terraform/environments/dev/settings.tf:3"
        assert (
            f"error: {where}: https://dev.dragons.example:8443 is a placeholder; also in line 4\n"
            "next:  write your site's own address there, or http://localhost:3000 alone to begin with\n"
        ) in printed
        assert checkout.calls() == []

    def test_a_backend_that_is_not_described_is_named_with_its_remedy(self, checkout: Checkout) -> None:
        folder = checkout.folder / "terraform/environments/dev"
        (folder / "backend.hcl.example").write_text('bucket = "<the bucket>" # <how>\n')
        code, printed = checkout.make("plan", "ENV=dev")
        where = "terraform/environments/dev/backend.hcl"
        assert code != 0
        assert f"error: {where} is missing\nnext:  `make bootstrap ENV=dev` writes it" in printed
        (folder / "backend.hcl").write_text((folder / "backend.hcl.example").read_text())
        assert f"error: {where} still has a <...> of the example" in checkout.make("plan", "ENV=dev")[1]
        (folder / "backend.hcl").write_text('bucket = "states" # <how>\n')
        assert checkout.make("plan", "ENV=dev")[0] == 0
        assert f"-backend-config={folder / 'backend.hcl'}" in terraform_words(checkout)[0]


@pytest.mark.parametrize("words", [[], ["help"]])
def test_help_has_a_line_for_every_target(checkout: Checkout, words: list[str]) -> None:
    makefile = (checkout.folder / "Makefile").read_text()
    targets = re.findall(r"^([a-z0-9]+):", makefile, re.MULTILINE)
    code, printed = checkout.make(*words, env=HOSTILE)
    assert code == 0
    assert re.findall(r"^make ([a-z0-9]+)", printed, re.MULTILINE) == targets
    assert len(printed.splitlines()) == len(targets)
