"""What a Lambda function gets from an HTTP API, and what its response becomes."""

import base64
import json
from collections.abc import Mapping
from contextvars import ContextVar
from threading import Event, Semaphore
from typing import Any
from urllib.parse import urlencode

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st
from localstack.aws.api import CommonServiceException
from rolo import Request
from werkzeug.datastructures import Headers

from localcloud.apigatewayv2 import lambda_integration
from localcloud.apigatewayv2.data_plane import invoke_stage
from localcloud.apigatewayv2.errors import HttpApiError
from localcloud.apigatewayv2.invocation import HttpApi, Invocation
from localcloud.apigatewayv2.lambda_event import build_event
from localcloud.apigatewayv2.lambda_integration import (
    MalformedResponseError,
    call_lambda,
    function_arn,
    read_response,
)
from localcloud.apigatewayv2.parameter_mapping import map_request
from localcloud.executor.operations import check_payload

FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:list:live"
STAGES: Mapping[str, Any] = {
    "$default": {"stageName": "$default"},
    "beta": {"stageName": "beta", "stageVariables": {"alias": "live"}},
}

TEXT = (
    "text/csv",
    "Text/Plain;charset=utf-8",
    "application/json; x=y",
    "application/xml",
    "application/javascript",
)
BINARY = (
    None,
    "",
    "image/png",
    "application/jsonp",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
)

texts = st.text(st.characters(codec="utf-8"), max_size=12)


def invocation(
    path: str = "/pets/1",
    query: str = "",
    headers: list[tuple[str, str]] | None = None,
    body: bytes = b"",
    method: str = "GET",
) -> Invocation:
    api = HttpApi("000000000000", "us-east-1", "abc", None, False, (), {}, {}, STAGES)
    request = Request(method, path, Headers(headers or []), body, query_string=query, remote_addr="192.0.2.1")
    found = invoke_stage(api, request, path)
    assert found
    found.route = {"routeKey": "GET /pets/{id}"}
    found.path_parameters = {"id": "1"}
    return found


def test_an_event_of_format_2() -> None:
    request = invocation(
        "/beta/pets/a%20b",
        "x=1&x=2&y=%20",
        [("X-Two", "1"), ("x-two", "2"), ("Cookie", "a=1; b=2"), ("User-Agent", "agent")],
    )
    request.authorizer = {"jwt": {"claims": {"sub": "s"}, "scopes": None}}

    event = build_event(request, "2.0")

    context = event.pop("requestContext")
    headers = event.pop("headers")
    assert event == {
        "version": "2.0",
        "routeKey": "GET /pets/{id}",
        "rawPath": "/beta/pets/a b",
        "rawQueryString": "x=1&x=2&y=%20",
        "cookies": ["a=1", "b=2"],
        "queryStringParameters": {"x": "1,2", "y": " "},
        "pathParameters": {"id": "1"},
        "stageVariables": {"alias": "live"},
        "isBase64Encoded": False,
    }
    assert headers["x-two"] == "1,2"
    assert headers["x-forwarded-for"] == "192.0.2.1"
    assert "cookie" not in headers
    assert context["authorizer"] == request.authorizer
    assert context["stage"] == "beta"
    assert context["http"] == {
        "method": "GET",
        "path": "/beta/pets/a b",
        "protocol": "HTTP/1.1",
        "sourceIp": "192.0.2.1",
        "userAgent": "agent",
    }
    assert context["domainName"] == "abc.execute-api.us-east-1.amazonaws.com"


def test_times_are_the_same_moment_in_both_formats() -> None:
    request = invocation()
    request.arrived = 1_583_348_638_390

    context, older = (build_event(request, version)["requestContext"] for version in ("2.0", "1.0"))

    assert (context["time"], context["timeEpoch"]) == ("04/Mar/2020:19:03:58 +0000", 1_583_348_638_390)
    assert (older["requestTime"], older["requestTimeEpoch"]) == (context["time"], context["timeEpoch"])


def test_an_event_of_format_1() -> None:
    request = invocation(query="x=1&x=2", headers=[("X-Two", "1"), ("x-two", "2"), ("Cookie", "a=1")])

    event = build_event(request, "1.0")

    assert event["resource"] == "/pets/{id}"
    assert event["path"] == "/pets/1"
    assert event["headers"]["x-two"] == "2"
    assert event["headers"]["cookie"] == "a=1"
    assert event["multiValueHeaders"]["x-two"] == ["1", "2"]
    assert event["queryStringParameters"] == {"x": "1"}
    assert event["multiValueQueryStringParameters"] == {"x": ["1", "2"]}
    assert event["stageVariables"] is None
    assert event["body"] is None
    assert event["requestContext"]["authorizer"] == {"claims": None, "scopes": None}


@given(st.lists(st.tuples(texts.filter(bool), texts), max_size=5))
def test_parameters_are_decoded_and_joined(pairs: list[tuple[str, str]]) -> None:
    event = build_event(invocation(query=urlencode(pairs)), "2.0")

    expected: dict[str, list[str]] = {}
    for name, value in pairs:
        expected.setdefault(name, []).append(value)
    assert event.get("queryStringParameters", {}) == {key: ",".join(all_) for key, all_ in expected.items()}


def is_utf_8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


@pytest.mark.parametrize("version", ["1.0", "2.0"])
@given(
    body=st.binary(min_size=1),
    kind=st.sampled_from([*TEXT, *BINARY]),
)
def test_every_body_arrives_as_it_was(version: str, body: bytes, kind: str | None) -> None:
    headers = [("content-type", kind)] if kind else []

    event = build_event(invocation(headers=headers, body=body, method="POST"), version)

    encoded = event["isBase64Encoded"]
    assert (base64.b64decode(event["body"]) if encoded else event["body"].encode()) == body
    assert encoded if kind in BINARY else encoded == (not is_utf_8(body))


@pytest.mark.parametrize(
    ("payload", "body"),
    [('"Hello"', b"Hello"), ('{ "a": 1 }', b'{ "a": 1 }'), ("null", b"null"), ("[1]", b"[1]")],
)
def test_an_answer_without_a_status_is_the_body(payload: str, body: bytes) -> None:
    response = read_response(payload.encode(), "2.0")

    assert (response.status, response.body) == (200, body)
    assert response.headers["content-type"] == "application/json"


def test_an_answer_with_cookies_headers_and_base64() -> None:
    response = read_response(
        json.dumps(
            {
                "statusCode": "201",
                "headers": {"X-Number": 3, "X-True": True, "Content-Type": "image/png"},
                "cookies": ["a=1; Secure", "b=2"],
                "body": "/wA=",
                "isBase64Encoded": True,
            }
        ).encode(),
        "2.0",
    )

    assert (response.status, response.body) == (201, b"\xff\x00")
    assert response.headers.getlist("set-cookie") == ["a=1; Secure", "b=2"]
    assert (response.headers["x-number"], response.headers["x-true"]) == ("3", "true")


def test_headers_of_format_1_may_repeat() -> None:
    payload = {
        "statusCode": 200,
        "headers": {"X-A": "no", "b": "1"},
        "multiValueHeaders": {"x-a": ["1", "2"]},
    }

    response = read_response(json.dumps(payload).encode(), "1.0")

    assert response.headers.getlist("x-a") == ["1", "2"]
    assert response.headers["b"] == "1"
    assert response.headers["content-type"] == "text/plain;charset=UTF-8"


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        ("{", "JSON"),
        ('{"statusCode": "x"}', "statusCode"),
        ('{"statusCode": 42}', "statusCode"),
        ('{"statusCode": 200, "body": {}}', "body"),
        ('{"statusCode": 200, "body": "?", "isBase64Encoded": true}', "body"),
        ('{"statusCode": 200, "headers": [1]}', "headers"),
        ('{"statusCode": 200, "headers": {"a": "b\\r\\nc: d"}}', "headers"),
        ('{"statusCode": 200, "cookies": "a=1"}', "cookies"),
    ],
)
def test_a_malformed_answer_is_named(payload: str, field: str) -> None:
    with pytest.raises(MalformedResponseError, match=field):
        read_response(payload.encode(), "2.0")


@pytest.mark.parametrize("payload", ['"text"', "{}", "null"])
def test_format_1_infers_nothing(payload: str) -> None:
    with pytest.raises(MalformedResponseError):
        read_response(payload.encode(), "1.0")


@pytest.mark.parametrize(
    "uri",
    [
        FUNCTION,
        f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{FUNCTION}/invocations",
        FUNCTION.removesuffix("live") + "${stageVariables.alias}",
    ],
)
def test_every_form_of_a_uri_names_the_function(uri: str) -> None:
    assert function_arn(uri, invocation("/beta/pets/1")) == FUNCTION


def call(monkeypatch: pytest.MonkeyPatch, function: Any, **settings: Any) -> Any:
    monkeypatch.setattr(lambda_integration, "call_function", function)
    request = invocation()
    integration = {"integrationUri": FUNCTION, "payloadFormatVersion": "2.0", **settings}
    return call_lambda(request, integration, map_request(request, {}))


def test_a_function_is_called_on_behalf_of_its_route(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def function(*arguments: Any) -> tuple[bytes, bool]:
        calls.append(arguments)
        return b'"fine"', False

    assert call(monkeypatch, function).body == b"fine"
    [(name, role, source, event)] = calls
    assert (name, role) == (FUNCTION, None)
    assert source == "arn:aws:execute-api:us-east-1:000000000000:abc/$default/GET/pets/{id}"
    assert json.loads(event)["version"] == "2.0"


def test_what_goes_wrong_with_a_function(monkeypatch: pytest.MonkeyPatch) -> None:
    released = Event()

    def status(function: Any, **settings: Any) -> int:
        with pytest.raises(HttpApiError) as refused:
            call(monkeypatch, function, **settings)
        return refused.value.status

    try:
        assert status(lambda *_: (b'{"errorMessage": "no"}', True)) == 500
        assert status(lambda *_: (b"{", False)) == 500
        assert status(lambda *_: (released.wait(30), False), timeoutInMillis=50) == 503
    finally:
        released.set()


def test_functions_that_are_waited_for_no_more_keep_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    released, ended = Event(), Semaphore(0)

    def hanging(*_: Any) -> tuple[bytes, bool]:
        released.wait(60)
        ended.release()
        return b"1", False

    for _ in range(250):
        with pytest.raises(HttpApiError, match="Service Unavailable"):
            call(monkeypatch, hanging, timeoutInMillis=1)
    assert call(monkeypatch, lambda *_: (b'"fine"', False)).body == b"fine"
    released.set()
    assert all(ended.acquire(timeout=30) for _ in range(250)), "the invocations go on to their end"


def test_a_function_is_called_in_the_callers_context(monkeypatch: pytest.MonkeyPatch) -> None:
    trace = ContextVar("trace", default="none")
    trace.set("Root=1-a")
    assert call(monkeypatch, lambda *_: (json.dumps(trace.get()).encode(), False)).body == b"Root=1-a"


def test_an_event_that_is_too_large_for_lambda_is_413(monkeypatch: pytest.MonkeyPatch) -> None:
    def invoke(*_: Any) -> Any:
        try:
            check_payload(b"1" * (6 * 2**20 + 1), is_event=False)
        except CommonServiceException as error:
            raise ClientError({"Error": {"Code": error.code}}, "Invoke") from error

    with pytest.raises(HttpApiError, match="Request Entity Too Large") as refused:
        call(monkeypatch, invoke)
    assert refused.value.status == 413
