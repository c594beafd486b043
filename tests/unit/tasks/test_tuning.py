"""`make tune`: versions of its own, figures out of Lambda's reports, and a function left as it was."""

import base64
import io
import json
import xml.etree.ElementTree as ET
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from tasks import tune
from tasks.processes.children import Interrupted
from tasks.processes.steps import StepError
from tasks.tuning import chart, suggestion
from tasks.tuning.runs import Run, Size
from tasks.tuning.versions import DESCRIPTION

ARN = "arn:aws:lambda:us-east-1:000000000000:function:dragons-unit-list_dragons"
COLD = (
    "START RequestId: 1 Version: 2\nDuration: 1.00 ms\nEND RequestId: 1\n"
    "REPORT RequestId: 1\tDuration: 30.50 ms\tBilled Duration: 231 ms\tMemory Size: 128 MB\t"
    "Max Memory Used: 70 MB\tInit Duration: 200.25 ms\t\nXRAY TraceId: 1\tSegmentId: 2\tSampled: true\t\n"
)
WARM = (
    "REPORT RequestId: 2\tDuration: 10.50 ms\tBilled Duration: 11 ms\tMemory Size: 128 MB\t"
    "Max Memory Used: 71 MB\t\n"
)


class FakeLambda:
    """One function: its newest configuration and its versions, with memory and description.

    Attributes:
        slow: Milliseconds of an invocation at 128 MB; it is as many times faster as it has more memory.
        fails_at: The memory at which invocations fail.
        interrupted_at: The memory at which a signal comes.
        refuses: The operation that is refused.
    """

    def __init__(self) -> None:
        self.memory = 512
        self.versions = {"1": (512, ""), "2": (512, "")}
        self.next = 3
        self.invoked: list[tuple[str, Any]] = []
        self.slow = 100.0
        self.fails_at = self.interrupted_at = 0
        self.refuses = ""
        self.meta = SimpleNamespace(
            events=SimpleNamespace(register_first=lambda *_, **__: None, unregister=lambda *_, **__: None)
        )

    def get_function_configuration(self, FunctionName: str) -> dict[str, Any]:
        assert FunctionName == ARN
        return {"MemorySize": self.memory, "Timeout": 28, "Architectures": ["arm64"]}

    def update_function_configuration(self, FunctionName: str, MemorySize: int) -> None:
        if self.refuses == "update" and self.invoked:
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "Update")
        assert FunctionName == ARN
        self.memory = MemorySize

    def publish_version(self, FunctionName: str, Description: str) -> dict[str, str]:
        newest = max(self.versions, key=int)
        if self.versions[newest][0] == self.memory:  # as AWS: nothing has changed
            return {"Version": newest}
        version, self.next = str(self.next), self.next + 1
        self.versions[version] = (self.memory, Description)
        return {"Version": version}

    def delete_function(self, FunctionName: str, Qualifier: str) -> None:
        del self.versions[Qualifier]

    def get_waiter(self, name: str) -> Any:
        assert name in ("function_updated", "published_version_active")
        return SimpleNamespace(wait=lambda **_: None)

    def get_paginator(self, name: str) -> Any:
        assert name == "list_versions_by_function"
        return SimpleNamespace(paginate=self._pages)

    def _pages(self, FunctionName: str) -> Iterator[dict[str, Any]]:
        yield {"Versions": [{"Version": "$LATEST", "MemorySize": self.memory, "Description": ""}]}
        for version, (memory, description) in list(self.versions.items()):
            yield {"Versions": [{"Version": version, "MemorySize": memory, "Description": description}]}

    def invoke(self, FunctionName: str, Payload: bytes, LogType: str, Qualifier: str) -> dict[str, Any]:
        self.invoked.append((Qualifier, json.loads(Payload)))
        memory = self.versions[Qualifier][0]
        if memory == self.interrupted_at:
            raise Interrupted(2)
        cold = [version for version, _ in self.invoked].count(Qualifier) == 1
        ms = self.slow * 128 / memory
        report = f"REPORT RequestId: 1\tDuration: {ms:.2f} ms\tBilled Duration: {ms:.0f} ms\t"
        log = report + "Max Memory Used: 70 MB\t" + ("Init Duration: 200.00 ms\t" if cold else "")
        answer = {"Payload": io.BytesIO(b'{"statusCode": 200}'), "LogResult": base64.b64encode(log.encode())}
        if memory == self.fails_at:
            error = b'{"errorMessage": "Task timed out after 28.00 seconds"}'
            answer |= {"FunctionError": "Unhandled", "Payload": io.BytesIO(error)}
        return answer

    def state(self) -> tuple[int, dict[str, tuple[int, str]]]:
        return self.memory, self.versions


class Tuned:
    """An environment with one function."""

    def __init__(self, client: FakeLambda, name: str) -> None:
        self._client = client
        self.name = name
        self.is_local = name == "local"

    def enter_tools(self) -> None:
        """Tests run where the tools are."""

    def outputs(self) -> dict[str, Any]:
        return {"functions": {"list_dragons": f"{ARN}:live"}}

    def client(self, _service: str) -> FakeLambda:
        return self._client


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeLambda:
    monkeypatch.setattr(tune, "ROOT", tmp_path)
    return FakeLambda()


def run(client: FakeLambda, env: str = "local", **inputs: str) -> None:
    given = {
        "function": "list_dragons",
        "event": "",
        "sizes": "128,512,1024",
        "invocations": "4",
        "auto_approve": "",
    }
    environment: Any = Tuned(client, env)
    tune.run(environment, Namespace(**(given | inputs)))


def test_it_compares_sizes_and_leaves_the_function_as_it_was(
    client: FakeLambda, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    before = client.state()
    run(client)
    assert client.state() == before
    assert [version for version, _ in client.invoked] == ["3"] * 4 + ["4"] * 4 + ["5"] * 4
    printed = capsys.readouterr().out
    assert "       128      100.0      100.0        200        70" in printed
    assert f"\n{tune.NO_GUIDE}\n" in printed
    assert "suggested: memory_mb = 1024 (now 512): the cheapest; those that cost" in printed
    assert (
        "suggested: timeout_seconds = 1 (now 28): 3 times its slowest run, 212 ms with its start" in printed
    )
    assert printed.endswith("drawn:     dist/tune/list_dragons.svg\n")
    drawn = ET.fromstring((tmp_path / "dist/tune/list_dragons.svg").read_text())
    texts = [each.text for each in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert {"128 MB", "512 MB", "1024 MB", "p50", "p99", tune.NO_GUIDE} <= set(texts)


def test_the_version_that_serves_is_used_where_nothing_differs_and_stays(client: FakeLambda) -> None:
    run(client, sizes="512")
    assert {version for version, _ in client.invoked} == {"2"}
    assert client.state() == (512, {"1": (512, ""), "2": (512, "")})


def test_a_signal_leaves_the_function_as_it_was(client: FakeLambda) -> None:
    before, client.interrupted_at = (512, dict(client.versions)), 1024
    with pytest.raises(Interrupted):
        run(client)
    assert client.state() == before


def test_what_a_killed_tuning_has_left_is_tidied_up(client: FakeLambda) -> None:
    client.memory, client.versions["3"] = 3008, (3008, DESCRIPTION)
    client.next = 4
    run(client)
    assert client.state() == (512, {"1": (512, ""), "2": (512, "")})


def test_what_cannot_be_put_back_is_said(client: FakeLambda, capsys: pytest.CaptureFixture[str]) -> None:
    client.refuses = "update"
    with pytest.raises(StepError, match="the function could not be left as it was") as caught:
        run(client, sizes="128")
    assert caught.value.remedy == "run it again, or `make apply`"
    assert "another memory than 512 MB" in capsys.readouterr().err


def test_a_size_that_fails_is_told_and_the_others_go_on(
    client: FakeLambda, capsys: pytest.CaptureFixture[str]
) -> None:
    client.fails_at = 128
    run(client)
    assert len(client.invoked) == 1 + 4 + 4
    assert "       128  fails: Task timed out after 28.00 seconds\n" in capsys.readouterr().out


def test_a_function_that_fails_at_every_size_is_an_error(client: FakeLambda) -> None:
    client.fails_at = 256
    with pytest.raises(StepError, match="list_dragons fails at every size"):
        run(client, sizes="256")
    assert client.memory == 512


def test_an_event_of_ones_own_is_taken(client: FakeLambda, tmp_path: Path) -> None:
    (tmp_path / "own.json").write_text('{"own": 1}')
    run(client, event=str(tmp_path / "own.json"), sizes="128")
    assert client.invoked[0][1] == {"own": 1}


@pytest.mark.parametrize(("said", "approved", "invoked"), [("yes", "", 4), ("y", "", 0), ("", "yes", 4)])
def test_aws_is_asked_about_with_what_it_costs_at_most(
    client: FakeLambda, monkeypatch: pytest.MonkeyPatch, said: str, approved: str, invoked: int
) -> None:
    asked: list[str] = []

    def answer(question: str) -> str:
        asked.append(question)
        return said

    monkeypatch.setattr("builtins.input", answer)
    if invoked:
        run(client, env="prod", sizes="1024", auto_approve=approved)
    else:
        with pytest.raises(StepError, match="nothing was invoked"):
            run(client, env="prod", sizes="1024", auto_approve=approved)
    assert len(client.invoked) == invoked
    assert asked == ([] if approved else [asked[0]])
    assert all(text.startswith("4 invocations of list_dragons on prod, for 0.00 USD") for text in asked)


@pytest.mark.parametrize(
    ("inputs", "told"),
    [
        ({"function": ""}, "FUNCTION=<name> is missing"),
        ({"function": "none"}, "FUNCTION=none is not a function that is deployed"),
        ({"sizes": "64"}, "SIZES=64: whole MB from 128 to 10240, such as SIZES=128,256"),
        ({"sizes": "128,"}, "SIZES=128,: whole MB"),
        ({"sizes": "1e3"}, "SIZES=1e3: whole MB"),
        ({"sizes": "10241"}, "SIZES=10241: whole MB"),
        ({"invocations": "1"}, "INVOCATIONS=1: a whole number from 2"),
        ({"invocations": "many"}, "INVOCATIONS=many: a whole number"),
        ({"event": "none.json"}, "EVENT=none.json: No such file"),
        ({"auto_approve": "sure"}, "AUTO_APPROVE=sure is not valid"),
    ],
)
def test_what_cannot_be_is_refused_before_anything(
    client: FakeLambda, inputs: dict[str, str], told: str
) -> None:
    with pytest.raises(StepError) as caught:
        run(client, **inputs)
    assert str(caught.value).startswith(told)
    assert client.invoked == []


def test_a_report_is_read_and_a_line_of_the_function_is_none() -> None:
    assert Run.of(COLD) == Run(30.5, 231, 70, 200.25)
    assert Run.of(WARM) == Run(10.5, 11, 71, None)
    with pytest.raises(StepError, match="no REPORT line"):
        Run.of("Duration: 1 ms\n")


def size(memory: int, ms: float, used: float = 60) -> Size:
    return Size(memory, 0.0000166667, [Run(ms, ms, used, None)])


def test_the_cost_is_lambdas() -> None:
    # 1 GB for 100 ms, a million times: 100,000 GB-seconds
    assert suggestion.cost(size(1024, 100)) == pytest.approx(1.66667 + 0.20)


def test_a_size_without_memory_to_spare_is_not_suggested() -> None:
    assert suggestion.suggested([size(128, 10, used=120), size(256, 10)]) == size(256, 10)
    assert suggestion.suggested([size(128, 10, used=120)]) is None
    [told] = suggestion.told([size(128, 10, used=120)], 128, 3)
    assert told.startswith("suggested: larger sizes")


def test_speed_may_cost_a_tenth_more_and_no_more() -> None:
    sizes = [size(128, 100), size(256, 55), size(1024, 20)]
    first, _ = suggestion.told(sizes, 128, 3)
    assert first == (
        "suggested: memory_mb = 256 (now 128): the fastest of those that cost at most a tenth more "
        "than the cheapest, 128 MB"
    )


times = st.floats(0.01, 900_000, allow_nan=False)


@given(st.lists(st.tuples(st.integers(128, 10240), times), min_size=1, max_size=8))
def test_nothing_suggested_is_much_dearer_than_the_cheapest(made: list[tuple[int, float]]) -> None:
    sizes = [size(memory, ms) for memory, ms in made]
    best = suggestion.suggested(sizes)
    assert best is not None
    assert suggestion.cost(best) <= 1.1 * min(map(suggestion.cost, sizes))
    assert suggestion.timeout_seconds(best) * 1000 >= 3 * best.percentile(100)
    assert ET.fromstring(chart.draw("a <b> & c", "", sizes)) is not None


@given(st.lists(times, min_size=1, max_size=200), st.sampled_from([1, 50, 99, 100]))
def test_a_percentile_is_one_of_the_runs_that_so_many_do_not_exceed(ms: list[float], percent: int) -> None:
    found = Size(128, 0, [Run(each, each, 1, None) for each in ms]).percentile(percent)
    assert found in ms
    assert sum(each <= found for each in ms) >= len(ms) * percent / 100
