"""What integrations are asked, for how long, and what of their answers reaches the caller; no server."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from typing import Any
from unittest.mock import patch

import pytest
from localstack.services.apigateway.models import MergedRestApi, RestApiDeployment
from localstack.services.apigateway.next_gen.execute_api.context import RestApiInvocationContext
from localstack.services.apigateway.next_gen.execute_api.gateway import RestApiGateway
from localstack.services.apigateway.next_gen.execute_api.handlers.integration import IntegrationHandler
from localstack.services.apigateway.next_gen.execute_api.integrations import REST_API_INTEGRATIONS, aws
from localstack.services.apigateway.next_gen.execute_api.integrations.http import RestApiHttpProxyIntegration
from rolo import Request, Response
from werkzeug.datastructures import Headers

from localcloud_plugin import corrections

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
