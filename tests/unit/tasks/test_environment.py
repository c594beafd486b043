"""Environments, tools and the local cloud: what is found, started, stopped, and said of what is wrong."""

import os
import signal
import socket
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from botocore.exceptions import ProfileNotFound

from packager import interpreter
from tasks.environment import bring_up as up
from tasks.environment import cloud as cloud_module
from tasks.environment import cloud_settings as settings
from tasks.environment import paths, terraform, tools
from tasks.environment.cloud import Cloud, free_port, running_port
from tasks.environment.environment import Environment
from tasks.environment.terraform import Root
from tasks.processes import listing as processes
from tasks.processes.alone import alone
from tasks.processes.steps import StepError, run, step

SERVER = """
import http.server, signal, subprocess, sys, os
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
port = int(sys.argv[sys.argv.index("--port") + 1])
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
http.server.HTTPServer(("127.0.0.1", port), Handler).serve_forever()
"""


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    """A cloud whose LocalStack is a small server with a child process; it ignores SIGTERM."""
    script = tmp_path / "server.py"
    script.write_text(SERVER)
    interpreter = tmp_path / "python"
    interpreter.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{script}" "$@"\n')
    interpreter.chmod(stat.S_IRWXU)
    monkeypatch.setattr(cloud_module, "LOCALSTACK_PYTHON", interpreter)
    monkeypatch.setattr(cloud_module, "STOP_SECONDS", 0.5)
    cloud = Cloud(free_port(), tmp_path / "cloud")
    yield cloud
    cloud.stop()


def test_a_cloud_starts_answers_and_leaves_nothing_even_if_it_ignores_the_signal(stand_in: Cloud) -> None:
    stand_in.start()
    stand_in.wait()
    assert stand_in.running()
    assert running_port(stand_in.folder) == stand_in.port
    pid = stand_in.pid()
    assert pid is not None
    children = processes.family(pid) - {pid}
    assert children
    assert stand_in.stop()
    assert stand_in.pid() is None
    assert not children & {each.pid for each in processes.living()}
    assert not stand_in.stop()


def test_two_clouds_do_not_take_each_other_for_themselves(stand_in: Cloud) -> None:
    stand_in.start()
    stand_in.wait()
    other = Cloud(stand_in.port, stand_in.folder.with_name("cloud2"))
    assert other.pid() is None
    assert not other.running()
    with pytest.raises(StepError, match=f"port {stand_in.port} is held by another program"):
        other.start()
    assert not other.folder.exists()
    assert stand_in.running()


def test_a_cloud_that_dies_at_start_shows_its_last_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interpreter = tmp_path / "python"
    interpreter.write_text("#!/bin/sh\necho out of luck\nexit 3\n")
    interpreter.chmod(stat.S_IRWXU)
    monkeypatch.setattr(cloud_module, "LOCALSTACK_PYTHON", interpreter)
    cloud = Cloud(free_port(), tmp_path / "cloud")
    cloud.start()
    with pytest.raises(StepError) as caught:
        cloud.wait()
    assert "out of luck" in caught.value.detail


def test_a_port_is_held_by_whoever_listens(tmp_path: Path) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        with pytest.raises(StepError, match=f"port {port} .* PORT={port + 1}"):
            Cloud(port, tmp_path / "cloud").start()


@pytest.mark.parametrize("mark", [True, False])
def test_an_apply_that_was_killed_means_a_fresh_start(
    stand_in: Cloud, tmp_path: Path, capsys: pytest.CaptureFixture[str], mark: bool
) -> None:
    root = Root(tmp_path, tmp_path / "data", tmp_path / "terraform.tfstate")
    assert up._start(stand_in, root)
    first = stand_in.pid()
    (tmp_path / "terraform.tfstate").write_text('{"version": 4}')
    with pytest.raises(StepError), up.applying(stand_in):
        raise StepError("Terraform ended", code=-signal.SIGKILL if mark else 1)
    assert up._start(stand_in, root) is mark
    assert (stand_in.pid() != first) is mark
    assert (tmp_path / "terraform.tfstate").exists() is not mark
    assert "running already" in capsys.readouterr().out or mark


def test_a_cloud_that_was_started_from_something_else_is_left_alone_and_that_is_said(
    stand_in: Cloud, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = Root(tmp_path, tmp_path / "data", tmp_path / "terraform.tfstate")
    up._start(stand_in, root)
    first = stand_in.pid()
    monkeypatch.setenv("PATH", f"{os.environ['PATH']}:/elsewhere")  # a caller's own settings are no change
    assert not up._start(stand_in, root)
    assert "start it anew" not in capsys.readouterr().out
    monkeypatch.setenv("LOCALCLOUD_LAMBDA_PROCESSES", "2")
    assert not up._start(stand_in, root)
    assert stand_in.pid() == first
    assert "`make down` and `make up` start it anew, from the samples" in capsys.readouterr().out


def test_a_cloud_that_does_not_answer_is_started_anew(
    stand_in: Cloud, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = Root(tmp_path, tmp_path / "data", tmp_path / "terraform.tfstate")
    up._start(stand_in, root)
    first = stand_in.pid()
    assert first is not None
    monkeypatch.setattr(cloud_module, "BUSY_SECONDS", 0.5)
    os.kill(first, signal.SIGSTOP)
    assert up._start(stand_in, root)
    assert stand_in.pid() != first
    assert "started anew, from the samples: it did not answer" in capsys.readouterr().out


def test_a_proxy_of_the_shell_is_not_asked_for_the_loopback(
    stand_in: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    stand_in.start()
    stand_in.wait()
    assert stand_in.running()


def test_a_digest_changes_with_the_settings_and_with_what_the_plugin_is_made_of(tmp_path: Path) -> None:
    source = tmp_path / "package" / "module.py"
    source.parent.mkdir()
    source.write_text("one")
    first = settings.digest({"A": "1"}, tmp_path)
    assert settings.digest({"A": "2"}, tmp_path) != first
    (source.parent / "__pycache__").mkdir()
    (source.parent / "__pycache__" / "module.pyc").write_text("compiled")
    assert settings.digest({"A": "1"}, tmp_path) == first
    source.write_text("two")
    changed = settings.digest({"A": "1"}, tmp_path)
    source.rename(source.with_name("renamed.py"))
    assert len({first, changed, settings.digest({"A": "1"}, tmp_path)}) == 3


def test_a_second_run_is_kept_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "LOCAL", tmp_path)
    with (
        alone("cloud"),
        pytest.raises(StepError, match="another command is at work in this checkout") as caught,
        alone("cloud"),
    ):
        pass
    assert caught.value.remedy == f"wait for it to end, or `kill {os.getpid()}`"
    with alone("cloud"):
        pass


def executable(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(stat.S_IRWXU)
    return path


def test_a_python_that_does_not_run_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    executable(tmp_path / "bin/python3.13", "#!/bin/sh\necho no such version >&2\nexit 127\n")
    real = executable(tmp_path / "pyenv/versions/3.13.0/bin/python3.13", "#!/bin/sh\necho 3.13\n")
    monkeypatch.setattr(sys, "executable", "/usr/bin/false")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    monkeypatch.setattr(tools, "LOCAL", tmp_path / "local")
    assert tools.find_python() == real
    real.write_text("#!/bin/sh\necho 3.14\n")  # what was remembered is looked at again
    monkeypatch.setattr(tools, "_UV", executable(tmp_path / "uv", "#!/bin/sh\nexit 1\n"))
    with pytest.raises(StepError):
        tools.find_python()


def test_no_python_is_one_line_that_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(interpreter, "_candidates", lambda _: iter([str(tmp_path / "none")]))
    monkeypatch.setattr(tools, "LOCAL", tmp_path / "local")
    monkeypatch.setattr(tools, "_UV", executable(tmp_path / "uv", "#!/bin/sh\nexit 1\n"))
    with pytest.raises(StepError, match=r"Python 3\.13 is not installed: install it") as caught:
        tools.find_python()
    assert "\n" not in str(caught.value)


def test_no_terraform_is_one_line_that_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(StepError, match="Terraform is not installed: install version"):
        tools.find_terraform()


def test_a_mirror_is_taken_from_the_variable_then_from_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terraform, "_SYSTEM_ROOTS", (str(tmp_path),))
    monkeypatch.delenv(terraform.MIRROR_VARIABLE, raising=False)
    assert list(terraform._mirrors()) == []
    platform = {"x86_64": "amd64", "aarch64": "arm64"}.get(os.uname().machine, os.uname().machine)
    target = f"{sys.platform}_{platform}"
    wrong = tmp_path / "a/registry.terraform.io/hashicorp/aws/5.100.0/plan9_mips"
    right = tmp_path / "b/plugins/registry.terraform.io/hashicorp/aws/5.100.0" / target
    for folder in (wrong, right):
        folder.mkdir(parents=True)
    assert list(terraform._mirrors()) == [tmp_path / "b/plugins"]
    monkeypatch.setenv(terraform.MIRROR_VARIABLE, "/mine")
    assert list(terraform._mirrors()) == [Path("/mine")]


def test_an_unknown_environment_is_named_with_those_there_are() -> None:
    with pytest.raises(StepError, match="ENV=staging is not an environment: choose one of dev, local, prod"):
        terraform.environment_root("staging")


def test_a_local_states_outputs_are_read_without_terraform(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = Root(tmp_path, tmp_path / "data")
    monkeypatch.setattr(Root, "_run", lambda *_, **__: pytest.fail("Terraform was run"))
    assert root.outputs() == {}
    for text, found in (
        ('{"version": 4, "outputs": {"url": {"value": "x", "type": "string"}}}', {"url": "x"}),
        ('{"version": 4, "outp', {}),
        ("4", {}),
    ):
        root.state_file.write_text(text)
        assert (root.outputs(), root.has_state()) == (found, bool(found))


def test_a_step_tells_its_name_its_outcome_and_its_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    with step("a step") as note:
        note("something new")
    assert "a step: something new (0.0 s)" in capsys.readouterr().out
    with pytest.raises(StepError), step("another"):
        raise StepError("no")
    assert "FAIL another" in capsys.readouterr().err


def test_a_tool_that_fails_is_shown_with_all_it_said() -> None:
    with pytest.raises(StepError) as caught:
        run(["sh", "-c", "echo one; echo two >&2; exit 4"], remedy="do this")
    assert caught.value.detail == "one\ntwo\n"
    assert caught.value.remedy == "do this"
    with pytest.raises(StepError, match="no-such-tool is not installed"):
        run(["no-such-tool"])


def test_free_ports_can_be_listened_on() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", free_port()))


HOSTILE = {"AWS_PROFILE": "nobody", "AWS_CA_BUNDLE": "/nowhere.pem", "HTTP_PROXY": "http://127.0.0.1:9"}


def test_a_client_of_the_local_cloud_knows_nothing_of_the_callers_shell(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    arn = {"report_dragon_arn": "arn:aws:states:eu-west-1:000000000000:stateMachine:report_dragon"}
    monkeypatch.setattr(Environment, "outputs", lambda _: arn)
    for name, value in HOSTILE.items():
        monkeypatch.setenv(name, value)
    client = Environment("local", 4567).client("ssm")
    assert client.meta.endpoint_url == "http://127.0.0.1:4567"
    assert client.meta.region_name == "eu-west-1"
    assert client._request_signer._credentials.access_key == "test"
    assert not client._endpoint.http_session._proxy_config.proxy_url_for("http://127.0.0.1:4567")
    assert os.environ["AWS_PROFILE"] == "nobody"
    with pytest.raises(ProfileNotFound):
        Environment("dev").client("ssm")
