"""The OpenAPI document that API Gateway imports."""

import json
import re
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from contract.rendering import mapping_templates, openapi
from dragons.schemas import schema
from list_dragons.request import COUNTED, FILTERS, OPTIONS

DOCUMENT = openapi()
METHODS = {"get", "head", "post", "put", "patch", "delete", "options"}
OPERATIONS: dict[str, dict[str, Any]] = {
    f"{method.upper()} {path}": item[method]
    for path, item in DOCUMENT["paths"].items()
    for method in METHODS & set(item)
}
CONTRACT_PARAMETERS = {each["name"]: each for each in OPERATIONS["GET /dragons"]["parameters"]}
TOKEN_FORM = re.compile(
    DOCUMENT["components"]["securitySchemes"]["partner_token"]["x-amazon-apigateway-authorizer"][
        "identityValidationExpression"
    ]
)
GATEWAY_RESPONSES: dict[str, Any] = DOCUMENT["x-amazon-apigateway-gateway-responses"]


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from [value["$ref"]] if "$ref" in value else []
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from references(item)


def integration(operation: str) -> dict[str, Any]:
    found: dict[str, Any] = OPERATIONS[operation]["x-amazon-apigateway-integration"]
    return found


def test_the_routes_are_those_of_the_design() -> None:
    paths = ["/dragons", "/dragons/reports/{reportId}", "/dragons/summary", "/partners/dragons", "/status"]
    assert set(OPERATIONS) == {
        "GET /dragons",
        "HEAD /dragons",
        "POST /dragons",
        "GET /dragons/reports/{reportId}",
        "GET /dragons/summary",
        "GET /partners/dragons",
        "GET /status",
        *(f"OPTIONS {path}" for path in paths),
    }


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_operation_tells_its_answers(operation: str) -> None:
    responses = OPERATIONS[operation]["responses"]
    assert responses
    for mapped in integration(operation).get("responses", {}).values():
        assert mapped["statusCode"] in responses
    for status, response in responses.items():
        assert response["description"]
        assert "Access-Control-Allow-Origin" in response["headers"]
        assert ("content" in response) is (status != "204" and not operation.startswith("HEAD "))


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_operation_takes_json_alone_and_always_answers(operation: str) -> None:
    mapping = integration(operation)
    if mapping["type"] == "aws_proxy":
        return
    assert mapping["passthroughBehavior"] == "never"
    assert list(mapping["requestTemplates"]) == ["application/json"]
    assert "default" in mapping["responses"]


def test_a_report_is_also_told_in_xml_and_errors_in_json_alone() -> None:
    in_xml = [
        f"{operation} {found['statusCode']}"
        for operation in OPERATIONS
        for found in integration(operation).get("responses", {}).values()
        if list(found["responseTemplates"]) != ["application/json"]
    ]
    assert in_xml == ["GET /dragons/reports/{reportId} 200"]
    operation = "GET /dragons/reports/{reportId}"
    templates = integration(operation)["responses"]["200"]["responseTemplates"]
    content = OPERATIONS[operation]["responses"]["200"]["content"]
    assert set(templates) == set(content) == {"application/json", "application/xml"}


def test_partners_get_the_same_list_and_who_must_show_what() -> None:
    everybodys, partners = OPERATIONS["GET /dragons"], OPERATIONS["GET /partners/dragons"]
    assert integration("GET /partners/dragons") == integration("GET /dragons")
    assert partners["parameters"] == everybodys["parameters"]
    assert partners["responses"].items() >= everybodys["responses"].items()
    assert set(partners["responses"]) - set(everybodys["responses"]) == {"401", "403"}
    secured = {operation: found["security"] for operation, found in OPERATIONS.items() if "security" in found}
    assert secured == {
        "GET /partners/dragons": [{"partner_token": []}, {"api_key": []}],
        "POST /dragons": [{"user_pool": []}],
    }
    schemes = DOCUMENT["components"]["securitySchemes"]
    assert {scheme: found["name"] for scheme, found in schemes.items()} == {
        "user_pool": "Authorization",
        "partner_token": "Authorization",
        "api_key": "x-api-key",
    }


def test_the_list_declares_every_filter_that_it_takes() -> None:
    parameters = [each["name"] for each in OPERATIONS["GET /dragons"]["parameters"]]
    assert sorted(parameters) == sorted([*FILTERS, *OPTIONS, "limit", "nextToken"])
    options = {name: CONTRACT_PARAMETERS[name]["schema"]["enum"] for name in OPTIONS}
    assert options == {name: [only] for name, only in OPTIONS.items()}


def test_the_number_of_dragons_is_told_by_what_they_are_counted_by() -> None:
    assert [each["name"] for each in OPERATIONS["HEAD /dragons"]["parameters"]] == list(COUNTED)
    assert integration("HEAD /dragons") == integration("GET /dragons")
    for operation in ("GET /dragons", "HEAD /dragons"):
        assert {"Server-Timing", "X-Total-Count"} <= set(OPERATIONS[operation]["responses"]["200"]["headers"])
    assert "Retry-After" in OPERATIONS["GET /dragons"]["responses"]["503"]["headers"]
    assert set(OPERATIONS["HEAD /dragons"]["responses"]) == set(OPERATIONS["GET /dragons"]["responses"])


def test_a_browser_is_told_the_methods_that_there_are() -> None:
    [told] = {
        found["responseParameters"]["method.response.header.Access-Control-Allow-Methods"]
        for operation in OPERATIONS
        if operation.startswith("OPTIONS ")
        for found in integration(operation)["responses"].values()
    }
    assert set(told.strip("'").split(",")) == {operation.split(" ")[0] for operation in OPERATIONS}


@pytest.mark.parametrize("token", ["Bearer abc", "Bearer a-b_c.d~e+f/g==", "Bearer " + "x" * 43])
def test_the_authorizer_is_asked_about_tokens(token: str) -> None:
    assert TOKEN_FORM.fullmatch(token)


@pytest.mark.parametrize(
    "token", ["", "Bearer", "Bearer ", "Bearer a b", "Basic abc", "Bearer é", "Bearer a\n"]
)
def test_the_authorizer_is_not_asked_about_what_is_none(token: str) -> None:
    assert not TOKEN_FORM.fullmatch(token)


def test_no_answer_lets_credentials_cross_origins() -> None:
    assert "allow-credentials" not in json.dumps(DOCUMENT).lower()


@pytest.mark.parametrize(("model", "name"), [("Dragon", "dragon"), ("Report", "report")])
def test_a_model_is_its_schema(model: str, name: str) -> None:
    draft = {"$schema": "http://json-schema.org/draft-04/schema#"}
    assert draft | DOCUMENT["components"]["schemas"][model] == schema(name)


def test_every_model_is_draft_4_and_every_reference_leads_to_one() -> None:
    models = DOCUMENT["components"]["schemas"]
    for model in models.values():
        jsonschema.Draft4Validator.check_schema(model)
    found = set(references(DOCUMENT))
    assert found <= {f"#/components/schemas/{name}" for name in models}


def test_only_the_post_has_its_body_validated() -> None:
    assert "x-amazon-apigateway-request-validator" not in DOCUMENT
    validated = {
        operation: found["x-amazon-apigateway-request-validator"]
        for operation, found in OPERATIONS.items()
        if "x-amazon-apigateway-request-validator" in found
    }
    assert validated == {"POST /dragons": "body"}
    assert DOCUMENT["x-amazon-apigateway-request-validators"]["body"]["validateRequestBody"] is True
    body = OPERATIONS["POST /dragons"]["requestBody"]["content"]["application/json"]
    assert body == {"schema": {"$ref": "#/components/schemas/Report"}}


def test_every_path_parameter_is_declared() -> None:
    for operation, found in OPERATIONS.items():
        declared = {p["name"] for p in found.get("parameters", []) if p["in"] == "path"}
        assert declared == ({"reportId"} if "{reportId}" in operation else set())


def test_every_mapping_template_is_used() -> None:
    used = {
        template
        for operation in OPERATIONS
        for part in [integration(operation), *integration(operation).get("responses", {}).values()]
        for key in ("requestTemplates", "responseTemplates")
        for template in part.get(key, {}).values()
    }
    assert set(mapping_templates().values()) <= used


@pytest.mark.parametrize("kind", GATEWAY_RESPONSES)
def test_a_gateway_response_has_the_projects_body_and_cors(kind: str) -> None:
    response = GATEWAY_RESPONSES[kind]
    body = (
        response["responseTemplates"]["application/json"]
        .replace("$context.error.messageString", json.dumps("the message"))
        .replace("$context.error.validationErrorString", "the detail")
    )
    assert "$" not in body
    error = DOCUMENT["components"]["schemas"]["Error"]
    jsonschema.Draft4Validator(error).validate(json.loads(body))
    headers = response["responseParameters"]
    assert headers["gatewayresponse.header.Access-Control-Allow-Origin"] == "'*'"


def test_the_gateways_own_refusals_have_the_designs_statuses() -> None:
    statuses = {kind: response.get("statusCode") for kind, response in GATEWAY_RESPONSES.items()}
    assert statuses == {
        "DEFAULT_4XX": None,
        "DEFAULT_5XX": None,
        "BAD_REQUEST_BODY": 400,
        "UNAUTHORIZED": 401,
        "ACCESS_DENIED": 403,
        "INVALID_API_KEY": 403,
        "MISSING_AUTHENTICATION_TOKEN": 404,
        "REQUEST_TOO_LARGE": 413,
        "UNSUPPORTED_MEDIA_TYPE": 415,
        "THROTTLED": 429,
        "QUOTA_EXCEEDED": 429,
        "INTEGRATION_FAILURE": 429,
        "AUTHORIZER_FAILURE": 500,
        "AUTHORIZER_CONFIGURATION_ERROR": 500,
    }


def test_a_401_tells_how_to_get_in() -> None:
    assert (
        GATEWAY_RESPONSES["UNAUTHORIZED"]["responseParameters"]["gatewayresponse.header.WWW-Authenticate"]
        == "'Bearer'"
    )
