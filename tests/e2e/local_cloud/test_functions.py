"""Lambda's own API on the local cloud, with functions that each test makes for itself."""

import io
import json
import os
import tempfile
import uuid
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from botocore.exceptions import ClientError

from support.system import poll

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


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """A folder where functions may write, too: they may below /tmp, wherever else this process does."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def functions(aws: Callable[[str], Any]) -> Any:
    """The client of Lambda."""
    if "DRAGONS_CLOUD_LOG" not in os.environ:
        pytest.skip("the target is no local cloud of ours")
    return aws("lambda")


@contextmanager
def creating(functions: Any) -> Iterator[Create]:
    """Give what makes functions of code and modules and returns their names, and delete them at the end."""
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


@pytest.fixture
def create(functions: Any) -> Iterator[Create]:
    """Make a function of code and modules; returns its name."""
    with creating(functions) as made:
        yield made


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
    functions.get_waiter("function_updated").wait(FunctionName=name, WaiterConfig={"Delay": 1})


def test_invocations_at_work_end_with_the_code_they_began_with(
    functions: Any, create: Create, tmp_path: Path
) -> None:
    name = create(WAITS, part="name = 'old'")
    answers = [begin(functions, name, tmp_path, number) for number in range(3)]

    update(functions, name, package(WAITS, part="name = 'new'"))
    functions.update_function_configuration(FunctionName=name, Timeout=20)
    functions.get_waiter("function_updated").wait(FunctionName=name, WaiterConfig={"Delay": 1})
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
    updates = 5

    def call() -> list[int]:
        seen = [0]
        while seen[-1] < updates:
            seen.append(value(functions.invoke(FunctionName=name)))
        return seen

    with ThreadPoolExecutor(3) as threads:
        callers = [threads.submit(call) for _ in range(3)]
        for number in range(1, updates + 1):
            update(functions, name, package(code + str(number)))
        seen = [caller.result(30) for caller in callers]
    assert all(numbers == sorted(numbers) for numbers in seen)


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


ECHO = "def handler(event, context): return event"


@pytest.fixture(scope="module")
def echo(functions: Any) -> Iterator[str]:
    """A function that answers with its event."""
    with creating(functions) as create:
        yield create(ECHO)


@pytest.mark.parametrize(
    ("size", "kind", "reason"),
    [
        (
            6 * 2**20 + 1,
            "RequestResponse",
            "Request must be smaller than 6291456 bytes for the InvokeFunction",
        ),
        (
            6 * 2**20 + 1,
            "Event",
            "Request must be smaller than 6291456 bytes for the InvokeFunction operation",
        ),
        (
            2**20 + 1,
            "Event",
            "1048577 byte payload is too large for the Event invocation type (limit 1048576",
        ),
    ],
)
def test_a_payload_that_is_too_large_is_refused(
    functions: Any, echo: str, size: int, kind: str, reason: str
) -> None:
    payload = b'"' + b"x" * (size - 2) + b'"'
    with pytest.raises(ClientError) as failure:
        functions.invoke(FunctionName=echo, InvocationType=kind, Payload=payload)
    assert failure.value.response["ResponseMetadata"]["HTTPStatusCode"] == 413
    assert failure.value.response["Error"]["Code"] == "RequestEntityTooLargeException"
    assert reason in failure.value.response["Error"]["Message"]


def test_a_payload_of_the_largest_size_is_taken(functions: Any, echo: str) -> None:
    payload = b'"' + b"x" * (6 * 2**20 - 2) + b'"'
    assert value(functions.invoke(FunctionName=echo, Payload=payload)) == json.loads(payload)


def test_an_asynchronous_payload_of_the_largest_size_arrives(
    functions: Any, create: Create, tmp_path: Path
) -> None:
    name = create("def handler(event, context): open(event['to'], 'w').write(str(len(event['text'])))")
    to = tmp_path / "size"
    payload = json.dumps({"to": str(to), "text": ""}).encode()
    text = b"x" * (2**20 - len(payload))
    functions.invoke(
        FunctionName=name, InvocationType="Event", Payload=payload.replace(b'""', b'"' + text + b'"')
    )
    assert poll(lambda: (to.exists() and to.read_text()) or None, "the invocation") == str(len(text))


@pytest.mark.parametrize("kind", ["RequestResponse", "Event"])
@pytest.mark.parametrize("payload", [b"{", b"{'a': 1}", b"hello", b"[NaN]", b"n\x87r", b" ", b"[" * 100_000])
def test_a_payload_that_is_no_json_is_refused(functions: Any, echo: str, payload: bytes, kind: str) -> None:
    with pytest.raises(functions.exceptions.InvalidRequestContentException) as failure:
        functions.invoke(FunctionName=echo, InvocationType=kind, Payload=payload)
    assert failure.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    message = failure.value.response["Error"]["Message"]
    assert message.startswith("Could not parse request body into json: Could not parse payload into json: ")


@pytest.mark.parametrize("payload", [b'{"a": 1, "a": 2}', b"null", b"1", '"é"'.encode()])
def test_other_json_is_taken(functions: Any, echo: str, payload: bytes) -> None:
    assert value(functions.invoke(FunctionName=echo, Payload=payload)) == json.loads(payload)


def test_no_payload_is_an_empty_object(functions: Any, echo: str) -> None:
    assert value(functions.invoke(FunctionName=echo)) == {}


def test_the_configuration_of_an_alias_is_found(functions: Any, echo: str) -> None:
    version = functions.publish_version(FunctionName=echo)["Version"]
    arn = functions.create_alias(FunctionName=echo, Name="live", FunctionVersion=version)["AliasArn"]
    for name in ({"FunctionName": echo, "Qualifier": "live"}, {"FunctionName": f"{echo}:live"}):
        found = functions.get_function_configuration(**name)
        assert (found["FunctionArn"], found["Version"]) == (arn, version)
    assert functions.get_function_configuration(FunctionName=arn)["FunctionArn"] == arn
    for missing in (f"{arn}-not", f"{echo}-not", f"{echo}:not"):
        with pytest.raises(
            functions.exceptions.ResourceNotFoundException, match="Function not found: arn:aws"
        ):
            functions.get_function_configuration(FunctionName=missing)


def test_a_function_url_tells_who_calls(functions: Any, echo: str) -> None:
    url = urlsplit(functions.create_function_url_config(FunctionName=echo, AuthType="NONE")["FunctionUrl"])
    endpoint = os.environ["AWS_ENDPOINT_URL"]
    answer = requests.get(f"{endpoint}/path", headers={"Host": str(url.hostname)}, timeout=20)
    assert answer.json()["requestContext"]["http"]["sourceIp"] == "127.0.0.1"
    assert answer.json()["headers"]["x-forwarded-for"] == "127.0.0.1"
