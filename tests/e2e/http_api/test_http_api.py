"""The HTTP API: the list as REST gives it, CORS, the partners' upstream, throttling, the access log."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import requests

from support.people import Person, claims_of
from support.system import Api, page_of, poll

Aws = Callable[[str], Any]
PARTNERS = "ANY /partners/{proxy+}"
OTHER = "https://elsewhere.example"


@pytest.fixture(scope="module")
def url(outputs: dict[str, Any]) -> str:
    found: str = outputs["http_api_url"]
    return found


@pytest.fixture(scope="module")
def bearer(reporter: Person) -> dict[str, str]:
    return {"Authorization": f"Bearer {reporter.tokens.access}"}


@pytest.mark.parametrize(
    "query",
    [
        "limit=3",
        "family=red&limit=5",
        "city=Las+Vegas",
        "city=Las%20Vegas&state=Nevada",
        "dragonName=Atlas",
        "dragonName=%C3%A9%2C%26%3D%2B",
        "family=",
    ],
)
def test_it_lists_what_the_rest_api_lists(api: Api, url: str, bearer: dict[str, str], query: str) -> None:
    def alike() -> bool | None:
        answer = requests.get(f"{url}/dragons?{query}", headers=bearer, timeout=60)
        assert answer.status_code == 200, answer.text
        return page_of(answer) == page_of(api.get(f"/dragons?{query}")) or None

    poll(alike, "both lists to be the same, whatever other tests still add")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("colour=red", "colour"),
        ("family=red&family=blue", "family"),
        ("limit=0", "limit"),
        ("limit=1,2", "limit"),
    ],
)
def test_a_bad_parameter_is_named(url: str, bearer: dict[str, str], query: str, field: str) -> None:
    answer = requests.get(f"{url}/dragons?{query}", headers=bearer, timeout=60)
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def preflight(url: str, origin: str, method: str, *headers: str) -> requests.Response:
    asked = {"Origin": origin, "Access-Control-Request-Method": method}
    if headers:
        asked["Access-Control-Request-Headers"] = ",".join(headers)
    return requests.options(url, headers=asked, timeout=60)


def test_a_preflight_of_an_allowed_origin_is_granted(url: str, allowed_origin: str) -> None:
    answer = preflight(f"{url}/dragons", allowed_origin, "GET", "authorization")
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == allowed_origin
    assert "GET" in answer.headers["Access-Control-Allow-Methods"]
    assert "authorization" in answer.headers["Access-Control-Allow-Headers"].lower()
    assert int(answer.headers["Access-Control-Max-Age"]) > 0
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_a_preflight_of_another_origin_is_granted_nothing(url: str) -> None:
    answer = preflight(f"{url}/dragons", OTHER, "GET", "authorization")
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_a_header_that_is_not_allowed_is_not_granted(url: str, allowed_origin: str) -> None:
    granted = preflight(f"{url}/dragons", allowed_origin, "GET", "x-not-allowed").headers
    assert "x-not-allowed" not in granted.get("Access-Control-Allow-Headers", "").lower()


def test_answers_are_readable_from_an_allowed_origin_alone(
    url: str, bearer: dict[str, str], allowed_origin: str
) -> None:
    for origin, granted in [(allowed_origin, allowed_origin), (OTHER, None)]:
        answer = requests.get(f"{url}/dragons?limit=1", headers=bearer | {"Origin": origin}, timeout=60)
        assert answer.status_code == 200
        assert answer.headers.get("Access-Control-Allow-Origin") == granted


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "PATCH"])
def test_the_upstream_gets_the_request_and_who_makes_it(
    partners_url: str, bearer: dict[str, str], reporter: Person, method: str
) -> None:
    body = b"" if method in ("GET", "DELETE") else b'{"order": "\xf0\x9f\x90\x89"}'
    answer = requests.request(
        method,
        f"{partners_url}/orders/a%20b?x=1&x=2&y=%26",
        data=body,
        headers=bearer | {"Content-Type": "application/json", "X-Partner-Client": "forged"},
        timeout=60,
    )
    assert answer.status_code == 200, answer.text
    if "method" not in answer.text:
        pytest.skip("the target's upstream is no echo")
    seen = answer.json()
    assert (seen["method"], seen["body"]) == (method, body.decode())
    assert seen["path"].endswith("/orders/a b") or seen["path"].endswith("/orders/a%20b")
    assert seen["query"] in ("x=1&x=2&y=%26", {"x": ["1", "2"], "y": ["&"]})
    headers = {name.lower(): value for name, value in seen["headers"].items()}
    assert headers["x-partner-client"] == claims_of(reporter.tokens.access)["client_id"]
    assert headers["content-type"] == "application/json"


def test_a_route_is_held_to_its_rate(
    url: str, partners_url: str, http_api_id: str, aws: Aws, bearer: dict[str, str]
) -> None:
    gateway, key = aws("apigatewayv2"), PARTNERS
    stage = {"ApiId": http_api_id, "StageName": "$default"}
    before = gateway.get_stage(**stage).get("RouteSettings", {})
    slow = {"ThrottlingRateLimit": 1.0, "ThrottlingBurstLimit": 2}
    gateway.update_stage(**stage, RouteSettings=before | {key: slow})
    try:

        def throttled() -> requests.Response | None:
            answer = requests.get(f"{partners_url}/status", headers=bearer, timeout=60)
            assert answer.status_code in (200, 429), answer.text
            return answer if answer.status_code == 429 else None

        assert poll(throttled, "a call too many", pause=0).json() == {"message": "Too Many Requests"}
        assert requests.get(f"{url}/dragons?limit=1", headers=bearer, timeout=60).status_code == 200
    finally:
        if key in before:
            gateway.update_stage(**stage, RouteSettings=before)
        else:
            gateway.delete_route_settings(**stage, RouteKey=key)


@pytest.fixture(params=["GET /dragons", PARTNERS])
def route(request: pytest.FixtureRequest, url: str) -> tuple[str, str]:
    """A route, and a URL of it."""
    if request.param == PARTNERS:
        return PARTNERS, f"{request.getfixturevalue('partners_url')}/status"
    return request.param, f"{url}/dragons?limit=1"


def test_every_request_is_in_the_access_log(
    route: tuple[str, str], http_api_id: str, aws: Aws, bearer: dict[str, str]
) -> None:
    key, address = route
    answer = requests.get(address, headers=bearer, timeout=60)
    assert answer.status_code == 200
    request_id = answer.headers["apigw-requestid"]
    settings = aws("apigatewayv2").get_stage(ApiId=http_api_id, StageName="$default")["AccessLogSettings"]
    group = settings["DestinationArn"].removesuffix(":*").split(":log-group:")[1]

    def entry() -> dict[str, Any] | None:
        pages = (
            aws("logs")
            .get_paginator("filter_log_events")
            .paginate(logGroupName=group, filterPattern=f'"{request_id}"')
        )
        lines = [each["message"] for page in pages for each in page["events"]]
        return json.loads(lines[0]) if lines else None

    logged = poll(entry, f"the access log of {request_id}")
    assert (str(logged["status"]), logged["route"]) == ("200", key)
    assert bearer["Authorization"].split()[1] not in json.dumps(logged)


def test_an_unknown_route_is_not_found(url: str, bearer: dict[str, str]) -> None:
    answer = requests.get(f"{url}/{uuid.uuid4()}", headers=bearer, timeout=60)
    assert (answer.status_code, answer.json()) == (404, {"message": "Not Found"})
