"""The REST API's whole handler chain, corrected, on an API made by hand; no server."""

import json
from typing import Any

import pytest
from localstack.aws.api.apigateway import BadRequestException
from localstack.services.apigateway.models import MergedRestApi, RestApiDeployment
from localstack.services.apigateway.next_gen.execute_api.context import RestApiInvocationContext
from localstack.services.apigateway.next_gen.execute_api.gateway import RestApiGateway
from rolo import Request, Response

from localcloud.apigateway import corrections
from localcloud.apigateway.gateway_responses import render
from localcloud.apigateway.media_types import choose_type, media_type
from localcloud.apigateway.operations import read_gateway_responses

ERROR_TEMPLATE = (
    '{"message": $context.error.messageString, "errors": [{"field": "body", '
    '"reason": "$context.error.validationErrorString"}]}'
)
CORS = {"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"}
GATEWAY_RESPONSES = {
    "BAD_REQUEST_BODY": {
        "statusCode": 422,
        "responseParameters": {
            **CORS,
            "gatewayresponse.header.X-Caller": "method.request.header.Origin",
            "gatewayresponse.header.X-Request": "context.requestId",
        },
        "responseTemplates": {"application/json": ERROR_TEMPLATE},
    },
    "DEFAULT_4XX": {
        "responseParameters": CORS,
        "responseTemplates": {"application/json": '{"type":"$context.error.responseType"}'},
    },
    "DEFAULT_5XX": {"responseTemplates": {"application/json": '{"five":$context.error.messageString}'}},
}
MODEL = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}


def mock_method(template: str, response: str, models: dict[str, str] | None = None) -> dict[str, Any]:
    integration = {
        "type": "MOCK",
        "uri": None,
        "httpMethod": None,
        "requestParameters": None,
        "passthroughBehavior": "NEVER",
        "requestTemplates": {"application/json": template},
        "integrationResponses": {
            "200": {
                "statusCode": "200",
                "responseTemplates": {"application/json": response, "text/xml": "<x/>"},
            },
            "404": {"statusCode": "404", "selectionPattern": "40", "responseTemplates": {}},
            "409": {"statusCode": "409", "selectionPattern": "4\\d{2}", "responseTemplates": {}},
        },
    }
    return {
        "httpMethod": "POST",
        "requestModels": models,
        "requestValidatorId": "v1",
        "methodIntegration": integration,
    }


METHODS = {
    "/checked": mock_method('{"statusCode":200}', "ok", {"application/json": "Model"}),
    "/unchecked": mock_method("""#set($b = $input.path('$.a')){"statusCode":200}""", "ok"),
    "/refused": mock_method('{"statusCode":400}', "unused"),
    "/broken": mock_method("$input.params('x').substring(9)", "unused"),
}


@pytest.fixture(scope="module")
def gateway() -> RestApiGateway:
    corrections.apply()
    return RestApiGateway()  # type: ignore[no-untyped-call]


@pytest.fixture(params=[GATEWAY_RESPONSES])
def deployment(request: pytest.FixtureRequest) -> RestApiDeployment:
    api = MergedRestApi(rest_api={})
    api.models = {"Model": {"name": "Model", "schema": json.dumps(MODEL)}}
    api.validators = {"v1": {"id": "v1", "validateRequestBody": True}}
    extension = {"x-amazon-apigateway-gateway-responses": request.param}
    responses: Any = read_gateway_responses(extension)
    api.gateway_responses = responses
    resources: Any = {
        path: {"id": path, "path": path, "resourceMethods": {"POST": method}}
        for path, method in METHODS.items()
    }
    api.resources = resources
    return RestApiDeployment("000000000000", "us-east-1", api)


@pytest.fixture
def invoke(gateway: RestApiGateway, deployment: RestApiDeployment) -> Any:
    def post(path: str, body: bytes = b"{}", **headers: str) -> Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = Request("POST", path, body=body, headers={"Content-Type": "application/json", **named})
        context = RestApiInvocationContext(request)
        context.deployment, context.deployment_id = deployment, "d"
        context.api_id, context.stage, context.stage_configuration = "a", "v1", {}
        response = Response()
        gateway.process_with_context(context, response)
        return response

    return post


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "[Unknown error parsing request body: Expecting value: line 1 column 1 (char 0)]"),
        (b'{"name":"\xe9"}', "[Unknown error parsing request body: the body is not UTF-8]"),
        (b"{}", '[object has missing required properties (["name"])]'),
        (
            b'{"name":1}',
            "[/name: instance type (integer) does not match any allowed primitive type "
            '(allowed: ["string"])]',
        ),
    ],
)
def test_a_bad_body_is_answered_by_its_gateway_response(invoke: Any, body: bytes, reason: str) -> None:
    response = invoke("/checked", body, Origin="https://a.example")

    assert response.status_code == 422
    assert json.loads(response.data) == {
        "message": "Invalid request body",
        "errors": [{"field": "body", "reason": reason}],
    }
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["X-Caller"] == "https://a.example"
    assert response.headers["X-Request"] == response.headers["x-amzn-RequestId"]
    assert response.headers["x-amzn-ErrorType"] == "BadRequestException"


@pytest.mark.parametrize("body", [b"{", b'{"a":"\xe9"}', b"[" * 100_000])
def test_a_template_on_an_unreadable_body_is_the_callers_error(invoke: Any, body: bytes) -> None:
    assert invoke("/unchecked", body).status_code == 422


@pytest.mark.parametrize(
    "content_type", ["application/json", "Application/JSON; charset=utf-8", "application/json;v=1"]
)
def test_parameters_and_case_of_a_content_type_do_not_matter(invoke: Any, content_type: str) -> None:
    response = invoke("/checked", b'{"name":"x"}', Content_Type=content_type)

    assert (response.status_code, response.data) == (200, b"ok")


def test_another_content_type_is_415_by_the_default_response(invoke: Any) -> None:
    response = invoke("/checked", b"not json", Content_Type="text/plain")

    assert response.status_code == 415
    assert json.loads(response.data) == {"type": "UNSUPPORTED_MEDIA_TYPE"}
    assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_a_body_over_ten_megabytes_is_413(invoke: Any) -> None:
    assert invoke("/unchecked", b" " * (10 * 1024 * 1024 + 1)).status_code == 413


def test_an_unknown_route_is_403(invoke: Any) -> None:
    response = invoke("/nowhere")

    assert response.status_code == 403
    assert json.loads(response.data) == {"type": "MISSING_AUTHENTICATION_TOKEN"}


def test_a_failing_template_shows_nothing_of_itself(invoke: Any) -> None:
    response = invoke("/broken")

    assert response.status_code == 500
    assert json.loads(response.data) == {"five": "Internal server error"}


@pytest.mark.parametrize("deployment", [{}], indirect=True)
def test_without_definitions_the_defaults_answer(invoke: Any) -> None:
    response = invoke("/checked")

    assert response.status_code == 400
    assert json.loads(response.data) == {"message": "Invalid request body"}


def test_a_selection_pattern_matches_the_whole_status(invoke: Any) -> None:
    assert invoke("/refused").status_code == 409


@pytest.mark.parametrize(
    ("accept", "body"),
    [
        ("*/*", b"ok"),
        ("application/json, text/plain, */*", b"ok"),
        ("text/xml", b"<x/>"),
        ("text/xml;q=0.1, application/json", b"ok"),
        ("image/png", b"ok"),
    ],
)
def test_accept_chooses_the_template(invoke: Any, accept: str, body: bytes) -> None:
    assert invoke("/unchecked", Accept=accept).data == body


def test_media_types() -> None:
    assert media_type(None) == "application/json"
    assert choose_type("*/*", ["text/xml", "application/json"]) == "application/json"
    assert choose_type(None, ["text/xml", "text/plain"]) == "text/xml"


def test_a_gateway_template_substitutes_variables_only() -> None:
    variables = {"context": {"a": {"b": 'say "x"'}, "messageString": '"m"'}, "stageVariables": {"s": "v"}}
    template = '{"a":"$context.a.b","b":"${context.a.b}","n":"$context.none","s":"$stageVariables.s"}#if(1)'

    assert render(template, variables, in_json=True) == (
        r'{"a":"say \"x\"","b":"say \"x\"","n":"","s":"v"}#if(1)'
    )
    assert render("$context.a.b.", variables, in_json=False) == 'say "x".'


def test_an_unknown_response_type_is_named() -> None:
    with pytest.raises(BadRequestException, match="NO_SUCH_TYPE"):
        read_gateway_responses({"x-amazon-apigateway-gateway-responses": {"NO_SUCH_TYPE": {}}})
