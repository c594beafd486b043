"""Lambda's CloudWatch metrics, counted and written once a second.

LocalStack writes each invocation's by a thread, an API call and an SQLite commit of their own: a fifth of the
time that a list takes.

What is called by an alias is counted by alias and version, too, which LocalStack leaves out.
Source: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html (Invocations, Errors;
FunctionName, Resource, ExecutedVersion); the sum and the sample count of a period are those of single data
points.
"""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from localstack.aws.connect import connect_to
from localstack.services.lambda_.invocation import metrics, version_manager
from localstack.utils.patch import patch

_NAMESPACE = "AWS/Lambda"
_counting = threading.Lock()
_counts: Counter[tuple[str, str, tuple[str, ...], str]] = Counter()
_DIMENSIONS = ("FunctionName", "Resource", "ExecutedVersion")


def apply() -> None:
    """Count in place of writing, without the thread that a write would need."""
    recording: Any = metrics
    recording.publish_lambda_metric = _count
    starting: Any = version_manager
    starting.start_thread = _start_thread(starting.start_thread)
    patch(version_manager.LambdaVersionManager.invoke)(_invoke)  # type: ignore[no-untyped-call]


def write() -> None:
    """Write what was counted since the last time; what cannot be written waits for the next."""
    with _counting:
        counted = dict(_counts)
        _counts.clear()
    try:
        for account, region in {key[:2] for key in counted}:
            cloudwatch = connect_to(aws_access_key_id=account, region_name=region).cloudwatch
            keys = [key for key in counted if key[:2] == (account, region)]
            data = [_point(*key[2:], counted[key]) for key in keys]
            cloudwatch.put_metric_data(Namespace=_NAMESPACE, MetricData=data)
            for key in keys:
                del counted[key]
    finally:
        with _counting:
            _counts.update(counted)


def _point(dimensions: tuple[str, ...], metric: str, count: int) -> dict[str, Any]:
    """One data point that stands for so many."""
    named = zip(_DIMENSIONS, dimensions, strict=False)
    return {
        "MetricName": metric,
        "Dimensions": [{"Name": name, "Value": value} for name, value in named],
        "Timestamp": datetime.now(UTC),
        "StatisticValues": {"SampleCount": count, "Sum": count, "Minimum": 1, "Maximum": 1},
    }


def _count(metric: str, value: int, named: dict[str, str], account_id: str, region_name: str) -> None:
    with _counting:
        _counts[account_id, region_name, (named["func_name"],), metric] += value


def _invoke(original: Any, self: Any, *, invocation: Any) -> Any:
    result = original(self, invocation=invocation)
    version, alias = self.function_version.id, invocation.invoked_arn.rpartition(":")[2]
    if alias not in (version.function_name, version.qualifier):
        dimensions = version.function_name, f"{version.function_name}:{alias}", version.qualifier
        with _counting:
            for metric in ("Invocations", "Errors") if result.is_error else ("Invocations",):
                _counts[version.account, version.region, dimensions, metric] += 1
    return result


def _start_thread(start: Callable[..., Any]) -> Callable[..., Any]:
    def start_unless_counting(method: Callable[..., Any], *, name: str = "", **options: Any) -> Any:
        if name.startswith("record-cloudwatch-metric"):
            return method()
        return start(method, name=name, **options)

    return start_unless_counting
