"""The stage: throttling by method, the access log, and a canary that is promoted and rolled back."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from system import Api, poll

ROOT = Path(__file__).parents[2]
CANARY_ORIGIN = "https://canary.example"


def test_a_method_is_held_to_its_rate(api: Api, aws: Callable[[str], Any]) -> None:
    gateway = aws("apigateway")
    path = "/~1status/GET/throttling"
    slow = [
        {"op": "replace", "path": f"{path}/rateLimit", "value": "1"},
        {"op": "replace", "path": f"{path}/burstLimit", "value": "2"},
    ]
    gateway.update_stage(**api.stage, patchOperations=slow)
    try:
        answer = poll(
            lambda: next((a for a in [api.get("/status")] if a.status_code == 429), None),
            "a call too many",
            pause=0,
        )
        assert answer.json()["message"]
        assert answer.json()["errors"] == []
        assert api.get("/dragons?limit=1").status_code == 200
    finally:
        gateway.update_stage(**api.stage, patchOperations=[{"op": "remove", "path": "/~1status/GET"}])


@pytest.fixture
def read_access_log(api: Api, aws: Callable[[str], Any]) -> Callable[[str], dict[str, Any]]:
    """Wait for the access log's entry of a request."""
    settings = aws("apigateway").get_stage(**api.stage)["accessLogSettings"]
    group = settings["destinationArn"].removesuffix(":*").split(":log-group:")[1]
    logs = aws("logs")

    def read(request_id: str) -> dict[str, Any]:
        def entry() -> dict[str, Any] | None:
            events = logs.filter_log_events(logGroupName=group, filterPattern=f'"{request_id}"')["events"]
            lines = [event["message"] for event in events if request_id in event["message"]]
            return json.loads(lines[0]) if lines else None

        return poll(entry, f"the access log of {request_id}")

    return read


@pytest.mark.parametrize(
    ("method", "path", "status", "resource"),
    [
        ("GET", "/status", 200, "/status"),
        ("GET", "/dragons?limit=1", 200, "/dragons"),
        ("GET", "/dragons?colour=red", 400, "/dragons"),
        ("POST", "/dragons", 401, "/dragons"),
        ("GET", "/dragons/reports/unknown", 404, "/dragons/reports/{reportId}"),
        ("GET", "/partners/dragons", 401, "/partners/dragons"),
        ("GET", "/nowhere", 404, None),
    ],
)
def test_every_request_is_in_the_access_log(
    api: Api,
    read_access_log: Callable[[str], dict[str, Any]],
    method: str,
    path: str,
    status: int,
    resource: str | None,
) -> None:
    answer = api.request(method, path)
    assert answer.status_code == status
    entry = read_access_log(answer.headers["x-amzn-RequestId"])
    assert entry["method"] == method
    assert str(entry["status"]) == str(status)
    if resource is not None:
        assert entry["path"] == resource
    assert {"requestId", "caller", "latency", "integrationLatency", "traceId"} <= set(entry)


def release(command: str, outputs: dict[str, Any], *options: str) -> str:
    """Run a release command as `make` does."""
    functions = json.dumps(outputs["functions"])
    done = subprocess.run(
        [sys.executable, "-m", "localcloud.release", command, "--functions", functions, *options],
        cwd=ROOT,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def _a_new_version(outputs: dict[str, Any], aws: Callable[[str], Any]) -> Iterator[None]:
    """Publish a version of list_dragons that allows one origin more; the old settings come back."""
    functions = aws("lambda")
    name = outputs["functions"]["list_dragons"].split(":")[6]
    before = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]

    def publish(variables: dict[str, str]) -> None:
        functions.update_function_configuration(FunctionName=name, Environment={"Variables": variables})
        functions.get_waiter("function_updated_v2").wait(FunctionName=name)
        functions.publish_version(FunctionName=name)

    publish(before | {"ALLOWED_ORIGINS": f"{before['ALLOWED_ORIGINS']},{CANARY_ORIGIN}"})
    yield
    publish(before)
    release("deploy", outputs, "--canary-percent", "0")


def share_of_the_new_version(api: Api, calls: int = 60) -> float:
    answers = [api.get("/dragons?limit=1", headers={"Origin": CANARY_ORIGIN}) for _ in range(calls)]
    assert {answer.status_code for answer in answers} == {200}
    return sum(a.headers.get("Access-Control-Allow-Origin") == CANARY_ORIGIN for a in answers) / calls


@pytest.mark.usefixtures("_a_new_version")
def test_a_canary_takes_its_share_is_promoted_and_rolled_back(
    api: Api, outputs: dict[str, Any], aws: Callable[[str], Any]
) -> None:
    gateway = aws("apigateway")
    release("deploy", outputs, "--canary-percent", "50")
    assert share_of_the_new_version(api) == 0
    split = [
        {"op": "replace", "path": "/canarySettings/percentTraffic", "value": "50.0"},
        {"op": "replace", "path": "/canarySettings/stageVariableOverrides/alias", "value": "canary"},
    ]
    gateway.update_stage(**api.stage, patchOperations=split)
    try:
        # 200 calls at one half: 60 to 140 but for a chance of one in a hundred million
        assert 0.3 <= share_of_the_new_version(api, 200) <= 0.7
        release("promote", outputs)
        assert share_of_the_new_version(api) == 1
        release("rollback", outputs)
        assert share_of_the_new_version(api) == 0
    finally:
        gateway.update_stage(**api.stage, patchOperations=[{"op": "remove", "path": "/canarySettings"}])


@pytest.mark.usefixtures("_a_new_version")
def test_taking_a_canary_back_leaves_live_alone(outputs: dict[str, Any], aws: Callable[[str], Any]) -> None:
    functions = aws("lambda")
    name = outputs["functions"]["list_dragons"].split(":")[6]

    def version(alias: str) -> str:
        found: str = functions.get_alias(FunctionName=name, Name=alias)["FunctionVersion"]
        return found

    live = version("live")
    release("deploy", outputs, "--canary-percent", "10")
    assert (version("live"), version("canary") != live) == (live, True)
    release("rollback", outputs)
    assert (version("live"), version("canary")) == (live, live)
