"""The process executor with real processes under awslambdaric, without LocalStack's server."""

import ctypes
import json
import os
import signal
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import psutil
import pytest
from localstack.services.lambda_.invocation.lambda_models import FunctionVersion, InvocationResult

from localcloud.executor import executor as executor_module
from localcloud.executor.executor import INTERPRETER_VARIABLE, ProcessExecutor

HANDLER = """
import os, signal, sys, time
print("loaded")

def handler(event, context):
    print("called")
    return eval(event["do"])
"""

Start = Callable[..., ProcessExecutor]


class Package:
    """Code that is already unpacked."""

    def __init__(self, folder: Path, files: dict[str, str]) -> None:
        self.folder = folder
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def prepare_for_execution(self) -> None: ...

    def get_unzipped_code_location(self) -> Path:
        return self.folder


def version(folder: Path, code: str = HANDLER, **settings: Any) -> FunctionVersion:
    layers = [
        SimpleNamespace(code=Package(folder / f"layer-{number}", files))
        for number, files in enumerate(settings.pop("layers", []))
    ]
    defaults: dict[str, Any] = {
        "handler": "function.handler",
        "runtime": "python3.13",
        "package_type": "Zip",
        "timeout": 10,
        "memory_size": 128,
        "environment": {},
    }
    config = SimpleNamespace(
        **(defaults | settings), code=Package(folder / "code", {"function.py": code}), layers=layers
    )
    return cast("FunctionVersion", SimpleNamespace(config=config, id=SimpleNamespace(qualifier="7")))


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    monkeypatch.delenv(INTERPRETER_VARIABLE, raising=False)  # functions run under the tests' own Python
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    started: list[ProcessExecutor] = []

    def start(code: str = HANDLER, **settings: Any) -> ProcessExecutor:
        function = version(tmp_path, code, **settings)
        ProcessExecutor.prepare_version(function)
        executor = ProcessExecutor(f"environment-{len(started)}", function)
        started.append(executor)
        executor.start({"AWS_REGION": "us-east-1", **settings.get("environment", {})})
        return executor

    yield start
    for executor in started:
        executor.stop()


def invoke(executor: ProcessExecutor, do: str, trace: str = "Root=1-a-b") -> InvocationResult:
    arn = "arn:aws:lambda:us-east-1:000000000000:function:f"
    payload = {"invoke-id": "id-1", "invoked-function-arn": arn, "trace-id": trace}
    return executor.invoke({**payload, "payload": json.dumps({"do": do})})


def value(executor: ProcessExecutor, do: str, **arguments: str) -> Any:
    result = invoke(executor, do, **arguments)
    assert not result.is_error, result.payload
    return json.loads(result.payload or b"")


def error(result: InvocationResult) -> dict[str, Any]:
    assert result.is_error
    return cast("dict[str, Any]", json.loads(result.payload or b""))


def wait_until_gone(pid: int) -> None:
    deadline = time.monotonic() + 10
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline, f"process {pid} is still there"
        time.sleep(0.02)


def test_a_process_serves_several_invocations(start: Start) -> None:
    executor = start()
    assert value(executor, "os.getpid()") == value(executor, "os.getpid()") != os.getpid()


def test_the_log_has_lambdas_lines_around_the_output(start: Start) -> None:
    executor = start()

    cold = (invoke(executor, "print('é', end='', file=sys.stderr)").logs or "").splitlines()
    warm = (invoke(executor, "1").logs or "").splitlines()

    start_line, end_line = "START RequestId: id-1 Version: 7", "END RequestId: id-1"
    assert cold[:-1] == ["loaded", start_line, "called", "é", end_line]
    assert "Init Duration:" in cold[-1]
    assert warm[:-1] == [start_line, "called", end_line]
    assert warm[-1].startswith("REPORT RequestId: id-1\tDuration: ")
    assert "Memory Size: 128 MB" in warm[-1]
    assert "Init Duration:" not in warm[-1]


def test_the_environment_is_the_functions_own(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONLY_OURS", "secret")
    executor = start(environment={"GREETING": "héllo"})

    environment = value(executor, "dict(os.environ)", trace="Root=1-x-y;Sampled=1")

    assert environment["GREETING"] == "héllo"
    assert environment["AWS_REGION"] == "us-east-1"
    assert environment["LAMBDA_TASK_ROOT"] == str(tmp_path / "code")
    assert environment["AWS_EXECUTION_ENV"] == "AWS_Lambda_python3.13"
    assert environment["_X_AMZN_TRACE_ID"] == "Root=1-x-y;Sampled=1"
    assert Path(environment["TMPDIR"]).is_dir()
    assert not {"ONLY_OURS", "AWS_XRAY_DAEMON_ADDRESS", "VIRTUAL_ENV"} & environment.keys()


@pytest.fixture
def own_python(tmp_path: Path) -> Path:
    """An interpreter for functions alone: it has awslambdaric, and nothing else."""
    venv.create(tmp_path / "venv", symlinks=True)
    [site_packages] = tmp_path.glob("venv/lib/*/site-packages")
    for name in ("awslambdaric", "simplejson", "snapshot-restore-py"):
        distribution = metadata.distribution(name)
        for top in {path.parts[0] for path in distribution.files or []} - {".."}:
            (site_packages / top).symlink_to(str(distribution.locate_file(top)))
    return tmp_path / "venv" / "bin" / "python"


def test_only_the_code_and_its_layers_can_be_imported(
    own_python: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(INTERPRETER_VARIABLE, str(own_python))
    executor = start()
    path = value(executor, "sys.path")
    assert path[0].endswith("/code")
    assert not [each for each in path if "localcloud" in each or "/.venv/" in each]
    missing = invoke(executor, "__import__('localstack')")
    assert error(missing)["errorType"] == "ModuleNotFoundError"


def test_a_later_layer_covers_an_earlier_one(start: Start) -> None:
    first = {"python/a.py": "x = 'first'", "python/b.py": "x = 'first'"}
    second = {"python/b.py": "x = 'second'", "python/lib/python3.13/site-packages/c.py": "x = 3"}
    executor = start("import a, b, c\ndef handler(*_): return a.x, b.x, c.x", layers=[first, second])
    assert value(executor, "") == ["first", "second", 3]


WRITE = "open({!r}, 'w').write('text')"


@pytest.fixture
def confined(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests' files are below /tmp, which functions may write to."""
    if not sys.platform.startswith("linux") or ctypes.CDLL(None).syscall(444, None, 0, 1) < 2:
        pytest.skip("this system has no Landlock: nothing keeps functions from writing")
    monkeypatch.setattr(executor_module, "_WRITABLE", (Path("/dev"),))


@pytest.mark.usefixtures("confined")
@pytest.mark.parametrize(
    "do",
    [
        WRITE.format("{}/code/new"),
        WRITE.format("{}/code/function.py"),
        WRITE.format("{}/layer-0/python/new.py"),
        "os.remove('{}/code/function.py')",
        "os.rename('{}/code/function.py', os.environ['TMPDIR'] + '/stolen')",
        "os.mkdir('{}/code/folder')",
        "__import__('subprocess').run(['touch', '{}/code/new'], check=True)",
    ],
)
def test_code_and_layers_are_read_only_for_root_too(start: Start, tmp_path: Path, do: str) -> None:
    executor = start(layers=[{"python/a.py": ""}])
    result = invoke(executor, do.format(tmp_path))
    assert error(result)["errorType"] in ("PermissionError", "CalledProcessError", "OSError")
    assert {path.name for path in (tmp_path / "code").iterdir()} == {"function.py"}
    assert value(executor, "'still here'") == "still here"


@pytest.mark.usefixtures("confined")
def test_the_scratch_folder_can_be_written_to(start: Start) -> None:
    executor = start()
    folder = value(executor, "os.environ['TMPDIR']")
    assert value(executor, WRITE.format(f"{folder}/a")) == 4
    assert value(executor, f"[os.mkdir('{folder}/b'), os.rename('{folder}/a', '{folder}/b/c'), 1][-1]") == 1
    assert value(executor, f"__import__('shutil').rmtree('{folder}/b')") is None
    assert value(executor, "open('/dev/null', 'w').write('text')") == 4
    assert value(executor, "__import__('tempfile').TemporaryFile().write(b'1')") == 1


def test_large_payloads_pass_both_ways(start: Start) -> None:
    executor = start()
    text = "ö" * 1_000_000
    assert value(executor, f"{text!r}") == text


def test_more_than_lambda_carries_is_an_error(start: Start) -> None:
    result = invoke(start(), "'x' * 6_300_000")
    assert error(result)["errorType"] == "Function.ResponseSizeTooLarge"


def test_an_exception_is_the_functions_error(start: Start) -> None:
    payload = error(invoke(start(), "{}['key']"))
    assert payload["errorType"] == "KeyError"
    assert payload["errorMessage"] == "'key'"
    assert payload["requestId"] == "id-1"


def test_a_timeout_ends_the_process(start: Start) -> None:
    executor = start(timeout=1)
    pid = value(executor, "os.getpid()")

    result = invoke(executor, "time.sleep(60)")

    assert error(result) == {
        "errorType": "Sandbox.Timedout",
        "errorMessage": "RequestId: id-1 Error: Task timed out after 1.00 seconds",
    }
    assert " id-1 Task timed out after 1.00 seconds\n" in (result.logs or "")
    assert "\tStatus: timeout\t" in (result.logs or "")
    wait_until_gone(pid)
    assert value(executor, "os.getpid()") != pid


@pytest.mark.parametrize(
    ("do", "reason"),
    [
        ("os._exit(3)", "Runtime exited with error: exit status 3"),
        ("os._exit(0)", "Runtime exited without providing a reason"),
        ("os.kill(os.getpid(), 9)", "Runtime exited with error: signal: killed"),
        ("[bytearray(400 * 2**20), time.sleep(60)]", "Runtime exited with error: signal: killed"),
    ],
    ids=["exit", "exit without error", "killed", "out of memory"],
)
def test_a_crash_fails_its_invocation_and_no_other(start: Start, do: str, reason: str) -> None:
    executor = start()

    result = invoke(executor, do)

    message = f"RequestId: id-1 Error: {reason}"
    assert error(result) == {"errorType": "Runtime.ExitError", "errorMessage": message}
    assert "called" in (result.logs or "")
    assert value(executor, "'alive'") == "alive"


def test_a_process_killed_while_idle_fails_no_invocation(start: Start) -> None:
    executor = start()
    for _ in range(5):
        os.kill(value(executor, "os.getpid()"), signal.SIGKILL)
        assert value(executor, "'alive'") == "alive"


def test_a_module_that_is_missing_is_told_and_looked_for_anew(start: Start, tmp_path: Path) -> None:
    executor = start("import late\ndef handler(*_): return late.x")

    for _ in range(2):
        result = invoke(executor, "")
        assert error(result)["errorType"] == "Runtime.ImportModuleError"
        assert "No module named 'late'" in error(result)["errorMessage"]
        assert "START RequestId: id-1" in (result.logs or "")

    (tmp_path / "code" / "late.py").write_text("x = 1")
    assert value(executor, "") == 1


@pytest.mark.parametrize(
    ("code", "error_type"),
    [
        ("def handler(:", "Runtime.UserCodeSyntaxError"),
        ("other = 1", "Runtime.HandlerNotFound"),
        ("1 / 0", "ZeroDivisionError"),
        ("import os; os._exit(4)", "Runtime.ExitError"),
    ],
)
def test_code_that_cannot_be_loaded(start: Start, code: str, error_type: str) -> None:
    assert error(invoke(start(code), ""))["errorType"] == error_type


def test_stopping_ends_the_process_and_all_it_started(start: Start, tmp_path: Path) -> None:
    executor = start()
    child = value(executor, "__import__('subprocess').Popen(['sleep', '600']).pid")
    scratch = value(executor, "os.environ['TMPDIR']")
    pid = value(executor, "os.getpid()")

    executor.stop()

    wait_until_gone(pid)
    wait_until_gone(child)
    assert not Path(scratch).exists()


def test_a_function_that_prints_without_end_has_a_log_with_a_bound(start: Start) -> None:
    executor = start(timeout=1)
    result = invoke(executor, "[print('x') for _ in iter(int, 1)]")
    log = result.logs or ""
    assert error(result)["errorType"] == "Sandbox.Timedout"
    assert log.count("x\n") < 10_000
    assert " more bytes of output are left out]\n" in log
    assert "\tStatus: timeout\t" in log


def test_a_line_without_end_has_a_bound(start: Start) -> None:
    result = invoke(start(), "[sys.stdout.write('x' * 30_000_000), 'whole'][1]")
    assert result.payload == b'"whole"'
    assert len(result.logs or "") < 1.1 * 2**20
    left_out = 30_000_000 + len("called\n") - 2**20
    assert f"\n[{left_out} more bytes of output are left out]\nEND" in (result.logs or "")


PRINT_FOR_EVER = "__import__('subprocess').Popen(['yes'], start_new_session=True).pid"


def test_a_printer_that_left_its_group_holds_no_invocation_up(start: Start) -> None:
    executor = start()
    printer = value(executor, PRINT_FOR_EVER)
    started = time.monotonic()

    assert [value(executor, "1") for _ in range(3)] == [1, 1, 1]
    assert error(invoke(executor, "os._exit(1)"))["errorType"] == "Runtime.ExitError"
    assert value(executor, "1") == 1

    assert time.monotonic() - started < 5
    wait_until_gone(printer)


def test_a_child_that_holds_the_output_open_holds_nothing_up(start: Start) -> None:
    executor = start()
    child = value(executor, "__import__('subprocess').Popen(['sleep', '600'], start_new_session=True).pid")
    started = time.monotonic()
    invoke(executor, "os._exit(1)")
    executor.stop()
    assert time.monotonic() - started < 5
    os.kill(child, signal.SIGKILL)


def test_a_process_outlives_its_parent_by_no_more_than_a_moment(tmp_path: Path) -> None:
    Package(tmp_path, {"function.py": "print('loaded', flush=True)\nwhile True: pass"})
    parent = f"""
import os, time
from importlib import metadata
from pathlib import Path
from localcloud.executor.process import Command, FunctionProcess
folder = Path({str(tmp_path)!r})
process = FunctionProcess(
    Command(Path({sys.executable!r}), "function.handler", folder, {{}}, 2**30, [folder])
)
while not process.output.take(): time.sleep(0.01)
print(process._process.pid, flush=True)
time.sleep(60)
"""
    path = os.pathsep.join(sys.path)
    with subprocess.Popen(
        [sys.executable, "-c", parent], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": path}
    ) as launcher:
        assert launcher.stdout
        pid = int(launcher.stdout.readline())
        assert psutil.pid_exists(pid)
        launcher.kill()

    wait_until_gone(pid)


@pytest.mark.parametrize("settings", [{"runtime": "nodejs20.x"}, {"runtime": None}])
def test_other_runtimes_are_refused(tmp_path: Path, settings: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"runs python3\.13 zip packages, not"):
        ProcessExecutor.prepare_version(version(tmp_path, **settings))


def test_a_missing_interpreter_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(INTERPRETER_VARIABLE, str(tmp_path / "none"))
    with pytest.raises(ValueError, match=INTERPRETER_VARIABLE):
        ProcessExecutor.prepare_version(version(tmp_path))
