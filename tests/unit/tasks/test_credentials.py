"""A command follows a credentials file that something rewrites while it runs."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from tasks.environment.credentials import session
from tasks.environment.environment import Environment


class File:
    """The credentials file, and who signs a client's requests."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, text: str) -> None:
        self._path.write_text(text)

    def rotate(self, key: str, profile: str = "default") -> None:
        keys = f"aws_access_key_id = {key}\naws_secret_access_key = s\naws_session_token = of {key}\n"
        self.write(f"[{profile}]\n{keys}")


def signed_by(client: Any) -> list[str]:
    """Send a request, and read who signed it."""
    found: list[str] = []

    def read(request: Any, **_: Any) -> None:
        header = request.headers["Authorization"].decode()
        found.append(header.split("Credential=")[1].split("/")[0])
        found.append(request.headers["X-Amz-Security-Token"].decode())

    client.meta.events.register_first("before-send.sts", read)
    client.get_caller_identity()
    client.meta.events.unregister("before-send.sts", read)
    return found


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[File]:
    with mock_aws(), monkeypatch.context() as patch:  # moto sets keys of its own, and takes them back
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
            patch.delenv(name, raising=False)
        patch.setenv("AWS_CONFIG_FILE", "/dev/null")
        patch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
        patch.setattr(boto3, "DEFAULT_SESSION", None)
        yield File(tmp_path / "credentials")


def test_the_next_request_is_signed_with_what_was_rewritten(file: File) -> None:
    file.rotate("FIRST")
    client = Environment("dev").client("sts", "us-east-1")
    assert signed_by(client) == ["FIRST", "of FIRST"]
    file.rotate("SECOND")
    assert signed_by(client) == ["SECOND", "of SECOND"]


@pytest.mark.parametrize("half", ["", "[default]\naws_access_key_id = THIRD\n", "[default\n", "[other]\n"])
def test_while_half_of_it_is_written_the_last_ones_are_good(file: File, half: str) -> None:
    file.rotate("FIRST")
    client = session().client("sts", "us-east-1")
    file.write(half)
    assert signed_by(client) == ["FIRST", "of FIRST"]
    file.rotate("THIRD")
    assert signed_by(client) == ["THIRD", "of THIRD"]


def test_a_profile_is_followed_by_its_name(file: File, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "ours")
    file.rotate("FIRST", "ours")
    client = session().client("sts", "us-east-1")
    file.rotate("SECOND", "ours")
    assert signed_by(client) == ["SECOND", "of SECOND"]


def test_what_comes_before_the_file_still_does(file: File, monkeypatch: pytest.MonkeyPatch) -> None:
    file.rotate("FIRST")
    with monkeypatch.context() as shell:  # taken back before the fixture takes back its own
        shell.setenv("AWS_ACCESS_KEY_ID", "SHELL")
        shell.setenv("AWS_SECRET_ACCESS_KEY", "s")
        shell.setenv("AWS_SESSION_TOKEN", "of SHELL")
        assert signed_by(session().client("sts", "us-east-1")) == ["SHELL", "of SHELL"]


def test_boto3_alone_reads_it_once(file: File) -> None:
    """If this fails, boto3 follows the file itself: delete tasks/environment/credentials.py."""
    file.rotate("FIRST")
    client = boto3.Session().client("sts", "us-east-1")
    file.rotate("SECOND")
    assert signed_by(client) == ["FIRST", "of FIRST"]
