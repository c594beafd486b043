"""How long an answer is kept, and a page for people where something is wrong."""

import json
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from edge_origin_response.handler import handler
from support import edge

FIXTURES = Path(__file__).parents[2] / "fixtures/events/edge_origin_response"
SHORT = "public, max-age=0, s-maxage=60, must-revalidate"
IMMUTABLE = "public, max-age=31536000, immutable"


def ask(name: str, status: str = "", uri: str = "", method: str = "", **headers: str) -> dict[str, Any]:
    """Answer a fixture's event with another status, path, method or further headers of the origin."""
    event = json.loads((FIXTURES / f"{name}.json").read_text())
    cf = event["Records"][0]["cf"]
    cf["request"] |= {"uri": uri or cf["request"]["uri"], "method": method or cf["request"]["method"]}
    cf["response"]["status"] = status or cf["response"]["status"]
    for key, value in headers.items():
        header = key.replace("_", "-")
        cf["response"]["headers"][header] = [{"key": header, "value": value}]
    return handler(event, None)


def header(answer: dict[str, Any], name: str) -> str | None:
    values = answer["headers"].get(name)
    return values[0]["value"] if values else None


@pytest.mark.parametrize("status", ["200", "206", "304"])
@pytest.mark.parametrize(
    ("uri", "lasts"),
    [
        ("/assets/5d41402abc4b/app.js", IMMUTABLE),
        ("/0123456789ab/index.html", SHORT),
        ("/0123456789ab/settings.json", SHORT),
        ("/0123456789ab/favicon.svg", SHORT),
        ("/0123456789ab/assets/x", SHORT),
    ],
)
def test_a_file_is_kept_as_long_as_its_name_stands_for_its_content(status: str, uri: str, lasts: str) -> None:
    answer = ask("page", status, uri, cache_control="max-age=5")
    assert (answer["status"], header(answer, "cache-control")) == (status, lasts)
    assert "body" not in answer


def test_a_page_tells_the_viewer_response_whom_it_may_talk_to_and_for_whom_it_was_fetched() -> None:
    answer = ask("page")
    assert header(answer, "x-connect") == "https://dragons-unit.auth.eu-west-1.amazoncognito.com"
    assert header(answer, "x-served-for") == "b7Qk3-exampleRequest_Id0aZ9y8X7w6V5u4T3s2R1q0P=="


def test_an_asset_which_passes_no_viewer_response_tells_nothing() -> None:
    assert not {"x-connect", "x-served-for"} & ask("asset")["headers"].keys()


@pytest.mark.parametrize("name", ["page", "asset"])
def test_a_file_says_nothing_of_its_bucket_and_keeps_what_a_viewer_needs(name: str) -> None:
    headers = ask(name)["headers"]
    assert not [each for each in headers if each == "server" or each.startswith("x-amz")]
    assert {
        "content-type",
        "content-length",
        "etag",
        "last-modified",
        "accept-ranges",
        "date",
    } <= headers.keys()


@pytest.mark.parametrize(
    ("status", "shown"),
    [
        ("403", 404),
        ("404", 404),
        ("412", 412),
        ("416", 416),
        ("500", 502),
        ("501", 502),
        ("503", 503),
        ("504", 502),
        ("301", 502),
        ("307", 502),
        ("400", 502),
        ("405", 502),
        ("204", 502),
    ],
)
def test_an_error_of_the_bucket_is_a_page_with_the_status_that_people_know(status: str, shown: int) -> None:
    answer = ask("missing", status, location="https://dragons-unit-123456789012-site.s3.amazonaws.com/")
    assert answer["status"] == str(shown)
    assert answer["statusDescription"] == HTTPStatus(shown).phrase
    assert header(answer, "cache-control") == "no-store"
    assert header(answer, "content-type") == "text/html; charset=utf-8"
    assert answer["body"].startswith("<!doctype html>")
    assert answer["bodyEncoding"] == "text"
    assert "s3" not in json.dumps(answer).lower()
    assert "x-amz" not in json.dumps(answer).lower()


def test_an_error_keeps_what_no_function_may_touch_and_no_other_header() -> None:
    answer = ask("missing", via="1.1 a.cloudfront.net", content_encoding="gzip", set_cookie="a=b")
    assert answer["headers"].keys() == {"cache-control", "content-type", "date", "transfer-encoding", "via"}
    assert header(answer, "transfer-encoding") == "chunked"


@pytest.mark.parametrize("uri", ["/0123456789ab/<script>", "/assets/<script>/app.js"])
def test_a_page_for_an_error_repeats_nothing_of_the_request(uri: str) -> None:
    assert ask("missing", uri=uri) == ask("missing")


def test_what_an_api_answers_to_somebody_is_kept_by_nobody() -> None:
    assert header(ask("api"), "cache-control") == "private, no-store"


@pytest.mark.parametrize(
    ("method", "authorized", "kept"),
    [
        ("GET", False, None),
        ("HEAD", False, None),
        ("OPTIONS", False, "private, no-store"),
        ("POST", False, "private, no-store"),
        ("GET", True, "private, no-store"),
    ],
)
def test_an_api_that_says_nothing_of_caching(method: str, authorized: bool, kept: str | None) -> None:
    event = json.loads((FIXTURES / "api.json").read_text())
    request = event["Records"][0]["cf"]["request"]
    request["method"] = method
    if not authorized:
        del request["headers"]["authorization"]
    assert header(handler(event, None), "cache-control") == kept


@pytest.mark.parametrize("status", ["200", "202", "400", "403", "404", "409", "429", "500", "502", "504"])
def test_an_api_speaks_for_itself(status: str) -> None:
    event = json.loads((FIXTURES / "api.json").read_text())
    response = event["Records"][0]["cf"]["response"]
    response |= {"status": status}
    response["headers"]["cache-control"] = [{"key": "Cache-Control", "value": "max-age=5"}]
    assert handler(event, None) == response


@given(edge.origin_responses())
def test_no_error_is_kept_and_no_private_answer_is(event: dict[str, Any]) -> None:
    cf = event["Records"][0]["cf"]
    answer = handler(event, None)
    lasts = header(answer, "cache-control") or ""
    if "s3" in cf["request"]["origin"]:
        assert (lasts == "no-store") == (answer["status"] not in ("200", "206", "304"))
    elif "cache-control" not in cf["response"]["headers"] and "authorization" in cf["request"]["headers"]:
        assert lasts == "private, no-store"
