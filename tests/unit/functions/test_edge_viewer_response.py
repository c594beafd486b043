"""What browsers are to enforce, and the tester's cookie."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_viewer_response.handler import handler
from edge_viewer_response.security import content_security_policy
from support import edge

FIXTURES = Path(__file__).parents[2] / "fixtures/events/edge_viewer_response"
HOSTED_UI = "https://dragons-unit.auth.eu-west-1.amazoncognito.com"


def ask(name: str, request: dict[str, Any] | None = None, **headers: str | None) -> dict[str, Any]:
    """Answer a fixture's event, with another request or other headers of the response."""
    event = json.loads((FIXTURES / f"{name}.json").read_text())
    cf = event["Records"][0]["cf"]
    cf["request"] |= request or {}
    for key, value in headers.items():
        header = key.replace("_", "-")
        cf["response"]["headers"].pop(header, None)
        if value is not None:
            cf["response"]["headers"][header] = [{"key": header, "value": value}]
    return handler(event, None)


def values(answer: dict[str, Any], name: str) -> list[str]:
    return [each["value"] for each in answer["headers"].get(name, [])]


def directives(policy: str) -> dict[str, list[str]]:
    return {
        name: sources.split() for name, _, sources in (each.partition(" ") for each in policy.split("; "))
    }


def test_a_page_may_load_its_own_files_and_talk_to_the_hosted_ui_alone() -> None:
    [policy] = values(ask("page"), "content-security-policy")
    found = directives(policy)
    assert found["default-src"] == ["'none'"]
    assert found["script-src"] == found["img-src"] == found["font-src"] == ["'self'"]
    assert found["connect-src"] == ["'self'", HOSTED_UI]
    assert found["base-uri"] == found["frame-ancestors"] == ["'none'"]
    assert "unsafe" not in policy
    assert "*" not in policy


@pytest.mark.parametrize(
    ("connect", "let_in"),
    [
        (HOSTED_UI, True),
        ("http://127.0.0.1:4566", True),
        ("http://localhost:4566", True),
        ("", False),
        ("*", False),
        ("https:", False),
        ("https://a.example/path", False),
        ("https://a.example; script-src *", False),
        ("https://a.example\r\nset-cookie: a=b", False),
        ("https://a.example\n", False),
        ("https://*.example", False),
        ("'unsafe-inline'", False),
    ],
)
def test_only_an_origin_is_let_in_beside_the_site(connect: str, let_in: bool) -> None:
    found = directives(content_security_policy(connect))
    assert found["connect-src"] == ["'self'", *([connect] if let_in else [])]


@given(st.text())
def test_no_text_widens_the_policy(connect: str) -> None:
    policy = content_security_policy(connect)
    assert policy.isprintable()
    narrow, found = directives(content_security_policy("")), directives(policy)
    assert {**found, "connect-src": []} == {**narrow, "connect-src": []}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("strict-transport-security", "max-age=31536000"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ],
)
@pytest.mark.parametrize("name_of_event", ["page", "chosen", "left"])
def test_every_page_says_it_once_whatever_the_origin_said(name_of_event: str, name: str, value: str) -> None:
    told: dict[str, Any] = {name.replace("-", "_"): "other"}
    assert values(ask(name_of_event, **told), name) == [value]


def test_what_was_told_between_functions_is_told_no_further() -> None:
    assert not {"x-connect", "x-served-for"} & ask("page")["headers"].keys()


def test_status_and_the_other_headers_stay() -> None:
    event = json.loads((FIXTURES / "page.json").read_text())
    response = event["Records"][0]["cf"]["response"]
    answer = ask("page")
    assert (answer["status"], answer["statusDescription"]) == ("200", "OK")
    for name in response["headers"].keys() - {"x-connect", "x-served-for"}:
        assert answer["headers"][name] == response["headers"][name]


ATTRIBUTES = "Path=/; Secure; HttpOnly; SameSite=Lax"


def test_a_tester_is_remembered_and_forgotten() -> None:
    assert values(ask("chosen"), "set-cookie") == [f"release=next; {ATTRIBUTES}"]
    assert values(ask("left"), "set-cookie") == [f"release=; {ATTRIBUTES}; Max-Age=0"]
    assert values(ask("page"), "set-cookie") == []


@pytest.mark.parametrize(
    ("query", "cookie"),
    [
        ("release=next", f"release=next; {ATTRIBUTES}"),
        ("a=1&releas%65=next", f"release=next; {ATTRIBUTES}"),
        ("release=live", f"release=; {ATTRIBUTES}; Max-Age=0"),
        ("release=other", None),
        ("release=next%0d%0aset-cookie:a=b", None),
        ("prerelease=next", None),
        ("", None),
    ],
)
def test_where_the_viewers_own_request_is_shown_its_query_tells(query: str, cookie: str | None) -> None:
    answer = ask("page", {"querystring": query, "headers": {}})
    assert values(answer, "set-cookie") == ([cookie] if cookie else [])


def test_what_the_viewer_request_told_counts_over_the_query() -> None:
    answer = ask("chosen", {"querystring": "release=live"})
    assert values(answer, "set-cookie") == [f"release=next; {ATTRIBUTES}"]


def test_cookies_and_timings_of_the_origin_stay_beside_ours() -> None:
    answer = ask("chosen", set_cookie="a=b", server_timing="db;dur=3")
    assert values(answer, "set-cookie") == ["a=b", f"release=next; {ATTRIBUTES}"]
    assert values(answer, "server-timing") == ["db;dur=3", "cdn-cache;desc=HIT, release;desc=next"]


@pytest.mark.parametrize(
    ("name", "timing"),
    [
        ("page", ["cdn-cache;desc=MISS, release;desc=live"]),
        ("chosen", ["cdn-cache;desc=HIT, release;desc=next"]),
        ("left", ["cdn-cache;desc=HIT"]),
    ],
)
def test_a_page_says_whether_it_was_kept_and_of_which_release_it_is(name: str, timing: list[str]) -> None:
    assert values(ask(name), "server-timing") == timing


def test_what_is_not_known_is_not_said() -> None:
    assert values(ask("page", {"headers": {}}, x_served_for=None), "server-timing") == []


@given(edge.viewer_responses())
def test_whoever_asks_can_add_to_no_header(event: dict[str, Any]) -> None:
    answer = handler(event, None)
    came = event["Records"][0]["cf"]["response"]["headers"]
    [policy] = values(answer, "content-security-policy")
    assert directives(policy)["script-src"] == ["'self'"]
    added = [
        each for each in answer["headers"].get("set-cookie", []) if each not in came.get("set-cookie", [])
    ]
    assert all(each["value"].endswith((ATTRIBUTES, "Max-Age=0")) for each in added)
    assert len(added) <= 1
