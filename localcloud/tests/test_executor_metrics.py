"""Lambda's metrics are counted, and written together; LocalStack writes each invocation's by itself."""

import threading
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from localstack.services.lambda_.invocation import metrics, version_manager
from localstack.services.lambda_.invocation.version_manager import LambdaVersionManager
from localstack.utils.cloudwatch import cloudwatch_util

from localcloud.executor import metrics as lambda_metrics

DONE = "LocalStack does this itself now: delete executor/metrics.py"
ACCOUNT, REGION = "000000000000", "us-east-1"


class CloudWatch:
    """What is put into CloudWatch, by account and region; the first calls can fail."""

    def __init__(self) -> None:
        self.failures = 0
        self.put: list[tuple[str, str, dict[str, Any]]] = []

    def connect(self, *, aws_access_key_id: str, region_name: str) -> Any:
        def put_metric_data(**data: Any) -> None:
            if self.failures:
                self.failures -= 1
                raise ConnectionError
            self.put.append((aws_access_key_id, region_name, data))

        return SimpleNamespace(cloudwatch=SimpleNamespace(put_metric_data=put_metric_data))

    def sums(self) -> Counter[tuple[str, ...]]:
        found: Counter[tuple[str, ...]] = Counter()
        for account, region, data in self.put:
            assert data["Namespace"] == "AWS/Lambda"
            for point in data["MetricData"]:
                names = [each["Name"] for each in point["Dimensions"]]
                assert names in (["FunctionName"], ["FunctionName", "Resource", "ExecutedVersion"])
                dimensions = [each["Value"] for each in point["Dimensions"]]
                statistics = point["StatisticValues"]
                assert statistics["SampleCount"] == statistics["Sum"] > 0
                assert (statistics["Minimum"], statistics["Maximum"]) == (1, 1)
                found[account, region, *dimensions, point["MetricName"]] += statistics["Sum"]
        return found


@pytest.fixture
def cloudwatch(monkeypatch: pytest.MonkeyPatch) -> CloudWatch:
    made = CloudWatch()
    monkeypatch.setattr(lambda_metrics, "_counts", Counter())
    monkeypatch.setattr(lambda_metrics, "connect_to", made.connect)
    monkeypatch.setattr(cloudwatch_util, "connect_to", made.connect)
    monkeypatch.setattr(cloudwatch_util, "is_api_enabled", lambda _: True)
    return made


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[threading.Thread]:
    """The threads that version managers start."""
    threads: list[threading.Thread] = []
    start = cast("Any", version_manager).start_thread

    def start_thread(method: Any, **options: Any) -> Any:
        threads.append(start(method, _shutdown_hook=False, **options))
        return threads[-1]

    monkeypatch.setattr(version_manager, "start_thread", start_thread)
    return threads


@pytest.fixture
def corrected(
    started: list[threading.Thread], cloudwatch: CloudWatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metrics, "publish_lambda_metric", cast("Any", metrics).publish_lambda_metric)
    monkeypatch.setattr(LambdaVersionManager, "invoke", LambdaVersionManager.invoke)
    lambda_metrics.apply()


def invoke(name: str = "f", fails: bool = False, region: str = REGION, by: str = "f") -> None:
    """Invoke a function by LocalStack's own version manager; `by` is how the caller's ARN ends."""
    result = SimpleNamespace(is_error=fails, logs=None, executed_version="", request_id="id")
    environment = SimpleNamespace(invoke=lambda _: result)
    version = SimpleNamespace(
        function_arn="arn",
        id="version",
        shutdown_event=threading.Event(),
        ldm_provisioner=None,
        function=None,
        provisioned_state=None,
        function_version=SimpleNamespace(
            id=SimpleNamespace(account=ACCOUNT, region=region, function_name=name, qualifier="1")
        ),
        counting_service=SimpleNamespace(get_invocation_lease=lambda *_: nullcontext("on-demand")),
        assignment_service=SimpleNamespace(get_environment=lambda *_: nullcontext(environment)),
        store_logs=lambda **_: None,
    )
    arn = f"arn:aws:lambda:{region}:{ACCOUNT}:function:{by}"
    invocation: Any = SimpleNamespace(request_id="id", invoked_arn=arn)
    assert LambdaVersionManager.invoke(cast("Any", version), invocation=invocation) is cast("Any", result)


@pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow")
def test_localstack_writes_each_invocation_in_a_thread(
    started: list[threading.Thread], cloudwatch: CloudWatch
) -> None:
    invoke()
    invoke()
    for thread in started:
        thread.join(20)
    assert len(started) == 2, DONE
    assert len(cloudwatch.put) == 2, DONE


@pytest.mark.usefixtures("corrected")
def test_invocations_are_written_together_and_need_no_thread(
    started: list[threading.Thread], cloudwatch: CloudWatch
) -> None:
    for _ in range(3):
        invoke()
    assert (started, cloudwatch.put) == ([], [])
    lambda_metrics.write()
    assert len(cloudwatch.put) == 1
    assert cloudwatch.sums() == {(ACCOUNT, REGION, "f", "Invocations"): 3}


@pytest.mark.usefixtures("corrected")
def test_an_error_is_an_invocation_too(cloudwatch: CloudWatch) -> None:
    invoke(fails=True)
    invoke()
    lambda_metrics.write()
    assert cloudwatch.sums() == {
        (ACCOUNT, REGION, "f", "Invocations"): 2,
        (ACCOUNT, REGION, "f", "Errors"): 1,
    }


@pytest.mark.usefixtures("corrected")
def test_the_versions_behind_an_alias_are_told_apart(cloudwatch: CloudWatch) -> None:
    invoke(by="f:live", fails=True)
    invoke(by="f:live")
    invoke(by="f:1")
    lambda_metrics.write()
    assert cloudwatch.sums() == {
        (ACCOUNT, REGION, "f", "Invocations"): 3,
        (ACCOUNT, REGION, "f", "Errors"): 1,
        (ACCOUNT, REGION, "f", "f:live", "1", "Invocations"): 2,
        (ACCOUNT, REGION, "f", "f:live", "1", "Errors"): 1,
    }


@pytest.mark.usefixtures("corrected")
def test_what_was_written_is_not_written_again(cloudwatch: CloudWatch) -> None:
    invoke()
    lambda_metrics.write()
    lambda_metrics.write()
    assert len(cloudwatch.put) == 1
    invoke()
    lambda_metrics.write()
    assert cloudwatch.sums() == {(ACCOUNT, REGION, "f", "Invocations"): 2}


@pytest.mark.usefixtures("corrected")
def test_other_threads_start_as_ever(started: list[threading.Thread]) -> None:
    future: Future[int] = Future()
    thread = cast("Any", version_manager).start_thread(lambda _: future.set_result(1))
    assert future.result(20) == 1
    assert started == [thread]


@given(
    st.lists(
        st.one_of(
            st.just("write"), st.tuples(st.sampled_from("fg"), st.booleans(), st.sampled_from([REGION, "r"]))
        )
    )
)
def test_no_invocation_is_lost_or_counted_twice(steps: list[Any]) -> None:
    with pytest.MonkeyPatch.context() as patching:
        cloudwatch = CloudWatch()
        patching.setattr(lambda_metrics, "_counts", Counter())
        patching.setattr(lambda_metrics, "connect_to", cloudwatch.connect)
        patching.setattr(metrics, "publish_lambda_metric", lambda_metrics._count)
        expected: Counter[tuple[str, ...]] = Counter()
        for step in steps:
            if step == "write":
                lambda_metrics.write()
                continue
            name, fails, region = step
            record: Any = metrics.record_cw_metric_error if fails else metrics.record_cw_metric_invocation
            record(function_name=name, account_id=ACCOUNT, region_name=region)
            for metric in ("Invocations", "Errors") if fails else ("Invocations",):
                expected[ACCOUNT, region, name, metric] += 1
        lambda_metrics.write()
        assert cloudwatch.sums() == expected


@pytest.mark.usefixtures("corrected")
def test_counts_of_many_threads_add_up_while_they_are_written(cloudwatch: CloudWatch) -> None:
    with ThreadPoolExecutor(8) as threads:
        for number in range(400):
            threads.submit(invoke)
            if number % 40 == 0:
                threads.submit(lambda_metrics.write)
    lambda_metrics.write()
    assert cloudwatch.sums() == {(ACCOUNT, REGION, "f", "Invocations"): 400}


@pytest.mark.usefixtures("corrected")
def test_what_cannot_be_written_is_written_the_next_time(cloudwatch: CloudWatch) -> None:
    for region in ("a", "b", "c"):
        invoke(region=region)
    cloudwatch.failures = 1
    with pytest.raises(ConnectionError):
        lambda_metrics.write()
    lambda_metrics.write()
    assert cloudwatch.sums() == {(ACCOUNT, region, "f", "Invocations"): 1 for region in "abc"}
