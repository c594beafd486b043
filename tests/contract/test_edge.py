"""The functions at the edge keep CloudFront's rules, and what two of them have to agree on is the same."""

import base64
import hashlib
import importlib
import json
import re
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.edge_rules import problems
from edge_origin_request.origin_path import origin_path
from edge_origin_response.page import page
from edge_viewer_request import answers, query, release
from edge_viewer_response import release as remembering
from edge_viewer_response import security
from support import edge

ROOT = Path(__file__).parents[2]
EVENTS = ROOT / "tests" / "fixtures" / "events"
FIXTURES = sorted(EVENTS.glob("edge_*/*.json"))
GENERATED: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "edge_viewer_request": edge.viewer_requests,
    "edge_origin_request": edge.origin_requests(),
    "edge_origin_response": edge.origin_responses(),
    "edge_viewer_response": edge.viewer_responses(),
}
PAGES = [HTTPStatus.NOT_FOUND, HTTPStatus.PRECONDITION_FAILED, HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE]
PAGES += [HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE]


def answer(function: str, event: Any) -> Any:
    return importlib.import_module(f"{function}.handler").handler(event, None)


def test_every_function_at_the_edge_is_looked_at() -> None:
    assert {path.parent.name for path in (ROOT / "functions").glob("*/edge.txt")} == GENERATED.keys()
    assert {path.parent.name for path in FIXTURES} == GENERATED.keys()


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_documented_event_is_answered_within_the_rules(path: Path) -> None:
    text = path.read_text()
    event = json.loads(text)
    assert event["Records"][0]["cf"]["config"]["eventType"].replace("-", "_") in path.parent.name
    assert problems(event, answer(path.parent.name, event)) == []
    assert event == json.loads(text), "the event is left as it came"


@pytest.mark.parametrize("function", GENERATED)
@given(data=st.data())
def test_any_event_is_answered_within_the_rules(function: str, data: st.DataObject) -> None:
    event = data.draw(GENERATED[function])
    assert problems(event, answer(function, event)) == []


def _value(text: str, key: str = "x-a") -> list[dict[str, str]]:
    return [{"key": key, "value": text}]


REQUEST = "edge_viewer_request/page"
RESPONSE = "edge_viewer_response/page"
MISSING = "edge_origin_response/missing"


@pytest.mark.parametrize(
    ("fixture", "change", "found"),
    [
        (REQUEST, {"uri": "charts"}, "'charts' is no path"),
        (REQUEST, {"uri": "/a b"}, "'/a b' is no path"),
        (REQUEST, {"uri": "/a?b"}, "'/a?b' is no path"),
        (REQUEST, {"querystring": "a\r\nb"}, "is no query"),
        (REQUEST, {"querystring": "a" * 8192}, "the address is too long"),
        (REQUEST, {"method": "POST"}, "the method, is another"),
        (REQUEST, {"extra": 1}, "the fields are"),
        (REQUEST, {"headers": {}}, "host is read-only"),
        (REQUEST, {"headers": {"X-A": _value("b", "X-A")}}, "'X-A' is no name"),
        (REQUEST, {"headers": {"x-edge-a": _value("b", "x-edge-a")}}, "x-edge-a is disallowed"),
        (REQUEST, {"headers": {"x-a": _value("b\r\nc")}}, "x-a has {"),
        (REQUEST, {"headers": {"x-a": _value("b", "x-b")}}, "x-a has {"),
        (REQUEST, {"headers": {"x-a": [{"key": "x-a", "value": 1}]}}, "x-a has {"),
        (REQUEST, {"headers": {"x-a": "b"}}, "x-a has no values"),
        (REQUEST, {"headers": {"x-a": []}}, "x-a has no values"),
        (REQUEST, {"headers": None}, "there are no headers"),
        (REQUEST, {"status": "400", "body": "a" * 40 * 1024}, "it is longer than 40960 bytes"),
        (RESPONSE, {"status": "404"}, "the status is another"),
        (RESPONSE, {"body": ""}, "there is a body"),
        (RESPONSE, {"headers": {}}, "content-length is read-only"),
        (MISSING, {"status": "ok"}, "'ok' is no status"),
        (MISSING, {"status": "99"}, "'99' is no status"),
        (MISSING, {"body": "", "bodyEncoding": "gzip"}, "'gzip' encodes no body"),
        (MISSING, {"headers": {}}, "transfer-encoding is read-only"),
    ],
)
def test_an_answer_that_breaks_a_rule_is_told(fixture: str, change: dict[str, Any], found: str) -> None:
    event = json.loads((EVENTS / f"{fixture}.json").read_text())
    cf = event["Records"][0]["cf"]
    broken = cf.get("response", cf["request"]) | change
    assert any(found in each for each in problems(event, broken)), problems(event, broken)


@pytest.mark.parametrize("nonsense", [None, "page", [], {1: 2}])
def test_nonsense_is_told(nonsense: Any) -> None:
    event = json.loads((EVENTS / f"{REQUEST}.json").read_text())
    assert problems(event, nonsense) == ["the answer is no object of JSON"]


def test_a_response_is_no_place_for_a_request() -> None:
    event = json.loads((EVENTS / f"{RESPONSE}.json").read_text())
    request = event["Records"][0]["cf"]["request"]
    assert "a request is no answer to viewer-response" in problems(event, request)


def style_hash(html: str) -> str:
    [style] = re.findall("<style>(.*?)</style>", html, re.DOTALL)
    return f"sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}"


@pytest.mark.parametrize("html", [*map(page, PAGES), answers.refusal()["body"]])
def test_the_policies_let_in_the_style_of_the_small_pages_and_nothing_else_in_line(html: str) -> None:
    found = style_hash(html)
    assert found == answers.STYLE_HASH
    assert [found] == [*security.STYLE_HASHES]
    assert not re.search(r"<script|\son\w+=|style=|https?:", html)


def test_the_policy_of_an_answer_at_once_is_no_wider() -> None:
    [told] = answers.refusal()["headers"]["content-security-policy"]
    ours = dict(each.split(" ", 1) for each in told["value"].split("; "))
    others = dict(each.split(" ", 1) for each in security.content_security_policy("").split("; "))
    assert ours.keys() <= others.keys()
    assert all(set(values.split()) <= set(others[name].split()) for name, values in ours.items())


def test_the_functions_mean_the_same_header_and_the_same_releases() -> None:
    """What one writes, the next one reads; each zip has its own folder alone."""
    headers = release.headers_with_release({}, "next")
    assert remembering.chosen({"headers": headers, "querystring": ""})
    assert remembering.served({"headers": headers}) == "next"
    told = json.loads((EVENTS / "edge_origin_request/page.json").read_text())["Records"][0]["cf"]["request"]
    told["headers"] = headers
    path = origin_path(told)
    assert path.startswith(f"/{told['origin']['s3']['customHeaders']['x-folder-next'][0]['value']}/")
    cookie = remembering.cookie("next").partition(";")[0]
    remembered = release.headers_with_release({"cookie": [{"key": "Cookie", "value": cookie}]}, None)
    assert remembered[release.HEADER][0]["value"] == query.RELEASES[1]
    left = remembering.cookie("live").partition(";")[0]
    forgotten = release.headers_with_release({"cookie": [{"key": "Cookie", "value": left}]}, None)
    assert forgotten[release.HEADER][0]["value"] == query.RELEASES[0]


def test_the_viewer_response_takes_off_what_the_origin_response_tells_it() -> None:
    event = json.loads((EVENTS / "edge_origin_response/page.json").read_text())
    cf = event["Records"][0]["cf"]
    came = cf["response"]["headers"].keys()
    kept = answer("edge_origin_response", event)
    assert kept["headers"].keys() - came == {"cache-control", "x-connect", "x-served-for"}
    cf |= {"response": kept, "config": cf["config"] | {"eventType": "viewer-response"}}
    served = answer("edge_viewer_response", event)
    assert not {"x-connect", "x-served-for"} & served["headers"].keys()
    [policy] = served["headers"]["content-security-policy"]
    assert f"connect-src 'self' {kept['headers']['x-connect'][0]['value']};" in policy["value"]
    assert "cdn-cache;desc=MISS" in served["headers"]["server-timing"][0]["value"]


def test_terraform_says_the_same_where_the_function_is_not_called() -> None:
    """CloudFront calls no viewer response for an origin's errors: a response headers policy stands for it."""
    text = (ROOT / "terraform/system/edge/policies.tf").read_text()
    [style] = re.findall(r"small_page_style = \"'(.*?)'\"", text)
    [directives] = re.findall(r"content_security_policy = join\(\"; \", \[\n(.*?)\n  \]\)", text, re.DOTALL)
    said = "; ".join(re.findall(r'"(.*)",', directives))
    filled = said.replace("${local.small_page_style}", f"'{style}'").replace(
        "${local.connect}", "https://sign-in.example"
    )
    ours = security.security_headers("https://sign-in.example")
    assert filled == ours["content-security-policy"]
    assert re.findall(r"access_control_max_age_sec = (\d+)", text) == [
        ours["strict-transport-security"].split("=")[1]
    ]
    assert ours["permissions-policy"] in text
    assert re.findall(r'frame_option = "(\w+)"', text) == [ours["x-frame-options"]]
    assert re.findall(r'referrer_policy = "([\w-]+)"', text) == [ours["referrer-policy"]]
