"""The stage: throttling by method, and the access log."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from support.system import Api, poll


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
            return json.loads(events[0]["message"]) if events else None

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
    assert {"requestId", "extendedRequestId", "caller", "latency", "integrationLatency", "traceId"} <= set(
        entry
    )
