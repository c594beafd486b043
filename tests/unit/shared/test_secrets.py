"""Secrets among the environment variables: decrypted once, and what cannot be is named."""

import base64
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from moto import mock_aws

from dragons import config, secrets
from dragons.errors import ConfigurationError
from dragons.secrets import Secret

CONTEXT = {"environment": "unit", "purpose": "configuration"}


@dataclass(frozen=True)
class Settings:
    """A text, and a secret."""

    some_table: str
    some_password: Secret


class Environment:
    """The variables of a function, and the key of its environment."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.kms: Any = boto3.client("kms", "us-east-1")
        self.key = self.kms.create_key()["KeyMetadata"]["Arn"]
        self._patch = patch
        patch.setattr(secrets, "_kms", lambda: self.kms)
        patch.setenv("SOME_TABLE", "table")
        patch.setenv("ENCRYPTION", json.dumps({"key_arn": self.key, "context": CONTEXT}))

    def encrypted(self, text: str, context: dict[str, str] = CONTEXT) -> str:
        blob = self.kms.encrypt(KeyId=self.key, Plaintext=text.encode(), EncryptionContext=context)
        return base64.b64encode(blob["CiphertextBlob"]).decode()

    def load(self, value: str) -> Settings:
        self._patch.setenv("SOME_PASSWORD", value)
        return config.load(Settings)


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[Environment]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with mock_aws():
        yield Environment(monkeypatch)


@hypothesis(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(min_size=1, max_size=500))
def test_what_was_encrypted_is_read(environment: Environment, text: str) -> None:
    assert environment.load(environment.encrypted(text)) == Settings("table", Secret(text))


def test_a_secret_is_not_shown(environment: Environment) -> None:
    found = environment.load(environment.encrypted("hush"))
    assert found.some_password.text == "hush"
    assert "hush" not in f"{found} {found!r} {found.some_password}"


def test_another_context_is_refused_by_name(environment: Environment) -> None:
    value = environment.encrypted("hush", CONTEXT | {"environment": "other"})
    with pytest.raises(
        ConfigurationError, match=r"^environment variable SOME_PASSWORD was encrypted in another context, or"
    ):
        environment.load(value)


@pytest.mark.parametrize("value", ["not base64!", "aGVsbG8", "hush"])
def test_what_is_not_base64_is_refused_by_name(environment: Environment, value: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^environment variable SOME_PASSWORD "):
        environment.load(value)


def refused(environment: Environment, code: str) -> Any:
    """Load a secret where KMS answers with an error."""
    value = environment.encrypted("hush")
    client = boto3.client("kms", "us-east-1")
    environment.kms = client
    with Stubber(client) as stub:
        stub.add_client_error("decrypt", code)
        return environment.load(value)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("IncorrectKeyException", "with another key"),
        ("AccessDeniedException", "with another key, or the function's role may not decrypt"),
        ("KMSInvalidStateException", "with a key that is to be deleted"),
    ],
)
def test_another_key_is_refused_by_name(environment: Environment, code: str, told: str) -> None:
    with pytest.raises(
        ConfigurationError, match=rf"^environment variable SOME_PASSWORD was encrypted {told}: encrypt it for"
    ):
        refused(environment, code)


def test_what_will_pass_is_told_as_it_is(environment: Environment) -> None:
    with pytest.raises(ClientError, match="ThrottlingException"):
        refused(environment, "ThrottlingException")


@pytest.mark.parametrize("told", ["{", "[]", '{"key": 1}'])
def test_an_encryption_that_is_none_is_named(
    environment: Environment, monkeypatch: pytest.MonkeyPatch, told: str
) -> None:
    value = environment.encrypted("hush")
    monkeypatch.setenv("ENCRYPTION", told)
    with pytest.raises(ConfigurationError, match=r"^environment variable ENCRYPTION is not"):
        environment.load(value)


def test_who_has_no_secrets_imports_no_client() -> None:
    code = "from dragons import config; import sys; assert not {'boto3', 'dragons.secrets'} & {*sys.modules}"
    env = os.environ | {"PYTHONPATH": "shared"}
    assert subprocess.run([sys.executable, "-c", code], env=env, check=False).returncode == 0
