"""Lambda's own API on the local cloud, with functions that each test makes for itself."""

import io
import json
import os
import threading
import uuid
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from system import poll

ROLE = "arn:aws:iam::000000000000:role/any"
# Says that it has begun, waits to be told to go on, and imports a module of its own package then.
WAITS = """
import os, time

def handler(event, context):
    open(event["begun"], "w").close()
    while not os.path.exists(event["go"]):
        time.sleep(0.01)
    import part
    return [part.name, context.function_version]
"""

Create = Callable[..., str]


def package(code: str, **modules: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in {"function": code, **modules}.items():
            archive.writestr(f"{name}.py", text)
    return content.getvalue()


@pytest.fixture(scope="module")
def functions(aws: Callable[[str], Any]) -> Any:
    """The client of Lambda."""
    if "DRAGONS_CLOUD_LOG" not in os.environ:
        pytest.skip("the target is no local cloud of ours")
    return aws("lambda")


@pytest.fixture
def create(functions: Any) -> Iterator[Create]:
    """Make a function of code and modules; returns its name."""
    made: list[str] = []

    def create(code: str, **modules: str) -> str:
        name = f"test-{uuid.uuid4()}"
        functions.create_function(
            FunctionName=name,
            Runtime="python3.13",
            Handler="function.handler",
            Role=ROLE,
            Code={"ZipFile": package(code, **modules)},
            Timeout=30,
        )
        made.append(name)
        functions.get_waiter("function_active_v2").wait(FunctionName=name, WaiterConfig={"Delay": 1})
        return name

    yield create
    for name in made:
        try:
            functions.delete_function(FunctionName=name)
        except functions.exceptions.ResourceNotFoundException:
            continue


def begin(functions: Any, name: str, folder: Path, number: int = 0, **call: Any) -> Callable[[], Any]:
    """Start an invocation of WAITS and wait until it is at work; returns what waits for its answer."""
    threads = ThreadPoolExecutor(1)
    event = {"begun": str(folder / f"begun-{number}"), "go": str(folder / "go")}
    call = {"FunctionName": name, "Payload": json.dumps(event), **call}
    answer = threads.submit(lambda: functions.invoke(**call))
    poll(lambda: Path(event["begun"]).exists() or None, "the invocation at work", pause=0.02)
    return lambda: answer.result(20)


def value(answer: dict[str, Any]) -> Any:
    assert "FunctionError" not in answer, answer["Payload"].read()
    return json.load(answer["Payload"])


def update(functions: Any, name: str, code: bytes) -> None:
    functions.update_function_code(FunctionName=name, ZipFile=code)
    functions.get_waiter("function_updated_v2").wait(FunctionName=name, WaiterConfig={"Delay": 1})


def test_invocations_at_work_end_with_the_code_they_began_with(
    functions: Any, create: Create, tmp_path: Path
) -> None:
    name = create(WAITS, part="name = 'old'")
    answers = [begin(functions, name, tmp_path, number) for number in range(3)]

    update(functions, name, package(WAITS, part="name = 'new'"))
    functions.update_function_configuration(FunctionName=name, Timeout=20)
    functions.get_waiter("function_updated_v2").wait(FunctionName=name, WaiterConfig={"Delay": 1})
    newer = begin(functions, name, tmp_path, 3)
    (tmp_path / "go").touch()

    assert [value(answer())[0] for answer in answers] == ["old"] * 3
    assert value(newer())[0] == "new"


def test_an_asynchronous_invocation_ends_too(functions: Any, create: Create, tmp_path: Path) -> None:
    code = WAITS.replace("return [", "open(event['begun'] + '-end', 'w').write(part.name); return [")
    name = create(code, part="name = 'old'")
    begin(functions, name, tmp_path, InvocationType="Event")
    update(functions, name, package(code, part="name = 'new'"))
    (tmp_path / "go").touch()
    end = tmp_path / "begun-0-end"
    poll(lambda: (end.exists() and end.read_text()) or None, "its end")
    assert end.read_text() == "old"


def test_no_invocation_fails_while_code_is_replaced(functions: Any, create: Create) -> None:
    code = "import time\ndef handler(event, context): time.sleep(0.03); return "
    name = create(code + "0")
    stop = threading.Event()

    def call() -> list[int]:
        seen = []
        while not stop.is_set():
            seen.append(value(functions.invoke(FunctionName=name)))
        return seen

    with ThreadPoolExecutor(3) as threads:
        callers = [threads.submit(call) for _ in range(3)]
        for number in range(1, 6):
            update(functions, name, package(code + str(number)))
        stop.set()
        seen = [caller.result(30) for caller in callers]
    assert all(numbers == sorted(numbers) for numbers in seen)
    assert max(max(numbers) for numbers in seen) >= 4


@pytest.mark.parametrize("replaced", [False, True], ids=["as it is", "after an update"])
def test_a_function_that_is_deleted_ends_at_once(
    functions: Any, create: Create, tmp_path: Path, replaced: bool
) -> None:
    name = create(WAITS, part="name = 'old'")
    answer = begin(functions, name, tmp_path)
    if replaced:
        update(functions, name, package(WAITS, part="name = 'new'"))
    functions.delete_function(FunctionName=name)
    assert "FunctionError" in answer()  # without waiting for the file
