"""Metrics by their dimensions."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from localstack.services.cloudwatch.cloudwatch_database_helper import CloudwatchDatabase

from localcloud import cloudwatch

ACCOUNT, REGION, NAMESPACE = "000000000000", "us-east-1", "AWS/Lambda"
FUNCTION = {"Name": "FunctionName", "Value": "list"}
VERSION = {"Name": "ExecutedVersion", "Value": "7"}


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """An empty database of LocalStack's own, with a point for one version and two in all."""
    for name in ("get_metric_data_stat", "_get_ordered_dimensions_with_separator"):
        monkeypatch.setattr(CloudwatchDatabase, name, getattr(CloudwatchDatabase, name))  # to be put back
    monkeypatch.setattr(CloudwatchDatabase, "DB_NAME", "metrics.db", raising=False)
    monkeypatch.setattr(CloudwatchDatabase, "CLOUDWATCH_DATA_ROOT", str(tmp_path))
    monkeypatch.setattr(CloudwatchDatabase, "METRICS_DB", str(tmp_path / "metrics.db"))
    monkeypatch.setattr(CloudwatchDatabase, "METRICS_DB_READ_ONLY", f"file:{tmp_path / 'metrics.db'}?mode=ro")
    made: Any = CloudwatchDatabase()  # type: ignore[no-untyped-call]
    for dimensions, value in (([FUNCTION], 2.0), ([FUNCTION, VERSION], 1.0)):
        point = {"MetricName": "Invocations", "Dimensions": [*dimensions], "Value": value}
        made.add_metric_data(ACCOUNT, REGION, NAMESPACE, [point | {"Timestamp": datetime.now(UTC)}])
    yield made
    made.clear_tables()


def read(database: Any, *dimensions: dict[str, str]) -> list[float]:
    metric = {"Namespace": NAMESPACE, "MetricName": "Invocations", "Dimensions": list(dimensions)}
    query = {"MetricStat": {"Metric": metric, "Period": 7200, "Stat": "Sum"}}
    now, hour = datetime.now(UTC), timedelta(hours=1)
    found = database.get_metric_data_stat(
        ACCOUNT, REGION, query, now - hour, now + hour, "TimestampAscending"
    )
    values: list[float] = found["values"]
    return values


def test_another_dimension_is_another_metric(database: Any) -> None:
    assert read(database, FUNCTION) == [3]  # otherwise delete cloudwatch.py
    cloudwatch.apply()
    assert read(database, FUNCTION) == [2]
    assert read(database, FUNCTION, VERSION) == read(database, VERSION, FUNCTION) == [1]
    assert read(database, VERSION) == []


def test_a_list_takes_dimensions_for_a_part(database: Any) -> None:
    cloudwatch.apply()
    found = database.list_metrics(ACCOUNT, REGION, NAMESPACE, "Invocations", [FUNCTION])["metrics"]
    assert len(found) == 2
