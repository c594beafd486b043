"""What integrations are asked, for how long, and what of their answers reaches the caller; no server."""

import base64
import gzip
import io
import json
import re
import threading
from collections.abc import Callable, Iterator
from typing import Any
from unittest.mock import patch

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st
from localstack.aws.handlers.codec import ContentDecoder
from localstack.services.apigateway.models import MergedRestApi, RestApiDeployment
from localstack.services.apigateway.next_gen.execute_api import helpers
from localstack.services.apigateway.next_gen.execute_api.context import RestApiInvocationContext
from localstack.services.apigateway.next_gen.execute_api.gateway import RestApiGateway
from localstack.services.apigateway.next_gen.execute_api.gateway_response import InternalServerError
from localstack.services.apigateway.next_gen.execute_api.handlers.integration import IntegrationHandler
from localstack.services.apigateway.next_gen.execute_api.handlers.integration_request import (
    IntegrationRequestHandler,
)
from localstack.services.apigateway.next_gen.execute_api.handlers.parse import InvocationRequestParser
from localstack.services.apigateway.next_gen.execute_api.integrations import REST_API_INTEGRATIONS, aws
from localstack.services.apigateway.next_gen.execute_api.integrations.http import RestApiHttpProxyIntegration
from rolo import Request, Response
from werkzeug.datastructures import Headers

from localcloud.apigateway import corrections
from localcloud.apigateway.lambda_authorizer import build_event

DONE = "LocalStack does this itself now: delete it from "
FUNCTION = (
    "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
    "arn:aws:lambda:us-east-1:000000000000:function:f/invocations"
)
Answer = Callable[[dict[str, Any]], Any]


def method(kind: str, uri: str, **more: Any) -> dict[str, Any]:
    integration = {
        "type": kind,
        "uri": uri,
        "httpMethod": "POST",
        "requestParameters": None,
        "passthroughBehavior": "WHEN_NO_MATCH",
        "integrationResponses": {"200": {"statusCode": "200", "responseTemplates": {}}},
        "timeoutInMillis": 29_000,
    }
    return {"httpMethod": "ANY", "methodIntegration": integration | more}


class Api:
    """A REST API whose every integration is answered here; `rest_api` are its settings."""

    def __init__(self) -> None:
        self.gateway = RestApiGateway()  # type: ignore[no-untyped-call]
        self.rest_api: dict[str, Any] = {}
        self.answer: Answer = lambda event: {"statusCode": 200, "body": json.dumps(event)}
        self.timeout = 29_000
        self.context: Any = None

    def call_lambda(self, event: bytes, **_: Any) -> bytes:
        return json.dumps(self.answer(json.loads(event))).encode()

    def __call__(self, path: str = "/proxy", body: bytes = b"", **headers: str) -> Response:
        methods = {
            "/proxy": method("AWS_PROXY", FUNCTION, timeoutInMillis=self.timeout),
            "/http": method("HTTP_PROXY", "http://127.0.0.1:1/", timeoutInMillis=str(self.timeout)),
            "/aws": method(
                "AWS", "arn:aws:apigateway:us-east-1:sqs:path/q", timeoutInMillis=str(self.timeout)
            ),
        }
        merged = MergedRestApi(rest_api=self.rest_api)  # type: ignore[arg-type]
        resources: Any = {
            name: {"id": name, "path": name, "resourceMethods": {"ANY": each}}
            for name, each in methods.items()
        }
        merged.resources = resources
        request = Request(
            "POST",
            re.sub("^//v1", "", path),
            body=body,
            headers={name.replace("_", "-"): value for name, value in headers.items()},
            scheme="https",
            raw_path=path,
        )
        self.context = context = RestApiInvocationContext(request)
        context.deployment = RestApiDeployment("000000000000", "us-east-1", merged)
        context.deployment_id, context.api_id, context.stage = "d", "a", "v1"
        context.stage_configuration = {}
        response = Response()
        self.gateway.process_with_context(context, response)
        return response


@pytest.fixture(scope="module", autouse=True)
def _corrected() -> None:
    corrections.apply()


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Api:
    api = Api()
    monkeypatch.setattr(aws.RestApiAwsProxyIntegration, "call_lambda", staticmethod(api.call_lambda))
    return api


@pytest.fixture
def hanging(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Integrations of every kind that hang until the event is set, then end."""
    let_go = threading.Event()
    for kind in ("AWS_PROXY", "HTTP_PROXY", "AWS"):
        monkeypatch.setattr(type(REST_API_INTEGRATIONS[kind]), "invoke", lambda *_: let_go.wait(30))
    yield let_go
    let_go.set()


@pytest.mark.parametrize("path", ["/proxy", "/http", "/aws"])
def test_an_integration_that_outlasts_its_timeout_is_504(
    api: Api, hanging: threading.Event, path: str
) -> None:
    api.timeout = 50

    response = api(path)

    assert not hanging.is_set()
    assert (response.status_code, json.loads(response.data)) == (
        504,
        {"message": "Endpoint request timed out"},
    )
    assert response.headers["x-amzn-ErrorType"] == "InternalServerErrorException"


def test_a_hundred_that_hang_keep_nobody_waiting(api: Api, hanging: threading.Event) -> None:
    api.timeout = 1
    assert [api("/http").status_code for _ in range(100)] == [504] * 100

    api.timeout = 29_000
    with patch.object(type(REST_API_INTEGRATIONS["AWS_PROXY"]), "invoke", endpoint):
        assert api().status_code == 200
    assert not hanging.is_set()


def endpoint(*_: Any) -> Any:
    return {"status_code": 200, "headers": Headers(), "body": b""}


def test_what_was_called_goes_on(api: Api) -> None:
    let_go, ended = threading.Event(), threading.Event()

    def work(_: Any) -> Any:
        let_go.wait(30)
        ended.set()
        return {}

    api.answer, api.timeout = work, 50
    assert api().status_code == 504

    let_go.set()
    assert ended.wait(30)


def test_an_integration_that_fails_in_time_fails_as_before(api: Api) -> None:
    assert api("/http").status_code == 500  # nothing listens there


def test_localstack_waits_for_ever() -> None:
    started, let_go = threading.Event(), threading.Event()

    def invoke(*_: Any) -> Any:
        started.set()
        let_go.wait(30)
        return endpoint()

    context: Any = RestApiInvocationContext(Request())
    context.integration = method("HTTP_PROXY", "", timeoutInMillis=1)["methodIntegration"]
    with patch.object(RestApiHttpProxyIntegration, "invoke", invoke):
        thread = threading.Thread(target=IntegrationHandler(), args=(None, context, None))
        thread.start()
        assert started.wait(30)
        thread.join(0.1)
        waits = thread.is_alive()
        let_go.set()
        thread.join(30)
    assert waits, DONE + "integration_timeout.py"


def malformed(response: Response) -> bool:
    refused = {"message": "Internal server error"}
    return response.status_code == 502 and json.loads(response.data) == refused


@pytest.mark.parametrize(
    ("answer", "status", "body", "headers"),
    [
        ({"statusCode": 201}, 201, b"", {}),
        ({"statusCode": "201", "body": None}, 201, b"", {}),
        ({"headers": {"x": "a", "y": True, "z": 5}}, 200, b"", {"x": "a", "y": "true", "z": "5"}),
        ({"headers": None, "multiValueHeaders": None, "isBase64Encoded": None}, 200, b"", {}),
        ({"multiValueHeaders": {"x": ["a", "b"]}, "headers": {"x": "c"}}, 200, b"", {"x": "a"}),
        ({"multiValueHeaders": {"x": [1, False]}}, 200, b"", {"x": "1"}),
        ({"body": "Zm9v", "isBase64Encoded": True}, 200, b"Zm9v", {}),
    ],
)
def test_what_a_function_may_answer(api: Api, answer: Any, status: int, body: bytes, headers: Any) -> None:
    api.answer = lambda _: answer

    response = api(Accept="*/*")

    assert (response.status_code, response.data) == (status, body)
    assert headers.items() <= dict(response.headers.to_wsgi_list()[::-1]).items()


WRONG = [
    {"body": {"message": "hello"}},
    {"body": ["hello"]},
    {"body": 5},
    {"statusCode": "test"},
    {"statusCode": 200.5},
    {"statusCode": True},
    {"statusCode": 99},
    {"statusCode": 1000},
    {"statusCode": "2 0"},
    {"statusCode": [200]},
    {"headers": ["x"]},
    {"headers": {"x": ["a"]}},
    {"headers": {"x": {}}},
    {"multiValueHeaders": {"x": "a"}},
    {"multiValueHeaders": {"x": [{}]}},
    {"multiValueHeaders": [["x"]]},
    {"isBase64Encoded": "true"},
    {"isBase64Encoded": 1},
    {"wrongValue": "value"},
    {"cookies": []},
    "justAString",
    5,
    None,
    ["statusCode"],
]


@pytest.mark.parametrize("answer", WRONG, ids=repr)
def test_any_other_answer_is_502(api: Api, answer: Any) -> None:
    wrong = {"statusCode": 200} | answer if isinstance(answer, dict) else answer
    api.answer = lambda _: wrong

    assert malformed(api())


def is_valid(answer: Any) -> bool:
    checking: Any = REST_API_INTEGRATIONS["AWS_PROXY"]
    try:
        return bool(checking._is_lambda_response_valid(answer))
    except InternalServerError:
        return False


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=2), inner, max_size=2),
)
keys = st.sampled_from(["statusCode", "headers", "multiValueHeaders", "isBase64Encoded", "body", "other"])


@given(st.dictionaries(keys, anything) | anything)
def test_what_is_taken_can_be_answered(answer: Any) -> None:
    if not is_valid(answer):
        return
    assert set(answer) <= {"statusCode", "headers", "multiValueHeaders", "isBase64Encoded", "body"}
    assert 100 <= int(answer.get("statusCode") or 200) <= 599
    headers: Any = aws.RestApiAwsProxyIntegration._merge_lambda_response_headers(answer)
    assert all(isinstance(each, str | bool | int | float | list) for each in headers.values())
    assert isinstance(aws.RestApiAwsProxyIntegration._parse_body(answer.get("body"), False), bytes)


def test_localstack_takes_a_body_that_is_an_object() -> None:
    taken = aws.RestApiAwsProxyIntegration._is_lambda_response_valid({"body": {}, "isBase64Encoded": 1})
    assert taken, DONE + "lambda_integration.py"


def refuse(code: str) -> Answer:
    def answer(_: Any) -> Any:
        raise ClientError({"Error": {"Code": code, "Message": "no"}}, "Invoke")

    return answer


def test_an_event_too_large_for_lambda_is_413(api: Api) -> None:
    api.answer = refuse("RequestEntityTooLargeException")

    response = api()

    assert (response.status_code, json.loads(response.data)) == (413, {"message": "Request Too Long"})
    assert response.headers["x-amzn-ErrorType"] == "BadRequestException"
    with patch.dict(REST_API_INTEGRATIONS, AWS_PROXY=aws.RestApiAwsProxyIntegration()):
        assert api().status_code == 502, DONE + "lambda_integration.py"


@pytest.mark.parametrize(
    ("code", "status"), [("TooManyRequestsException", 502), ("AccessDeniedException", 500)]
)
def test_other_refusals_of_lambda_are_as_before(api: Api, code: str, status: int) -> None:
    api.answer = refuse(code)
    assert api().status_code == status


@pytest.mark.parametrize("accept", ["text/html,application/xhtml+xml", "image/png", "*/*", None])
def test_all_types_are_binary_if_the_api_says_so(api: Api, accept: str | None) -> None:
    api.rest_api = {"binaryMediaTypes": ["*/*"]}
    api.answer = lambda _: {"body": "AP8=", "isBase64Encoded": True}

    headers: dict[str, Any] = {"Accept": accept} if accept else {}
    assert api(**headers).data == b"\x00\xff"
    assert not helpers.mime_type_matches_binary_media_types(accept, ["*/*"]), DONE + "lambda_integration.py"


def test_one_type_is_binary_where_accept_names_it_first(api: Api) -> None:
    api.rest_api = {"binaryMediaTypes": ["image/png"]}
    api.answer = lambda _: {"body": "AP8=", "isBase64Encoded": True}

    assert api(Accept="image/png,*/*").data == b"\x00\xff"
    assert api(Accept="*/*").data == api(Accept="image/webp,image/png").data == api().data == b"AP8="


@pytest.mark.parametrize(
    ("types", "content_type", "is_base64"),
    [(["*/*"], "text/plain", True), (["text/plain"], "text/plain", True), (["image/*"], "text/plain", False)],
)
def test_a_binary_body_reaches_the_function_as_base64(
    api: Api, types: list[str], content_type: str, is_base64: bool
) -> None:
    api.rest_api = {"binaryMediaTypes": types}

    event = json.loads(api(body=b"hello", Content_Type=content_type).data)

    body = base64.b64encode(b"hello").decode() if is_base64 else "hello"
    assert (event["body"], event["isBase64Encoded"]) == (body, is_base64)


def test_no_body_is_not_base64(api: Api) -> None:
    api.rest_api = {"binaryMediaTypes": ["*/*"]}
    event = json.loads(api().data)
    assert (event["body"], event["isBase64Encoded"]) == (None, False)


def test_the_time_of_a_request_has_its_zone(api: Api) -> None:
    context = json.loads(api().data)["requestContext"]

    assert re.fullmatch(r"\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d \+0000", context["requestTime"])
    own: Any = InvocationRequestParser.create_context_variables(api.context)
    assert own["requestTime"].endswith(" "), DONE + "request_parsing.py"


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("/v1/proxy", "/v1/proxy"),
        ("//v1/proxy", "/v1/proxy"),
        ("/v1//proxy", "/v1//proxy"),
        ("//_aws/execute-api/a/v1/proxy", "/v1/proxy"),
        ("/_aws/execute-api/a/v1//proxy?a=//b", "/v1//proxy"),
        ("/restapis/a/v1/_user_request_//proxy", "/v1//proxy"),
    ],
)
def test_a_slash_is_dropped_before_the_stage_alone(api: Api, uri: str, path: str) -> None:
    event = json.loads(api(uri).data)

    assert (event["path"], event["requestContext"]["path"]) == ("/proxy", path)


def test_localstack_keeps_the_slash_before_the_stage(api: Api) -> None:
    api("//v1/proxy")
    request: Any = {}
    api.context.request.environ["RAW_URI"] = "//v1/proxy"
    InvocationRequestParser._enrich_with_raw_path(api.context, request)
    assert request["raw_path"] == "//proxy", DONE + "request_parsing.py"


def test_functions_and_authorizers_get_the_headers_that_api_gateway_adds(api: Api) -> None:
    event = json.loads(api(X_Forwarded_Proto="gopher").data)

    authorizer = build_event(api.context, "REQUEST", ())
    for headers in (event["headers"], authorizer["headers"]):
        assert headers["X-Forwarded-Proto"] == "https"
        assert {"X-Forwarded-For", "X-Forwarded-Port"} <= set(headers)
        assert headers["X-Amzn-Trace-Id"] == api.context.trace_id
    assert authorizer["multiValueHeaders"]["X-Forwarded-Proto"] == ["https"]
    own = Headers()
    IntegrationRequestHandler._set_proxy_headers(own, api.context.request)
    assert own["X-Forwarded-Proto"] == "HTTP", DONE + "integration_mapping.py"


PACKED = gzip.compress(b'{"a": 1}', mtime=0)


@pytest.mark.parametrize("least", [0, 100])
def test_a_payload_is_unpacked_if_the_api_allows_it(api: Api, least: int) -> None:
    api.rest_api = {"minimumCompressionSize": least}

    event = json.loads(api(body=PACKED, Content_Encoding="gzip").data)

    assert event["body"] == '{"a": 1}'
    assert "Content-Encoding" not in event["headers"]


def test_else_it_is_left_as_it_is(api: Api) -> None:
    event = json.loads(api(body=PACKED, Content_Encoding="gzip").data)

    assert event["isBase64Encoded"]
    assert base64.b64decode(event["body"]) == PACKED
    assert event["headers"]["Content-Encoding"] == "gzip"


def test_what_cannot_be_unpacked_is_the_callers_error(api: Api) -> None:
    api.rest_api = {"minimumCompressionSize": 0}
    assert api(body=b"no gzip", Content_Encoding="gzip").status_code == 400


def test_a_small_payload_that_unpacks_to_a_large_one_is_413(api: Api) -> None:
    api.rest_api = {"minimumCompressionSize": 0}
    assert api(body=gzip.compress(bytes(2**25)), Content_Encoding="gzip").status_code == 413


@pytest.mark.parametrize(
    ("host", "path", "read"),
    [
        ("127.0.0.1", "/_aws/execute-api/a/v1/x", PACKED),
        ("a.execute-api.localhost", "/v1/x", PACKED),
        ("127.0.0.1", "/", b'{"a": 1}'),
    ],
)
def test_localstack_unpacks_for_its_services_alone(host: str, path: str, read: bytes) -> None:
    request = Request("POST", path, headers={"Host": host, "Content-Encoding": "gzip"})
    request.stream = io.BytesIO(PACKED)
    context: Any = type("Context", (), {"request": request, "service": None})

    ContentDecoder()(None, context, None)  # type: ignore[arg-type]

    assert request.stream.read() == read


def test_localstack_unpacks_for_apis() -> None:
    request = Request("POST", "/_aws/execute-api/a/v1/x", headers={"Content-Encoding": "gzip"})
    request.stream = io.BytesIO(PACKED)
    context: Any = type("Context", (), {"request": request, "service": None})
    original: Any = ContentDecoder.__call__
    while hasattr(original, "__wrapped__"):
        original = original.__wrapped__

    original(ContentDecoder(), None, context, None)

    assert request.stream.read() != PACKED, DONE + "request_parsing.py"
