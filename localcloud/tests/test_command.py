"""`python -m localcloud`: what it leaves LocalStack to read, and what it refuses."""

import os
import socket
from pathlib import Path

import pytest

from localcloud.__main__ import prepare
from localcloud.executor.executor import INTERPRETER_VARIABLE
from localcloud.executor.process_queue import CAP_VARIABLE


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment of the test's own."""
    monkeypatch.setattr(os, "environ", {"AWS_PROFILE": "mine", "DEBUG": "1", CAP_VARIABLE: "2"})


def prepared(state: Path, *words: str) -> dict[str, str]:
    prepare(["--port", "0", "--state", str(state), *words])
    return dict(os.environ)


def test_it_begins_with_empty_folders_and_without_the_caller_s_account(tmp_path: Path) -> None:
    (tmp_path / "fs").mkdir()
    (tmp_path / "fs" / "old").touch()
    (tmp_path / "localstack.log").touch()
    found = prepared(tmp_path)
    assert (found["TMPDIR"], found["FILESYSTEM_ROOT"]) == (str(tmp_path / "tmp"), str(tmp_path / "fs"))
    assert list((tmp_path / "tmp").iterdir()) == list((tmp_path / "fs").iterdir()) == []
    assert (tmp_path / "localstack.log").exists()
    assert "AWS_PROFILE" not in found
    assert found["DEBUG"] == "1"


def test_options_go_before_the_environment(tmp_path: Path) -> None:
    found = prepared(tmp_path)
    assert (found[CAP_VARIABLE], INTERPRETER_VARIABLE in found) == ("2", False)
    found = prepared(tmp_path, "--lambda-processes", "3", "--lambda-python", "/python")
    assert (found[CAP_VARIABLE], found[INTERPRETER_VARIABLE]) == ("3", "/python")


@pytest.mark.parametrize("port", ["held", "70000", "http"])
def test_a_port_that_cannot_be_had(tmp_path: Path, capsys: pytest.CaptureFixture[str], port: str) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        (tmp_path / "tmp").mkdir()
        (tmp_path / "tmp" / "of the other").touch()
        held = str(listener.getsockname()[1])
        with pytest.raises(SystemExit, match="2"):
            prepared(tmp_path, "--port", held if port == "held" else port)
    assert "--port" in capsys.readouterr().err
    assert (tmp_path / "tmp" / "of the other").exists()
