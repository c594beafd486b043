"""The REST API's own answers: status, CORS, and routes that are not there."""

import pytest

from support.system import Api


def test_status_tells_the_release_and_the_stage(api: Api) -> None:
    answer = api.get("/status")
    assert answer.status_code == 200
    assert set(answer.json()) >= {"release", "stage"}
    assert answer.json()["stage"] == api.url.rsplit("/", 1)[1]


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/nowhere"), ("DELETE", "/dragons"), ("PUT", "/dragons/reports/x"), ("POST", "/status")],
)
def test_an_unknown_route_is_not_found(api: Api, method: str, path: str) -> None:
    answer = api.request(method, path)
    assert answer.status_code == 404
    assert answer.json()["message"]
    assert answer.json()["errors"] == []


@pytest.mark.parametrize("path", ["/dragons", "/dragons/reports/x", "/status"])
def test_a_preflight_of_an_allowed_origin_is_granted(api: Api, path: str, allowed_origin: str) -> None:
    answer = api.request(
        "OPTIONS",
        path,
        headers={"Origin": allowed_origin, "Access-Control-Request-Method": "POST"},
    )
    assert answer.status_code in (200, 204)
    assert answer.headers["Access-Control-Allow-Origin"] == allowed_origin
    assert "idempotency-key" in answer.headers["Access-Control-Allow-Headers"].lower()
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_another_origin_is_granted_nothing(api: Api) -> None:
    for method, path in [("OPTIONS", "/dragons"), ("GET", "/dragons"), ("GET", "/status")]:
        headers = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET"}
        answer = api.request(method, path, headers=headers)
        assert answer.headers.get("Access-Control-Allow-Origin") != "https://elsewhere.example"
        assert answer.headers.get("Access-Control-Allow-Origin") != "*"


@pytest.mark.parametrize("path", ["/dragons", "/dragons/reports/unknown", "/status", "/dragons?x=1"])
def test_answers_and_errors_are_readable_from_an_allowed_origin(
    api: Api, path: str, allowed_origin: str
) -> None:
    answer = api.get(path, headers={"Origin": allowed_origin})
    assert answer.headers["Access-Control-Allow-Origin"] == allowed_origin
