"""Meters requests: API key, usage plan and the stage's method settings; one handler of the REST API's chain.

Sources: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
(a usage plan's limits are applied before the stage's),
https://docs.aws.amazon.com/apigateway/latest/api/API_Stage.html (the keys of `methodSettings`),
https://docs.aws.amazon.com/apigateway/latest/api/API_ApiStage.html (those of a plan's `throttle`),
https://docs.aws.amazon.com/apigateway/latest/api/API_QuotaSettings.html and
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html

Buckets are a method's, or a key's in its plan: the canary and the rest of a stage share them.

Left out: the account's own limits; GetUsage and UpdateUsage neither show nor change what is counted.
"""

import threading
from collections.abc import Callable, Hashable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from localstack.services.apigateway.next_gen.execute_api.gateway_response import (
    QuotaExceededError,
    ThrottledError,
)
from localstack.services.apigateway.next_gen.execute_api.handlers.api_key_validation import (
    ApiKeyValidationHandler,
)
from localstack.services.apigateway.next_gen.execute_api.moto_helpers import (
    get_usage_plan_keys,
    get_usage_plans,
)

from localcloud.gateway.token_bucket import Limit, TokenBuckets


def plain_key(key: str) -> str:
    """`~1animals~1{id}/GET`, with or without a slash before it, is `/animals/{id}/GET`; `*/*` is itself."""
    if key.strip("/") == "*/*":
        return "*/*"
    path, _, verb = key.rpartition("/")
    return f"/{path.replace('~1', '/').replace('~0', '~').strip('/')}/{verb}"


class UsageMeter(ApiKeyValidationHandler):
    """Validates the API key, then meters; replaces LocalStack's handler of the first."""

    def __init__(self) -> None:
        super().__init__()
        self._buckets = TokenBuckets()
        self._quotas = Quotas()

    def __call__(self, chain: Any, context: Any, response: Any) -> None:
        """Return if the request is within all limits.

        Raises:
            InvalidAPIKeyError: The method wants a key of a plan of this stage, and there is none.
            ThrottledError: Too many requests at once.
            QuotaExceededError: Too many in the plan's period.
        """
        super().__call__(chain, context, response)
        if context.resource_method.get("apiKeyRequired"):
            self._meter_key(context)
        limit = stage_limit(context.stage_configuration.get("methodSettings") or {}, *_method(context))
        self._take(("stage", context.api_id, context.stage, *_method(context)), limit)

    def _meter_key(self, context: Any) -> None:
        key = context.context_variables["identity"]["apiKeyId"]
        plan = _plan_of(key, context)
        override = _override(plan, context)
        scope = (context.api_id, context.stage, *_method(context)) if override else ()
        self._take(("plan", plan["id"], key, *scope), _limit(override or plan.get("throttle"), "rateLimit"))
        if not self._quotas.take((plan["id"], key), plan.get("quota")):
            raise QuotaExceededError("Limit Exceeded")

    def _take(self, key: tuple[str, ...], limit: Limit | None) -> None:
        if limit is not None and not self._buckets.take(key, limit):
            raise ThrottledError("Too Many Requests")


def stage_limit(settings: Mapping[str, Any], path: str, verb: str) -> Limit | None:
    """The limit of one method, by the closest of a stage's settings that there is.

    Args:
        settings: The stage's `methodSettings`; keys are `~1animals/POST` (`/` is `~1`) or `*/*`.
        path: The resource's path, `/animals`.
        verb: The method's verb.
    """
    by_method = {plain_key(key): value for key, value in settings.items()}
    for key in (f"{path}/{verb}", f"{path}/*", "*/*"):
        if key in by_method:
            return _limit(by_method[key], "throttlingRateLimit", "throttlingBurstLimit")
    return None


def _limit(settings: Mapping[str, Any] | None, rate: str, burst: str = "burstLimit") -> Limit | None:
    """Terraform writes -1 for no limit."""
    settings = settings or {}
    limit = Limit(float(settings.get(rate, -1)), int(settings.get(burst, -1)))
    return limit if min(limit) >= 0 else None


def _method(context: Any) -> tuple[str, str]:
    return context.resource["path"], context.resource_method["httpMethod"]


def _plan_of(key: str, context: Any) -> Mapping[str, Any]:
    """The plan by which the key was found valid: of this stage, with the key in it."""
    where: Any = {"account_id": context.account_id, "region_name": context.region}
    plans: Any = get_usage_plans(**where)
    return next(
        plan
        for plan in plans
        if _stages(plan, context)
        and any(each["id"] == key for each in get_usage_plan_keys(usage_plan_id=plan["id"], **where))
    )


def _stages(plan: Mapping[str, Any], context: Any) -> list[Mapping[str, Any]]:
    stages = plan.get("apiStages") or []
    return [each for each in stages if (each["apiId"], each["stage"]) == (context.api_id, context.stage)]


def _override(plan: Mapping[str, Any], context: Any) -> Mapping[str, Any] | None:
    """A plan may have limits of its own for a method, under `/animals/GET`."""
    path, verb = _method(context)
    for stage in _stages(plan, context):
        limits = {plain_key(key): value for key, value in (stage.get("throttle") or {}).items()}
        if found := limits.get(f"{path}/{verb}"):
            return dict(found)
    return None


def period_of(period: str, day: date) -> str:
    """Name the DAY, WEEK or MONTH that a day (UTC) lies in."""
    year, week, _ = day.isocalendar()
    return {"DAY": day.isoformat(), "WEEK": f"{year}-W{week}", "MONTH": f"{day:%Y-%m}"}[period]


class Quotas:
    """Counters by key; safe between threads.

    Args:
        clock: The time now.
    """

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._used: dict[Hashable, tuple[str, int]] = {}

    def take(self, key: Hashable, quota: Mapping[str, Any] | None) -> bool:
        """Count one request.

        Args:
            key: Whose it is.
            quota: `limit`, `period` and `offset` (what the first period has less); none: no quota.

        Returns:
            bool: Whether it is within the quota; if not, it is not counted.
        """
        if not quota or "limit" not in quota:
            return True
        with self._lock:
            period = period_of(quota.get("period", "DAY"), self._clock().date())
            counted, used = self._used.get(key, (period, int(quota.get("offset") or 0)))
            used = used if counted == period else 0
            enough = used < int(quota["limit"])
            self._used[key] = (period, used + enough)
            return enough
