"""`make encrypt`: what it prints is decrypted in the environment's context alone."""

import base64
import subprocess
from argparse import Namespace
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from tasks import encrypt
from tasks.environment import paths
from tasks.environment.environment import Environment
from tasks.processes.steps import StepError

CONTEXT = {"environment": "unit", "purpose": "configuration"}


class Encrypting:
    """An environment with a key of its own, or without one."""

    name = "dev"
    settings = Environment("dev").settings

    def __init__(self, told: dict[str, Any]) -> None:
        self._told = told

    def enter_tools(self) -> None:
        """Tests run where the tools are."""

    def outputs(self) -> dict[str, Any]:
        return self._told

    def client(self, service: str) -> Any:
        return boto3.client(service, "us-east-1")  # type: ignore[call-overload]


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[Encrypting]:
    with mock_aws():
        key = boto3.client("kms", "us-east-1").create_key()["KeyMetadata"]["Arn"]
        yield Encrypting({"encryption": {"key_arn": key, "context": CONTEXT}})


def run(environment: Any, text: str) -> None:
    encrypt.run(environment, Namespace(text=text))


@pytest.mark.parametrize("text", ["hush", "with 'quotes' and $dollars", "Drächen", "x" * encrypt.LIMIT])
def test_it_prints_what_the_environments_key_decrypts(
    environment: Encrypting, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    run(environment, text)
    blob = base64.b64decode(capsys.readouterr().out.strip(), validate=True)
    kms = environment.client("kms")
    assert kms.decrypt(CiphertextBlob=blob, EncryptionContext=CONTEXT)["Plaintext"].decode() == text
    with pytest.raises(kms.exceptions.InvalidCiphertextException):
        kms.decrypt(CiphertextBlob=blob, EncryptionContext=CONTEXT | {"environment": "other"})


def test_without_a_text_it_asks_at_a_terminal(
    environment: Encrypting, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", lambda _: "hush")
    run(environment, "")
    assert base64.b64decode(capsys.readouterr().out.strip())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "TEXT=<text> is missing"),
        ("x" * (encrypt.LIMIT + 1), "TEXT has 4097 bytes, and KMS encrypts 4096"),
    ],
)
def test_what_cannot_be_encrypted_is_refused(
    environment: Encrypting, monkeypatch: pytest.MonkeyPatch, text: str, told: str
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    with pytest.raises(StepError) as caught:
        run(environment, text)
    assert str(caught.value).startswith(told)


def test_an_environment_without_a_key_is_told_how_to_get_one() -> None:
    with pytest.raises(StepError, match="dev has no key of its own") as caught:
        run(Encrypting({}), "hush")
    assert "customer_key in terraform/environments/dev/settings.tf" in caught.value.remedy


@pytest.mark.parametrize("text", ["a$b$$c", "it's", "$(shell false)", 'a "b", c', "back\\slash", "--text"])
def test_make_hands_a_text_on_as_it_is(text: str) -> None:
    words = ["make", "-s", "encrypt", f"TEXT={text}", "RUN=printf '%s\\n'"]
    done = subprocess.run(words, cwd=paths.ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["encrypt", f"--text={text}"]
