"""Updates of stages' method settings and of usage plans, as Terraform sends them."""

import re
from typing import Any

import pytest
from localstack.services.apigateway.legacy.provider import STAGE_UPDATE_PATHS
from localstack.services.apigateway.next_gen import provider
from moto.apigateway.models import Stage, UsagePlan

from localcloud.apigateway import operations
from localcloud.apigateway.throttling import plain_key


@pytest.fixture(scope="module", autouse=True)
def _applied() -> None:
    operations.apply()


def operation(op: str, path: str, value: str | None = None) -> dict[str, Any]:
    return {"op": op, "path": path, "value": value}


def test_a_methods_settings_can_be_removed() -> None:
    stage = Stage(name="v1")
    for method in ("*/*", "~1a~1b/GET"):
        stage.apply_operations([operation("replace", f"/{method}/throttling/rateLimit", "1.5")])
    assert stage.method_settings["~1a~1b/GET"]["throttlingRateLimit"] == 1.5

    stage.apply_operations([operation("remove", "/~1a~1b/GET")])

    assert set(stage.method_settings) == {"*/*"}


def test_a_nested_methods_settings_are_kept_and_removed() -> None:
    stage = Stage(name="v1")
    method = "animals/reports/{reportId}/GET"
    stage.apply_operations([operation("replace", f"/{method}/throttling/burstLimit", "7")])
    assert stage.method_settings[method]["throttlingBurstLimit"] == 7

    stage.apply_operations([operation("remove", f"/{method}")])

    assert stage.method_settings == {}


def test_that_path_is_one_of_a_stage_but_is_not_named() -> None:
    checked: Any = vars(provider)["STAGE_UPDATE_PATHS"]

    assert "/~1a~1b/GET" in checked
    assert "/*/*/throttling/rateLimit" in checked
    assert "/~1a~1b" not in checked
    assert list(checked) == STAGE_UPDATE_PATHS
    assert not any(re.match(re.sub("{[^}]+}", ".+", path), "/a/GET") for path in STAGE_UPDATE_PATHS), (
        "LocalStack does this itself now: delete it from operations.py"
    )


@pytest.fixture
def plan() -> UsagePlan:
    stage = {"apiId": "a", "stage": "v1", "throttle": {"/a/GET": {"rateLimit": 1.0, "burstLimit": 2}}}
    return UsagePlan("p", apiStages=[stage, {"apiId": "a", "stage": "v2"}], throttle={"rateLimit": 1.0})


def test_a_stage_with_limits_is_taken_out_and_put_back(plan: UsagePlan) -> None:
    plan.apply_patch_operations(
        [
            operation("remove", "/apiStages", "a:v1"),
            operation("add", "/apiStages", "a:v1"),
            operation("replace", "/apiStages/a:v1/throttle//a/GET/rateLimit", "2.5"),
            operation("replace", "/apiStages/a:v1/throttle//a/GET/burstLimit", "3"),
            operation("replace", "/apiStages/a:v1/throttle/~1b~1c/GET/burstLimit", "4"),
            operation("replace", "/apiStages/a:gone/throttle//a/GET/burstLimit", "5"),
        ]
    )

    assert plan.api_stages == [
        {"apiId": "a", "stage": "v2"},
        {
            "apiId": "a",
            "stage": "v1",
            "throttle": {"/a/GET": {"rateLimit": 2.5, "burstLimit": 3}, "/b/c/GET": {"burstLimit": 4}},
        },
    ]


@pytest.mark.parametrize("path", ["/apiStages/a:v1/throttle", "/apiStages/a:v1/throttle//a/GET"])
def test_limits_of_methods_can_be_removed(plan: UsagePlan, path: str) -> None:
    plan.apply_patch_operations([operation("remove", path)])

    assert plan.api_stages[0]["throttle"] == {}


def test_a_rate_need_not_be_whole_and_the_rest_is_as_before(plan: UsagePlan) -> None:
    plan.apply_patch_operations(
        [
            operation("replace", "/throttle/rateLimit", "10.5"),
            operation("replace", "/throttle/burstLimit", "20"),
            operation("replace", "/name", "partners"),
        ]
    )
    assert (plan.name, plan.throttle) == ("partners", {"rateLimit": 10.5, "burstLimit": 20})

    plan.apply_patch_operations([operation("remove", "/throttle")])
    assert plan.throttle == {}


@pytest.mark.parametrize(
    ("key", "plain"),
    [
        ("*/*", "*/*"),
        ("~1a~1{b}/GET", "/a/{b}/GET"),
        ("/a/GET", "/a/GET"),
        ("~1/GET", "//GET"),
        ("a~0b/GET", "/a~b/GET"),
    ],
)
def test_a_method_is_named_in_one_way(key: str, plain: str) -> None:
    assert plain_key(key) == plain
