"""Authorizers in the REST API's whole chain, with a function made by hand; no server."""

import json
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import pytest
from localstack.aws.api.apigateway import NotFoundException
from localstack.services.apigateway.models import MergedRestApi, RestApiDeployment
from localstack.services.apigateway.next_gen.execute_api import handlers
from localstack.services.apigateway.next_gen.execute_api.context import RestApiInvocationContext
from localstack.services.apigateway.next_gen.execute_api.gateway import RestApiGateway
from localstack.services.apigateway.next_gen.provider import ApigatewayNextGenProvider
from moto.apigateway.models import apigateway_backends
from rolo import Request, Response

from localcloud.apigateway import corrections, flushing
from localcloud.apigateway.access_log import AccessLogger
from localcloud.apigateway.authorization import Authorization
from localcloud.apigateway.lambda_authorizer import LambdaAuthorizer
from localcloud.apigateway.throttling import UsageMeter
from localcloud.gateway.log_delivery import Entry
from localcloud.gateway.result_cache import ResultCache

ARN = "arn:aws:execute-api:us-east-1:000000000000:a/v1"
ECHO = """{"statusCode":200}"""
LOG_FORMAT = (
    "$context.status $context.error.responseType $context.authorizer.principalId $context.authorizer.error"
)
ANSWER = "$context.authorizer.principalId $context.authorizer.count $context.authorizer.flag"
AUTHORIZERS: dict[str, dict[str, Any]] = {
    "token": {
        "type": "TOKEN",
        "identitySource": "method.request.header.Authorization",
        "identityValidationExpression": "Bearer [a-z]+",
    },
    "eager": {
        "type": "TOKEN",
        "identitySource": "method.request.header.Authorization",
        "authorizerResultTtlInSeconds": 0,
    },
    "request": {
        "type": "REQUEST",
        "identitySource": "method.request.header.X-A, method.request.querystring.b",
        "authorizerResultTtlInSeconds": 60,
    },
    "anybody": {"type": "REQUEST", "authorizerResultTtlInSeconds": 60},
    "odd": {"type": "TOKEN", "identitySource": "method.request.body.x"},
    "pattern": {
        "type": "TOKEN",
        "identitySource": "method.request.header.Authorization",
        "identityValidationExpression": "(",
    },
    "pool": {"type": "COGNITO_USER_POOLS", "identitySource": "method.request.header.Authorization"},
}


def allow(resource: str = f"{ARN}/GET/*", effect: str = "Allow", **more: Any) -> dict[str, Any]:
    statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": resource}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    return {"principalId": "acme", "policyDocument": policy, **more}


class Function:
    """An authorizer's function: answers, fails or cannot be called, and keeps the events."""

    def __init__(self) -> None:
        self.events: list[Any] = []
        self.answer: Any = allow()
        self.failed = False

    def __call__(self, context: Any, authorizer: Mapping[str, Any], event: bytes) -> tuple[bytes, bool]:
        self.events.append(json.loads(event))
        if isinstance(self.answer, Exception):
            raise self.answer
        return json.dumps(self.answer).encode(), self.failed


def mock_method(authorizer: str) -> dict[str, Any]:
    integration = {
        "type": "MOCK",
        "uri": None,
        "httpMethod": None,
        "requestParameters": None,
        "passthroughBehavior": "NEVER",
        "requestTemplates": {"application/json": ECHO},
        "integrationResponses": {"200": {"statusCode": "200", "responseTemplates": {"text/plain": ANSWER}}},
    }
    kind = {"pool": "COGNITO_USER_POOLS", "iam": "AWS_IAM"}.get(authorizer, "CUSTOM")
    return {
        "httpMethod": "GET",
        "authorizationType": kind,
        "authorizerId": None if authorizer == "iam" else authorizer,
        "methodIntegration": integration,
    }


@pytest.fixture
def function() -> Function:
    return Function()


@pytest.fixture(scope="module", autouse=True)
def _corrected() -> None:
    corrections.apply()


@pytest.fixture
def logged() -> list[Entry]:
    return []


@pytest.fixture
def authorize(function: Function) -> LambdaAuthorizer:
    return LambdaAuthorizer(function)


@pytest.fixture
def get(
    authorize: LambdaAuthorizer, logged: list[Entry], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Response]:
    control = Authorization({"TOKEN": authorize, "REQUEST": authorize})
    monkeypatch.setattr(handlers.preprocess_request, "handlers", [control])
    monkeypatch.setattr(handlers, "api_key_validation_handler", UsageMeter())
    monkeypatch.setattr(handlers, "usage_counter", AccessLogger(logged.append))
    gateway = RestApiGateway()  # type: ignore[no-untyped-call]
    api = MergedRestApi(rest_api={})
    definitions: Any = {name: value | {"id": name} for name, value in AUTHORIZERS.items()}
    api.authorizers = definitions
    resources: Any = {
        name: {"id": name, "path": f"/{name}", "resourceMethods": {"GET": mock_method(name)}}
        for name in [*AUTHORIZERS, "gone", "iam"]
    }
    api.resources = resources
    deployment = RestApiDeployment("000000000000", "us-east-1", api)

    def invoke(path: str, stage: str = "v1", **headers: str) -> Response:
        route, _, query = path.partition("?")
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = Request("GET", route, query_string=query, headers=named)
        context = RestApiInvocationContext(request)
        context.deployment, context.deployment_id = deployment, "d"
        context.api_id, context.stage = "a", stage
        settings = {"destinationArn": "arn:aws:logs:us-east-1:000000000000:log-group:g", "format": LOG_FORMAT}
        configuration: Any = {"variables": {"who": "me"}, "accessLogSettings": settings}
        context.stage_configuration = configuration
        response = Response()
        gateway.process_with_context(context, response)
        return response

    return invoke


def outcome(response: Response) -> tuple[int, Any, str | None]:
    return response.status_code, json.loads(response.data), response.headers.get("x-amzn-ErrorType")


UNAUTHORIZED = (401, {"message": "Unauthorized"}, "UnauthorizedException")
MISCONFIGURED = (500, {"message": None}, "AuthorizerConfigurationException")


def test_an_allowed_caller_reaches_the_integration_with_its_context(
    get: Callable[..., Response], function: Function
) -> None:
    function.answer = allow(context={"count": 7, "flag": True, "nothing": None})

    response = get("/token", Authorization="Bearer abc")

    assert (response.status_code, response.data) == (200, b"acme 7 true")
    assert function.events == [
        {"type": "TOKEN", "methodArn": f"{ARN}/GET/token", "authorizationToken": "Bearer abc"}
    ]


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/token", {}),
        ("/token", {"Authorization": ""}),
        ("/token", {"Authorization": "Basic abc"}),
        ("/token", {"Authorization": "Bearer abc1"}),
        ("/request?b=1", {}),
        ("/request", {"X_A": "1"}),
        ("/request?b=", {"X_A": "1"}),
    ],
)
def test_without_its_identity_source_the_function_is_not_called(
    get: Callable[..., Response], function: Function, path: str, headers: dict[str, str]
) -> None:
    assert outcome(get(path, **headers)) == UNAUTHORIZED
    assert function.events == []


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (allow(effect="Deny"), "User is not authorized to access this resource with an explicit deny"),
        (allow(f"{ARN}/POST/token"), "User is not authorized to access this resource"),
    ],
)
def test_a_policy_refuses(
    get: Callable[..., Response], function: Function, answer: Any, message: str
) -> None:
    function.answer = answer

    response = get("/token", Authorization="Bearer abc")

    assert outcome(response) == (403, {"Message": message}, "AccessDeniedException")


def test_a_function_says_unauthorized_by_failing(get: Callable[..., Response], function: Function) -> None:
    function.answer, function.failed = {"errorMessage": "Unauthorized", "errorType": "Exception"}, True

    assert [outcome(get("/token", Authorization="Bearer abc")) for _ in range(2)] == [UNAUTHORIZED] * 2
    assert len(function.events) == 2


@pytest.mark.parametrize("answer", [{"errorMessage": "Task timed out after 3.00 seconds"}, "x", None, []])
def test_a_function_that_fails_tells_the_caller_nothing(
    get: Callable[..., Response], function: Function, answer: Any
) -> None:
    function.answer, function.failed = answer, True

    response = get("/token", Authorization="Bearer abc")

    assert outcome(response) == (500, {"message": None}, "AuthorizerFailureException")


@pytest.mark.parametrize(
    "answer",
    [
        LookupError("no such function"),
        None,
        "Allow",
        {},
        allow() | {"principalId": 1},
        allow() | {"policyDocument": None},
        allow(effect="Maybe"),
        allow(context={"list": []}),
        allow(context="x"),
        allow(usageIdentifierKey=1),
    ],
)
def test_what_is_no_authorizers_answer_is_a_500_and_is_not_kept(
    get: Callable[..., Response], function: Function, answer: Any
) -> None:
    function.answer = answer
    assert outcome(get("/token", Authorization="Bearer abc")) == MISCONFIGURED

    function.answer = allow()
    assert get("/token", Authorization="Bearer abc").status_code == 200


@pytest.mark.parametrize("path", ["/pool", "/iam", "/gone", "/odd", "/pattern"])
def test_what_cannot_be_authorized_is_refused(
    get: Callable[..., Response], function: Function, path: str
) -> None:
    assert outcome(get(path, Authorization="Bearer abc")) == MISCONFIGURED
    assert function.events == []


def test_answers_are_kept_by_identity(get: Callable[..., Response], function: Function) -> None:
    statuses = [get("/token", Authorization=f"Bearer {who}").status_code for who in "ababa"]

    assert statuses == [200] * 5
    assert [event["authorizationToken"] for event in function.events] == ["Bearer a", "Bearer b"]


def test_a_kept_answer_is_a_policy_not_a_decision(get: Callable[..., Response], function: Function) -> None:
    function.answer = allow(effect="Deny")

    assert [get("/token", Authorization="Bearer a").status_code for _ in range(2)] == [403, 403]
    assert len(function.events) == 1


def test_every_identity_source_is_part_of_the_key(get: Callable[..., Response], function: Function) -> None:
    for query, header in [("1", "x"), ("1", "y"), ("2", "x"), ("1", "x")]:
        assert get(f"/request?b={query}", X_A=header).status_code == 200

    assert len(function.events) == 3
    event = function.events[0]
    assert event["type"] == "REQUEST"
    assert event["headers"]["X-A"] == "x"
    assert event["queryStringParameters"] == {"b": "1"}
    assert event["multiValueQueryStringParameters"] == {"b": ["1"]}
    assert event["stageVariables"] == {"who": "me"}
    assert (event["resource"], event["path"], event["pathParameters"]) == ("/request", "/request", {})
    assert event["requestContext"]["resourcePath"] == "/request"


@pytest.mark.parametrize("path", ["/eager", "/anybody"])
def test_without_time_or_identity_nothing_is_kept(
    get: Callable[..., Response], function: Function, path: str
) -> None:
    for _ in range(2):
        assert get(path, Authorization="Bearer a").status_code == 200

    assert len(function.events) == 2


def test_answers_are_kept_for_one_stage(get: Callable[..., Response], function: Function) -> None:
    function.answer = allow("*")

    assert [get("/token", stage, Authorization="Bearer a").status_code for stage in ("v1", "v2")] == [200] * 2
    assert [event["methodArn"].split("/")[1] for event in function.events] == ["v1", "v2"]


def test_a_flush_forgets_the_results_of_one_stage(
    authorize: LambdaAuthorizer,
    get: Callable[..., Response],
    function: Function,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """See https://docs.aws.amazon.com/apigateway/latest/api/API_FlushStageAuthorizersCache.html."""
    backend: Any = apigateway_backends["000000000000"]["us-east-1"]
    monkeypatch.setitem(backend.apis, "a", SimpleNamespace(stages={"v1": None}))
    flushing.apply(authorize.flush)
    flush: Any = ApigatewayNextGenProvider.flush_stage_authorizers_cache
    context = SimpleNamespace(account_id="000000000000", region="us-east-1")
    function.answer = allow("*")
    for stage in ("v1", "v2"):
        get("/token", stage, Authorization="Bearer a")

    flush(None, context, rest_api_id="a", stage_name="v1")
    with pytest.raises(NotFoundException, match="Invalid stage identifier specified"):
        flush(None, context, rest_api_id="a", stage_name="v2")

    for stage in ("v1", "v2"):
        get("/token", stage, Authorization="Bearer a")
    assert [event["methodArn"].split("/")[1] for event in function.events] == ["v1", "v2", "v1"]


def test_every_outcome_is_in_the_access_log(
    get: Callable[..., Response], function: Function, logged: list[Entry]
) -> None:
    get("/token", Authorization="Bearer a")
    get("/token")
    function.answer = allow(effect="Deny")
    get("/token", Authorization="Bearer b")
    function.answer, function.failed = {"errorMessage": "boom"}, True
    get("/token", Authorization="Bearer c")
    get("/nowhere")

    assert [entry.line for entry in logged] == [
        "200 - acme -",
        "401 UNAUTHORIZED - -",
        "403 ACCESS_DENIED acme -",
        "500 AUTHORIZER_FAILURE - its function failed: boom",
        "403 MISSING_AUTHENTICATION_TOKEN - -",
    ]


def test_results_last_as_long_as_they_were_given_and_the_oldest_goes() -> None:
    now = [0.0]
    cache: ResultCache[str] = ResultCache(size=2, clock=lambda: now[0])
    for name, seconds in (("a", 10), ("b", 20), ("none", 0)):
        cache.put(name, name.upper(), seconds)
    assert [cache.get(name) for name in ("a", "b", "none")] == ["A", "B", None]

    now[0] = 10.0
    assert [cache.get(name) for name in ("a", "b")] == [None, "B"]
    cache.put("c", "C", 10)
    cache.put("d", "D", 10)
    assert [cache.get(name) for name in ("b", "c", "d")] == [None, "C", "D"]
