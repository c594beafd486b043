"""Many reports at once: none is lost, and what they took is given back. The benchmark `soak` is longer."""

import os
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

import psutil
import pytest

from support.cloud_process import cloud_processes
from support.system import Api, Make, poll

REPORTS = 100
STATUS_SECONDS = 20.0  # how long anybody waits for GET /status meanwhile: 5 on two idle cores
KIB_A_REPORT = 150  # 45 measured; LocalStack without our corrections: 1,200
SPARE_THREADS = 100
CALLS = 7
METRICS_SECONDS = 2.0  # the local cloud writes them once a second

pytestmark = pytest.mark.last

Aws = Callable[[str], Any]


@dataclass(frozen=True)
class Burst:
    """Reports that were sent at once: their dragons' names, and their ids."""

    names: set[str]
    ids: set[str]


def every(aws: Aws, service: str, operation: str, key: str, **parameters: Any) -> list[Any]:
    """What an operation lists, of all its pages."""
    pages = aws(service).get_paginator(operation).paginate(**parameters)
    return [each for page in pages for each in page[key]]


@pytest.fixture
def statuses(aws: Aws, outputs: dict[str, Any]) -> Callable[[set[str]], Counter[str]]:
    """Count the statuses of some reports' executions."""

    def count(ids: set[str]) -> Counter[str]:
        machine = outputs["report_dragon_arn"]
        found = every(
            aws,
            "stepfunctions",
            "list_executions",
            "executions",
            stateMachineArn=machine,
            PaginationConfig={"PageSize": 1000},
        )
        return Counter(each["status"] for each in found if each["name"] in ids)

    return count


@pytest.fixture
def burst(
    api: Api,
    make_report: Make,
    aws: Aws,
    outputs: dict[str, Any],
    statuses: Callable[[set[str]], Counter[str]],
) -> Callable[[], Burst]:
    """Send the reports at once, and wait until all have ended as they should."""

    def tell_status(_: int) -> float:
        start = monotonic()
        assert api.get("/status").status_code == 200
        return monotonic() - start

    def send() -> Burst:
        reports = [make_report() for _ in range(REPORTS)]
        with ThreadPoolExecutor(REPORTS) as reporters, ThreadPoolExecutor(1) as visitor:
            posting = [reporters.submit(api.taken, report) for report in reports]
            waits = list(visitor.map(tell_status, range(5)))
            ids = [each.result() for each in posting]
        sent = Burst({report["dragonName"] for report in reports}, set(ids))
        assert len(sent.ids) == REPORTS
        waits.append(tell_status(0))
        assert max(waits) < STATUS_SECONDS
        poll(lambda: statuses(sent.ids)["SUCCEEDED"] == REPORTS or None, "all reports to succeed", pause=1)
        return sent

    return send


def test_none_of_many_reports_at_once_is_lost(
    burst: Callable[[], Burst],
    aws: Aws,
    outputs: dict[str, Any],
    statuses: Callable[[set[str]], Counter[str]],
) -> None:
    sent = burst()
    assert statuses(sent.ids) == {"SUCCEEDED": REPORTS}, "none is left running"
    rows = every(
        aws,
        "dynamodb",
        "scan",
        "Items",
        TableName=outputs["dragons_table"],
        ProjectionExpression="dragon_name_str",
        ConsistentRead=True,
    )
    assert sent.names <= {row["dragon_name_str"]["S"] for row in rows}


def test_what_many_reports_took_is_given_back(burst: Callable[[], Burst]) -> None:
    cloud: psutil.Process = cloud_processes()[0]

    def memory_after_burst() -> int:
        burst()
        return int(cloud.memory_info().rss)

    before = cloud.num_threads()
    first, second = memory_after_burst(), memory_after_burst()
    assert (second - first) / REPORTS < KIB_A_REPORT * 1024
    poll(lambda: cloud.num_threads() <= before + SPARE_THREADS or None, "the threads to end", pause=1)


def test_an_execution_that_has_ended_keeps_its_history_and_its_end(
    api: Api, make_report: Make, outputs: dict[str, Any], aws: Aws
) -> None:
    report_id = api.accepted(make_report())["reportId"]
    arn = f"{outputs['report_dragon_arn'].replace(':stateMachine:', ':execution:')}:{report_id}"
    steps = aws("stepfunctions")

    def told() -> tuple[Any, Any]:
        described = steps.describe_execution(executionArn=arn)
        events = every(aws, "stepfunctions", "get_execution_history", "events", executionArn=arn)
        return {key: value for key, value in described.items() if key != "ResponseMetadata"}, events

    described, events = told()
    assert [event["id"] for event in events] == list(range(1, len(events) + 1))
    assert [events[end]["type"] for end in (0, -1)] == ["ExecutionStarted", "ExecutionSucceeded"]
    assert events[0]["executionStartedEventDetails"]["input"]
    assert events[-1]["executionSucceededEventDetails"]["output"] == described["output"]
    entered = [
        event["stateEnteredEventDetails"]["name"] for event in events if "stateEnteredEventDetails" in event
    ]
    exited = [
        event["stateExitedEventDetails"]["name"] for event in events if "stateExitedEventDetails" in event
    ]
    assert entered == exited != []
    steps.stop_execution(executionArn=arn, error="Late", cause="it has ended")
    assert told() == (described, events)


def test_each_invocation_is_counted_once(api: Api, outputs: dict[str, Any], aws: Aws) -> None:
    if "DRAGONS_CLOUD_LOG" not in os.environ:
        pytest.skip("the target is no local cloud of ours: its metrics may take minutes")
    cloudwatch, now, days = aws("cloudwatch"), datetime.now(UTC), timedelta(days=2)
    read: list[tuple[float, int]] = []

    def invocations(statistic: str = "Sum") -> int:
        points = cloudwatch.get_metric_statistics(
            Namespace="AWS/Lambda",
            MetricName="Invocations",
            Dimensions=[
                {"Name": "FunctionName", "Value": outputs["functions"]["list_dragons"].split(":")[6]}
            ],
            StartTime=now - days / 2,
            EndTime=now + days / 2,
            Period=days // timedelta(seconds=1),  # one, since LocalStack asks its database for each
            Statistics=[statistic],
        )["Datapoints"]
        return int(sum(point[statistic] for point in points))

    def settled() -> int | None:
        """The count, when it has been the same for longer than between two writes."""
        read.append((monotonic(), invocations()))
        since = next(when for when, count in read if count == read[-1][1])
        return read[-1][1] if read[-1][0] - since > METRICS_SECONDS else None

    before = poll(settled, "the invocations of other tests to be counted")
    for _ in range(CALLS):
        assert api.get("/dragons", params={"limit": "1"}).status_code == 200
    poll(lambda: invocations() >= before + CALLS or None, "the invocations to be counted")
    read.clear()
    assert poll(settled, "the count to stay") == invocations("SampleCount") == before + CALLS
