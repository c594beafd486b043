"""Lambda@Edge: what functions are given, what they may change, and what becomes of what they may not."""

import base64
import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.test_cloudfront_serving import DISABLED, Edge, Upstream, edge, said, sent, upstream

__all__ = ["edge", "upstream"]
EVENTS = ("viewer-request", "origin-request", "origin-response", "viewer-response")


def back(cf: dict[str, Any]) -> Any:
    """What a function returns that changes nothing."""
    return cf.get("response") or cf["request"]


def header(value: str, key: str = "x-new") -> list[dict[str, str]]:
    return [{"key": key, "value": value}]


def test_the_four_events(edge: Edge) -> None:
    for event_type in EVENTS:
        edge.on(event_type, back)

    edge("/a?q=1&z=2", X_Release="next", X_Real_IP="9.9.9.9", Cookie="c=1")
    edge("/a?q=1&z=2", X_Release="next", Cookie="c=1")

    assert [event["config"]["eventType"] for event in edge.events] == [*EVENTS, EVENTS[0], EVENTS[3]]
    viewer, origin, response, last = edge.events[:4]
    assert viewer["config"].keys() == {"distributionDomainName", "distributionId", "eventType", "requestId"}
    assert (viewer["config"]["distributionDomainName"], viewer["config"]["distributionId"]) == (
        "localhost:1",
        "E1",
    )
    assert viewer["request"] == {
        "clientIp": "192.0.2.1",
        "headers": {
            "x-release": [{"key": "X-Release", "value": "next"}],
            "cookie": [{"key": "Cookie", "value": "c=1"}],
            "host": [{"key": "Host", "value": "localhost:1"}],
        },
        "method": "GET",
        "querystring": "q=1&z=2",
        "uri": "/a",
    }
    assert origin["request"]["querystring"] == "q=1"
    assert origin["request"]["headers"]["x-release"][0]["value"] == "next"
    assert origin["request"]["headers"]["host"] == [{"key": "host", "value": "127.0.0.1"}]
    assert origin["request"]["origin"] == {
        "custom": {
            "customHeaders": {"x-own": [{"key": "X-Own", "value": "1"}]},
            "domainName": "127.0.0.1",
            "keepaliveTimeout": 5,
            "path": "",
            "port": edge.origin["CustomOriginConfig"]["HTTPPort"],
            "protocol": "http",
            "readTimeout": 30,
            "sslProtocols": [],
        }
    }
    assert response["request"] == origin["request"]
    assert response["response"].keys() == {"status", "statusDescription", "headers"}
    assert (response["response"]["status"], response["response"]["statusDescription"]) == ("200", "OK")
    assert response["response"]["headers"]["content-type"][0]["key"] == "Content-Type"
    assert last["request"] == viewer["request"]
    assert "origin" not in last["request"]


def test_requests_are_changed(edge: Edge) -> None:
    def viewer(cf: dict[str, Any]) -> Any:
        cf["request"]["headers"]["x-release"] = header("next", "X-Release")
        return {**cf["request"], "uri": "/b", "querystring": "q=9"}

    def origin(cf: dict[str, Any]) -> Any:
        request = cf["request"]
        request["origin"]["custom"] |= {"path": "/base", "customHeaders": {"x-own": header("2", "x-own")}}
        request["headers"] |= {"x-new": header("1")}
        request["headers"]["host"][0]["value"] = "other.test"
        return {**request, "uri": "/c"}

    edge.on("viewer-request", viewer)
    assert said(edge()) == "Miss"
    assert said(edge("/other")) == "Hit"
    edge.on("origin-request", origin)
    edge.distribution.cache.invalidate(["/*"])

    response = edge()

    headers = sent(response)
    assert json.loads(response.body)["path"] == "/base/c?q=9"
    assert [headers[name] for name in ("x-release", "x-new", "x-own", "host")] == [
        "next",
        "1",
        "2",
        "other.test",
    ]


def test_what_a_function_is_not_shown_it_does_not_take_away(edge: Edge) -> None:
    Upstream.answers["/a"] = (200, {"X-Amz-Cf-Own": "1"}, None)
    edge.on("origin-response", back)

    response = edge()

    assert "x-amz-cf-own" not in edge.events[0]["response"]["headers"]
    assert response.headers["x-amz-cf-own"] == "1"


def test_a_viewer_request_is_answered_at_the_edge(edge: Edge) -> None:
    location = {"location": header("/b", "Location"), "set-cookie": [{"value": "a=1"}, {"value": "b=2"}]}
    edge.on("viewer-request", lambda _: {"status": 301, "statusDescription": "Moved", "headers": location})
    edge.on("viewer-response", back)

    response = edge()

    assert (response.status, response.headers["location"]) == (301, "/b")
    assert response.headers.getlist("set-cookie") == ["a=1", "b=2"]
    assert (said(response), said(edge())) == ("LambdaGeneratedResponse", "LambdaGeneratedResponse")
    assert len(edge.events) == 2  # and no viewer-response
    assert Upstream.asked == []


def test_what_is_made_in_place_of_the_origin_is_kept(edge: Edge) -> None:
    body = base64.b64encode(b"made").decode()
    made = {"status": "200", "body": body, "bodyEncoding": "base64", "headers": {"x-new": header("1")}}
    edge.on("origin-request", lambda _: made)
    edge.on("origin-response", back)

    first, second = edge(), edge()

    assert (first.body, said(first), said(second)) == (b"made", "LambdaGeneratedResponse", "Hit")
    assert len(edge.events) == 1
    assert Upstream.asked == []


def test_responses_are_changed(edge: Edge) -> None:
    Upstream.answers["/a"] = (404, {"Cache-Control": "max-age=50", "X-Old": "1"}, b"<Error/>")

    def origin(cf: dict[str, Any]) -> Any:
        response = cf["response"]
        del response["headers"]["x-old"]
        response["headers"]["cache-control"] = header("no-store", "Cache-Control")
        return {**response, "status": "200", "body": "page"}

    def viewer(cf: dict[str, Any]) -> Any:
        cf["response"]["headers"]["x-new"] = header("1", "X-New")
        return cf["response"]

    edge.on("origin-response", origin)
    edge.on("viewer-response", viewer)

    response = edge()

    assert (response.status, response.body, response.headers["x-new"]) == (200, b"page", "1")
    assert (response.headers["cache-control"], response.headers["content-length"]) == ("no-store", "4")
    assert "x-old" not in response.headers
    assert said(edge()) == "Miss"


@pytest.mark.parametrize("status", [400, 404, 500])
def test_viewer_response_is_not_asked_about_an_origins_error(edge: Edge, status: int) -> None:
    Upstream.answers["/a"] = (status, {}, None)
    edge.on("viewer-response", back)
    edge.on("origin-response", back)

    assert edge().status == status
    assert [event["config"]["eventType"] for event in edge.events] == ["origin-response"]


def test_a_body_is_given_to_who_asks_for_it(edge: Edge) -> None:
    edge.on("viewer-request", back, body=True)
    edge.on("origin-request", back)
    edge.on("origin-response", back, body=True)

    edge(method="POST", body=b"x" * 50_000)

    given = edge.events[0]["request"]["body"]
    assert base64.b64decode(given.pop("data")) == b"x" * 40 * 1024
    assert given == {"action": "read-only", "encoding": "base64", "inputTruncated": True}
    assert "body" not in edge.events[1]["request"]
    assert "body" not in edge.events[2]["request"]


INVALID: dict[str, Any] = {
    "nothing": None,
    "a text": "nonsense",
    "a list": [],
    "no status": {"status": "abc"},
    "a status out of bounds": {"status": 700},
    "informational": {"status": "100"},
    "headers in a list": {"status": "200", "headers": []},
    "a header that is a text": {"status": "200", "headers": {"x-new": "1"}},
    "an entry that is a text": {"status": "200", "headers": {"x-new": ["1"]}},
    "a value that is a number": {"status": "200", "headers": {"x-new": [{"key": "x-new", "value": 1}]}},
    "no value": {"status": "200", "headers": {"x-new": [{"key": "x-new"}]}},
    "a name in upper case": {"status": "200", "headers": {"X-New": [{"value": "1"}]}},
    "another key": {"status": "200", "headers": {"x-new": header("1", "x-other")}},
    "a line break": {"status": "200", "headers": {"x-new": header("1\r\nset-cookie: a=1")}},
    "a name with a space": {"status": "200", "headers": {"x new": header("1", "x new")}},
    "hop by hop": {"status": "200", "headers": {"connection": header("close", "connection")}},
    "CloudFront's own": {"status": "200", "headers": {"x-amz-cf-id": header("1", "x-amz-cf-id")}},
    "x-cache": {"status": "200", "headers": {"x-cache": header("1", "x-cache")}},
    "read-only": {"status": "200", "headers": {"via": header("1", "via")}},
    "a body that is a number": {"status": "200", "body": 1},
    "not base64": {"status": "200", "body": "%", "bodyEncoding": "base64"},
    "another encoding": {"status": "200", "body": "a", "bodyEncoding": "hex"},
}


@pytest.mark.parametrize("event_type", ["viewer-request", "origin-request", "origin-response"])
@pytest.mark.parametrize("returned", INVALID.values(), ids=INVALID)
def test_a_response_that_is_not_valid(edge: Edge, event_type: str, returned: Any) -> None:
    edge.on(event_type, lambda _: returned)

    response = edge()

    assert (response.status, said(response)) == (502, "LambdaValidationError")
    assert b"The Lambda function result failed validation" in response.body
    edge.handlers[event_type] = back
    assert edge().status == 200  # the failure was not kept


@pytest.mark.parametrize(
    "change",
    [
        {"uri": "relative"},
        {"uri": ""},
        {"uri": "/a b"},
        {"uri": "/a\r\nx: y"},
        {"uri": 1},
        {"querystring": None},
        {"querystring": "a b"},
        {"method": "POST"},
        {"clientIp": "127.0.0.9"},
        {"headers": {}},
        {"headers": {"host": [{"key": "Host", "value": "other"}]}},
    ],
)
def test_a_request_that_is_not_valid(edge: Edge, change: dict[str, Any]) -> None:
    edge.on("viewer-request", lambda cf: {**cf["request"], **change})

    response = edge()

    assert (response.status, said(response)) == (502, "LambdaValidationError")
    assert Upstream.asked == []


@pytest.mark.parametrize(
    "origin", [None, [], {}, {"s3": {}}, {"custom": {"port": "80"}}, {"custom": {"customHeaders": []}}]
)
def test_an_origin_that_is_not_valid(edge: Edge, origin: Any) -> None:
    edge.on("origin-request", lambda cf: {**cf["request"], "origin": origin})

    assert said(edge()) == "LambdaValidationError"


@pytest.mark.parametrize("name", ["via", "transfer-encoding"])
def test_a_read_only_header_of_a_response(edge: Edge, name: str) -> None:
    def handle(cf: dict[str, Any]) -> Any:
        cf["response"]["headers"][name] = header("1", name)
        return cf["response"]

    edge.on("origin-response", handle)

    assert edge().status == 502


def test_a_viewer_responses_status_and_length_are_fixed(edge: Edge) -> None:
    edge.on("viewer-response", lambda cf: {**cf["response"], "status": "201"})
    assert said(edge()) == "LambdaValidationError"

    def longer(cf: dict[str, Any]) -> Any:
        cf["response"]["headers"]["content-length"] = header("1", "content-length")
        return cf["response"]

    edge.handlers["viewer-response"] = longer
    assert said(edge()) == "LambdaValidationError"
    edge.handlers["viewer-response"] = lambda cf: {**cf["response"], "body": "other"}
    assert b"/a" in edge().body


@pytest.mark.parametrize(
    ("event_type", "size", "status"),
    [
        ("viewer-request", 39_000, 200),
        ("viewer-request", 40 * 1024 + 1, 502),
        ("origin-request", 1_000_000, 200),
        ("origin-request", 1024 * 1024 + 1, 502),
        ("origin-response", 1024 * 1024 + 1, 502),
    ],
)
def test_a_generated_body_has_a_limit(edge: Edge, event_type: str, size: int, status: int) -> None:
    edge.on(event_type, lambda _: {"status": "200", "body": "x" * size})

    response = edge()

    assert response.status == status
    assert (len(response.body) == size) == (status == 200)


def test_a_function_that_fails(edge: Edge) -> None:
    edge.on("origin-response", lambda _: 1 / 0)

    for _ in range(2):
        response = edge()
        assert (response.status, said(response)) == (503, "LambdaExecutionError")
    assert len(Upstream.asked) == 2  # it was not kept


@pytest.mark.parametrize(
    ("code", "result"),
    [("TooManyRequestsException", "LambdaLimitExceeded"), ("AccessDenied", "LambdaExecutionError")],
)
def test_a_function_that_cannot_be_invoked(edge: Edge, code: str, result: str) -> None:
    def refuse(_: Any) -> Any:
        raise ClientError({"Error": {"Code": code}}, "Invoke")

    edge.on("viewer-request", refuse)

    response = edge()

    assert (response.status, said(response)) == (503, result)


def test_a_functions_failure_has_no_page_of_the_distribution(edge: Edge) -> None:
    edge.behavior["CachePolicyId"] = DISABLED
    edge.config["CustomErrorResponses"] = {
        "Items": [{"ErrorCode": 503, "ResponsePagePath": "/page", "ResponseCode": "200"}]
    }
    edge.on("viewer-request", lambda _: 1 / 0)

    assert edge().status == 503
