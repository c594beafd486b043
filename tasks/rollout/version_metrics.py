"""What CloudWatch has counted of a version that an alias sends some of its callers to."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

_METRICS = {"calls": "Invocations", "errors": "Errors"}


@dataclass(frozen=True)
class Counted:
    """Calls that ended, and those of them that failed."""

    calls: int
    errors: int


class VersionMetrics:
    """The metrics of one version behind the alias `live`, from now on.

    Args:
        client: A client of CloudWatch.
        function_name: The function's physical name.
        version: The version's number.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html (the dimension
    ExecutedVersion tells apart the versions behind an alias; on AWS a minute comes when it is over)
    """

    def __init__(self, client: Any, function_name: str, version: int) -> None:
        self._client = client
        self._dimensions = {
            "FunctionName": function_name,
            "Resource": f"{function_name}:live",
            "ExecutedVersion": str(version),
        }
        self._since = datetime.now(UTC)

    def read(self) -> Counted:
        """Count what is known by now."""
        found = self._client.get_metric_data(
            MetricDataQueries=[self._query(name, metric) for name, metric in _METRICS.items()],
            StartTime=self._since,
            EndTime=datetime.now(UTC) + timedelta(minutes=1),
        )["MetricDataResults"]
        return Counted(**{each["Id"]: round(sum(each["Values"])) for each in found})

    def _query(self, name: str, metric: str) -> dict[str, Any]:
        dimensions = [{"Name": key, "Value": value} for key, value in self._dimensions.items()]
        named = {"Namespace": "AWS/Lambda", "MetricName": metric, "Dimensions": dimensions}
        return {"Id": name, "MetricStat": {"Metric": named, "Period": 60, "Stat": "Sum"}}
