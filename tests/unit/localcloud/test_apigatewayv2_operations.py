"""What the control plane of HTTP APIs does in place of moto."""

from types import SimpleNamespace
from typing import Any

import pytest
from localstack.aws.api import CommonServiceException
from moto.apigatewayv2.models import Stage

from localcloud_plugin.apigatewayv2.operations import change_stage, write_integration


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
