"""The Runtime API, asked over HTTP as awslambdaric asks it."""

import http.client
import json
import select
import socket
from collections.abc import Iterator

import pytest

from localcloud.executor.runtime_api import (
    InitError,
    Invocation,
    NotDeliveredError,
    Response,
    RuntimeApi,
)
from localcloud.executor.runtime_server import RuntimeServer

NEXT = "/2018-06-01/runtime/invocation/next"
INVOCATION = Invocation("id-1", "arn:aws:lambda:x", "Root=1-2-3", 1_700_000_000_000, b'{"a": 1}')


@pytest.fixture
def api() -> Iterator[RuntimeApi]:
    api = RuntimeApi()
    yield api
    api.close(RuntimeError("the test is over"))


@pytest.fixture
def server(api: RuntimeApi) -> Iterator[RuntimeServer]:
    server = RuntimeServer(api)
    yield server
    server.end()


@pytest.fixture
def client(server: RuntimeServer) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection(server.address, timeout=10)
    yield connection
    connection.close()


def post(client: http.client.HTTPConnection, path: str, body: bytes) -> int:
    client.request("POST", "/2018-06-01/runtime/" + path, body)
    response = client.getresponse()
    response.read()
    return response.status


def take_next(client: http.client.HTTPConnection) -> http.client.HTTPResponse:
    client.request("GET", NEXT)
    return client.getresponse()


def test_next_carries_the_invocation(api: RuntimeApi, client: http.client.HTTPConnection) -> None:
    api.submit(INVOCATION)

    response = take_next(client)

    assert response.status == 200
    assert json.loads(response.read()) == {"a": 1}
    assert response.headers["Lambda-Runtime-Aws-Request-Id"] == "id-1"
    assert response.headers["Lambda-Runtime-Trace-Id"] == "Root=1-2-3"
    assert response.headers["Lambda-Runtime-Invoked-Function-Arn"] == "arn:aws:lambda:x"
    assert response.headers["Lambda-Runtime-Deadline-Ms"] == "1700000000000"


def test_asking_for_the_first_invocation_ends_initialization(
    api: RuntimeApi, client: http.client.HTTPConnection
) -> None:
    assert not api.initialized.done()

    client.request("GET", NEXT)

    assert api.initialized.result(timeout=10) is None


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", ""])
def test_a_web_page_whose_name_resolves_to_this_machine_gets_no_invocation(
    api: RuntimeApi, client: http.client.HTTPConnection, host: str
) -> None:
    api.submit(INVOCATION)

    client.request("GET", NEXT, headers={"Host": host})

    assert client.getresponse().status == 403
    assert not api.initialized.done()
    assert take_next(client).status == 200


@pytest.mark.parametrize(("kind", "is_error"), [("response", False), ("error", True)])
def test_an_answer_reaches_the_caller(
    api: RuntimeApi, client: http.client.HTTPConnection, kind: str, is_error: bool
) -> None:
    answer = api.submit(INVOCATION)
    take_next(client).read()

    status = post(client, f"invocation/id-1/{kind}", b'"done"')

    assert status == 202
    assert answer.result(timeout=10) == Response(b'"done"', is_error)


def test_an_answer_is_taken_once_and_for_its_own_invocation_only(
    api: RuntimeApi, client: http.client.HTTPConnection
) -> None:
    api.submit(INVOCATION)
    take_next(client).read()

    assert post(client, "invocation/another/response", b"1") == 400
    assert post(client, "invocation/id-1/response", b"1") == 202
    assert post(client, "invocation/id-1/response", b"2") == 400


def test_an_init_error_is_passed_on(api: RuntimeApi, client: http.client.HTTPConnection) -> None:
    payload = b'{"errorType": "Runtime.ImportModuleError"}'

    assert post(client, "init/error", payload) == 202

    with pytest.raises(InitError) as failure:
        api.initialized.result(timeout=10)
    assert failure.value.payload == payload


def test_an_unknown_path_is_not_found(client: http.client.HTTPConnection) -> None:
    client.request("GET", "/2018-06-01/runtime/elsewhere")
    assert client.getresponse().status == 404


def test_a_client_that_went_away_swallows_no_invocation(
    api: RuntimeApi, client: http.client.HTTPConnection
) -> None:
    client.request("GET", NEXT)
    api.initialized.result(timeout=10)
    client.close()

    response = api.submit(INVOCATION)

    with pytest.raises(NotDeliveredError):
        response.result(timeout=10)


def test_a_process_that_ended_before_reading_may_be_replaced(api: RuntimeApi, server: RuntimeServer) -> None:
    host, port = server.address.split(":")
    with socket.create_connection((host, int(port))) as process:
        process.sendall(f"GET {NEXT} HTTP/1.1\r\nHost: {server.address}\r\n\r\n".encode())
        response = api.submit(INVOCATION)
        select.select([process], [], [], 10)  # the invocation has arrived, nobody has read it

    with pytest.raises(NotDeliveredError):
        response.result(timeout=10)


def test_a_process_that_ended_after_reading_is_an_error(
    api: RuntimeApi, client: http.client.HTTPConnection
) -> None:
    response = api.submit(INVOCATION)
    take_next(client).read()
    client.close()

    api.close(RuntimeError("gone"))

    with pytest.raises(RuntimeError, match="gone"):
        response.result(timeout=10)


def test_an_answer_that_breaks_off_is_none(api: RuntimeApi, client: http.client.HTTPConnection) -> None:
    answer = api.submit(INVOCATION)
    take_next(client).read()
    path = "/2018-06-01/runtime/invocation/id-1/response"
    client.request("POST", path, b'"half', {"Content-Length": "100"})
    client.close()

    api.close(RuntimeError("gone"))

    with pytest.raises(RuntimeError, match="gone"):
        answer.result(timeout=10)


def test_a_closed_api_takes_no_invocation(api: RuntimeApi) -> None:
    api.close(RuntimeError("gone"))

    with pytest.raises(NotDeliveredError):
        api.submit(INVOCATION).result(timeout=10)


def test_closing_before_the_first_question_fails_initialization(api: RuntimeApi) -> None:
    api.close(RuntimeError("gone"))

    with pytest.raises(RuntimeError, match="gone"):
        api.initialized.result(timeout=10)
