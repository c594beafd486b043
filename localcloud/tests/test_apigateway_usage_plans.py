"""API keys and usage plans, as LocalStack stores them."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from localstack.services.apigateway.next_gen.execute_api.gateway_response import (
    InvalidAPIKeyError,
    QuotaExceededError,
    ThrottledError,
)
from moto.apigateway.models import apigateway_backends
from werkzeug.datastructures import Headers

from localcloud.apigateway.throttling import UsageMeter

ACCOUNT, REGION = "000000000000", "us-east-1"


class Plan:
    """A usage plan with one key in it, for stage `v1` of an API of its own."""

    def __init__(self, **settings: Any) -> None:
        self.backend: Any = apigateway_backends[ACCOUNT][REGION]
        self.api, self.key = uuid4().hex, uuid4().hex
        stage = {"apiId": self.api, "stage": "v1", "throttle": settings.pop("override", {})}
        self.id = self.backend.create_usage_plan({"name": "p", "apiStages": [stage], **settings}).id
        self.key_id = self.backend.create_api_key({"name": "k", "value": self.key, "enabled": True}).id
        self.backend.create_usage_plan_key(self.id, {"keyId": self.key_id, "keyType": "API_KEY"})

    def call(self, meter: UsageMeter, key: str | None, path: str = "/a", stage: str = "v1") -> str | None:
        """Call a method that wants a key; the type of the gateway response, or none if it passed."""
        context = SimpleNamespace(
            api_id=self.api,
            stage=stage,
            account_id=ACCOUNT,
            region=REGION,
            resource={"path": path},
            resource_method={"httpMethod": "GET", "apiKeyRequired": True},
            stage_configuration={"methodSettings": {"~1slow/GET": limits(0, 1)}},
            invocation_request={"headers": Headers({"X-API-Key": key} if key else {})},
            context_variables={"identity": {}},
            deployment=SimpleNamespace(rest_api=SimpleNamespace(rest_api={"apiKeySource": "HEADER"})),
        )
        try:
            meter(None, context, None)
        except (InvalidAPIKeyError, QuotaExceededError, ThrottledError) as error:
            return f"{error.type}: {error.message}"
        return None


def limits(rate: float, burst: int) -> dict[str, Any]:
    return {"throttlingRateLimit": rate, "throttlingBurstLimit": burst}


INVALID = "INVALID_API_KEY: Forbidden"
THROTTLED = "THROTTLED: Too Many Requests"
EXCEEDED = "QUOTA_EXCEEDED: Limit Exceeded"


@pytest.fixture
def meter() -> Iterator[UsageMeter]:
    yield UsageMeter()
    apigateway_backends[ACCOUNT][REGION].reset()


def test_a_key_is_one_of_a_plan_of_this_stage(meter: UsageMeter) -> None:
    plan, other = Plan(), Plan()

    assert plan.call(meter, None) == INVALID
    assert plan.call(meter, "unknown") == INVALID
    assert plan.call(meter, other.key) == INVALID
    assert plan.call(meter, plan.key, stage="v2") == INVALID
    assert plan.call(meter, plan.key) is None


def test_a_plan_throttles_each_of_its_keys_over_all_methods(meter: UsageMeter) -> None:
    plan = Plan(throttle={"rateLimit": 0.0, "burstLimit": 2})

    assert [plan.call(meter, plan.key, path) for path in ("/a", "/b", "/c")] == [None, None, THROTTLED]


def test_a_plans_limit_for_a_method_replaces_its_own(meter: UsageMeter) -> None:
    override = {"/a/GET": {"rateLimit": 0, "burstLimit": 1}}
    plan = Plan(throttle={"rateLimit": 0, "burstLimit": 3}, override=override)

    assert [plan.call(meter, plan.key) for _ in range(2)] == [None, THROTTLED]
    assert [plan.call(meter, plan.key, "/b") for _ in range(4)] == [None] * 3 + [THROTTLED]


def test_a_quota_is_used_up(meter: UsageMeter) -> None:
    plan = Plan(quota={"limit": 2, "period": "DAY"})

    assert [plan.call(meter, plan.key) for _ in range(3)] == [None, None, EXCEEDED]


def test_a_throttled_request_is_not_part_of_the_quota(meter: UsageMeter) -> None:
    override = {"/a/GET": {"rateLimit": 0, "burstLimit": 0}}
    plan = Plan(quota={"limit": 1, "period": "DAY"}, override=override)

    assert plan.call(meter, plan.key) == THROTTLED
    assert plan.call(meter, plan.key, "/b") is None


def test_a_stage_throttles_a_method_whatever_the_plan_says(meter: UsageMeter) -> None:
    plan = Plan(throttle={"rateLimit": 10, "burstLimit": 10})

    assert [plan.call(meter, plan.key, "/slow") for _ in range(2)] == [None, THROTTLED]
