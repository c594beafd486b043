"""What the control plane of HTTP APIs does in place of moto."""

import json
from inspect import signature
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock, call

import pytest
from localstack.aws.api import CommonServiceException
from moto.apigatewayv2.models import Api, ApiGatewayV2Backend, Stage
from moto.apigatewayv2.responses import ApiGatewayV2Response

from localcloud.apigatewayv2 import operations
from localcloud.apigatewayv2.operations import change_stage, write_integration
from localcloud.settings import gateway_url

FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:f"


def test_an_update_merges_a_stage() -> None:
    api: Any = SimpleNamespace(protocol_type="HTTP")
    stage = Stage(
        api,
        {
            "stageName": "$default",
            "autoDeploy": True,
            "description": "kept",
            "stageVariables": {"alias": "live", "gone": "x"},
            "routeSettings": {"GET /a": {"throttlingBurstLimit": 1}},
        },
    )

    change_stage(
        stage,
        {
            "autoDeploy": False,
            "stageVariables": {"gone": "", "new": "y"},
            "routeSettings": {"GET /b": {"throttlingBurstLimit": 2}},
            "accessLogSettings": {"format": "f", "destinationArn": "a"},
        },
    )

    changed = stage.to_json()
    assert (changed["autoDeploy"], changed["description"]) == (False, "kept")
    assert changed["stageVariables"] == {"alias": "live", "new": "y"}
    assert changed["routeSettings"] == {
        "GET /a": {"throttlingBurstLimit": 1},
        "GET /b": {"throttlingBurstLimit": 2},
    }
    assert changed["accessLogSettings"] == {"format": "f", "destinationArn": "a"}


@pytest.mark.parametrize(
    "mappings",
    [
        {"RequestParameters": {"overwrite:header.Authorization": "x"}},
        {"RequestParameters": {"append:header.x-amzn-thing": "x"}},
        {"ResponseParameters": {"200": {"remove:header.Access-Control-Allow-Origin": "''"}}},
    ],
)
def test_reserved_headers_cannot_be_mapped(mappings: dict[str, Any]) -> None:
    context: Any = None

    with pytest.raises(CommonServiceException, match="are restricted"):
        write_integration(context, mappings)


@pytest.fixture
def backend() -> ApiGatewayV2Backend:
    return ApiGatewayV2Backend("us-east-1", "000000000000")


def make_api(backend: ApiGatewayV2Backend, protocol: str = "HTTP") -> Api:
    nothing: dict[str, Any] = dict.fromkeys(signature(backend.create_api).parameters)
    return backend.create_api(**nothing | {"protocol_type": protocol})


@pytest.mark.parametrize(
    ("asked", "integration", "key"),
    [
        (
            {"Target": FUNCTION, "CredentialsArn": "arn:aws:iam::000000000000:role/r"},
            {
                "IntegrationType": "AWS_PROXY",
                "IntegrationMethod": "POST",
                "PayloadFormatVersion": "2.0",
                "CredentialsArn": "arn:aws:iam::000000000000:role/r",
            },
            "$default",
        ),
        (
            {"Target": "https://up.test", "RouteKey": "GET /a"},
            {"IntegrationType": "HTTP_PROXY", "IntegrationMethod": "ANY", "PayloadFormatVersion": "1.0"},
            "GET /a",
        ),
    ],
)
def test_an_api_with_a_target_is_ready_to_be_called(
    monkeypatch: pytest.MonkeyPatch, asked: dict[str, str], integration: dict[str, str], key: str
) -> None:
    connect = MagicMock()
    client = connect.return_value.apigatewayv2
    client.create_integration.return_value = {"IntegrationId": "i"}
    monkeypatch.setattr(operations, "connect_to", connect)
    monkeypatch.setattr(operations, "call_moto", lambda _: {"ApiId": "a"})
    context: Any = SimpleNamespace(account_id="111111111111", region="eu-west-1")

    assert operations.create_api(context, {"Name": "n"}) == {"ApiId": "a"}
    assert not client.mock_calls
    assert operations.create_api(context, {"Name": "n", **asked}) == {"ApiId": "a"}

    assert client.mock_calls == [
        call.create_integration(ApiId="a", IntegrationUri=asked["Target"], **integration),
        call.create_route(ApiId="a", RouteKey=key, Target="integrations/i"),
        call.create_stage(ApiId="a", StageName="$default", AutoDeploy=True),
    ]
    connect.assert_called_once_with(aws_access_key_id="111111111111", region_name="eu-west-1")


def test_authorizers_are_listed(backend: ApiGatewayV2Backend) -> None:
    api = make_api(backend)
    nothing: dict[str, Any] = dict.fromkeys(signature(api.create_authorizer).parameters)
    made = [api.create_authorizer(**nothing | {"name": name}) for name in ("a", "b")]
    request: Any = SimpleNamespace(path=f"/v2/apis/{api.api_id}/authorizers", apigatewayv2_backend=backend)

    status, _, body = operations._get_authorizers(request)

    assert (status, json.loads(body)) == (200, {"items": [each.to_json() for each in made]})


def test_an_http_apis_endpoint_is_where_it_is_called(backend: ApiGatewayV2Backend) -> None:
    http, socket = make_api(backend), make_api(backend, "WEBSOCKET")

    shown = operations._api_json(Api.to_json, http)

    assert shown["apiEndpoint"] == f"{gateway_url()}/_aws/execute-api/{http.api_id}"
    assert shown == http.to_json() | {"apiEndpoint": shown["apiEndpoint"]}
    assert operations._api_json(Api.to_json, socket) == socket.to_json()


def test_moto_still_needs_the_corrections(backend: ApiGatewayV2Backend) -> None:
    assert "target" not in signature(backend.create_api).parameters, "moto makes it: drop `create_api`"
    assert not hasattr(ApiGatewayV2Response, "get_authorizers"), "moto lists them: drop `_get_authorizers`"
    assert make_api(backend).to_json()["apiEndpoint"].endswith(".amazonaws.com"), "drop `_api_json`"
