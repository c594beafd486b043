"""What viewers may send: long, twice, in parts, in any order, or in another's name."""

import random
from collections.abc import Callable
from typing import Any

import pytest

from support.system import page_of

Ask = Callable[..., Any]

FORTY = [f"p{number:02}={number}" for number in range(40)]


@pytest.mark.parametrize(
    "target", [f"/charts?a={'b' * 9000}", f"/{'a' * 9000}", f"/api/dragons?a={'b' * 9000}"]
)
def test_an_address_of_nine_kilobytes_is_refused(ask_raw: Ask, target: str) -> None:
    assert ask_raw(target).status in (413, 414)


def test_a_query_as_long_as_it_may_be_is_served_and_sent_on(ask_raw: Ask, ask: Ask) -> None:
    quotes = '"' * 8_000  # each is three characters in a location
    assert ask_raw(f"/charts?{quotes}").status == 200
    answer = ask_raw(f"/CHARTS?{quotes}")
    assert (answer.status, answer.headers["Location"]) == (301, f"/charts?{'%22' * 8_000}")
    assert ask(f"/api/dragons?family={'b' * 8_000}").json() == {"dragons": []}


def test_forty_parameters_reach_the_api_in_any_order(ask: Ask) -> None:
    named = set()
    for query in (FORTY, FORTY[::-1], random.sample(FORTY, len(FORTY))):
        answer = ask(f"/api/dragons?{'&'.join(query)}")
        assert answer.status_code == 400
        named.add(tuple(sorted(error["field"] for error in answer.json()["errors"])))
    assert len(named) == 1
    assert named.pop()[0] == "p00"


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("limit=2&family=red", 200),
        ("family=red&limit=2", 200),
        ("family=red&family=blue", 400),
        ("family=r%65d&limit=1&release=next", 200),
        ("family=a%26b%3Dc&limit=1", 200),
        ("dragonName=%C3%A9%2B%2F", 200),
        ("family=%0d%0aX-Injected:%201", 200),
        ("colour=red", 400),
    ],
)
def test_an_api_is_asked_what_the_viewer_asks(ask: Ask, api: Any, query: str, status: int) -> None:
    through = ask(f"/api/dragons?{query}")
    assert through.status_code == status
    assert page_of(through) == page_of(api.get(f"/dragons?{query.replace('&release=next', '')}"))
    assert "X-Injected" not in through.headers


def test_the_upstream_of_partners_gets_the_query_sorted_and_as_it_came(
    ask: Ask, partners_url: str, bearer: dict[str, str]
) -> None:
    del partners_url  # there is one
    query = "y=%26&x=2&a%20b=c+d&x=1&" + "&".join(FORTY[::-1])
    seen = ask(f"/http/partners/orders/a%20b?{query}", headers=bearer).json()
    assert seen["query"] == f"a%20b=c+d&{'&'.join(FORTY)}&x=1&x=2&y=%26"
    assert seen["path"].endswith(("/orders/a b", "/orders/a%20b"))


def test_the_upstream_of_partners_is_told_the_release_by_the_edge_alone(
    ask_raw: Ask, partners_url: str, bearer: dict[str, str]
) -> None:
    del partners_url
    token = f"Authorization: {bearer['Authorization']}"
    for lines, release in (
        (["X-Release: next", "x-release: next", "X-Release-Choice: next"], b'"live"'),
        (["Cookie: release=next"], b'"next"'),
    ):
        answer = ask_raw("/http/partners/orders?release=next", token, *lines)
        assert answer.status == 200
        assert b'"x-release": ' + release in answer.body.lower()
        assert b"x-release-choice" not in answer.body.lower()


@pytest.mark.parametrize(
    "lines",
    [
        ["X-Forwarded-For: 1.2.3.4", "X-Forwarded-For: 5.6.7.8"],
        ["Cookie: theme=dark", "Cookie: release=nonsense", "Cookie: " + "; ".join(FORTY)],
        [
            "X-Amz-Security-Token: a",
            "X-Amz-Security-Token: b",
            "Authorization: AWS4-HMAC-SHA256 Credential=x",
        ],
        ["X-Folder-Live: 0123456789ab", "X-Connect: https://evil.example", "X-Prefix: /charts"],
        ["X-Http-Method-Override: DELETE", "X-Original-Url: /settings.json", "Forwarded: host=evil.example"],
        ["Origin: https://evil.example", "Referer: https://evil.example/"],
    ],
    ids=lambda lines: lines[0].partition(":")[0],
)
def test_headers_of_a_viewer_change_no_page(ask_raw: Ask, ask: Ask, lines: list[str]) -> None:
    usual, answer = ask("/charts"), ask_raw("/charts", *lines)
    assert (answer.status, answer.body) == (200, usual.content)
    assert answer.headers["Content-Security-Policy"] == usual.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in answer.headers


def test_two_tokens_in_one_request_are_no_token(ask_raw: Ask, bearer: dict[str, str]) -> None:
    token = f"Authorization: {bearer['Authorization']}"
    assert ask_raw("/http/dragons?limit=1", token).status == 200
    assert ask_raw("/http/dragons?limit=1", token, "Authorization: Bearer a.b.c").status in (400, 401)
    assert ask_raw("/http/dragons?limit=1", "Authorization: Bearer a.b.c", token).status in (400, 401)


@pytest.mark.parametrize("which", ["page", "asset"])
def test_a_part_is_served_of_what_is_kept_and_of_what_is_not(ask: Ask, asset: str, which: str) -> None:
    path = asset if which == "asset" else "/charts"
    whole = ask(path, headers={"Accept-Encoding": "identity"}).content
    for asked, expected in (("bytes=0-9", whole[:10]), ("bytes=-5", whole[-5:])):
        answer = ask(path, headers={"Range": asked, "Accept-Encoding": "identity"})
        assert (answer.status_code, answer.content) == (206, expected)
        assert answer.headers["Content-Range"].endswith(f"/{len(whole)}")
        assert "x-amz-request-id" not in answer.headers
    beyond = ask(path, headers={"Range": f"bytes={len(whole)}-", "Accept-Encoding": "identity"})
    assert beyond.status_code == 416
    assert b"<Error>" not in beyond.content


@pytest.mark.parametrize("path", ["/", "/charts", "/no/such/page", "/CHARTS", "/a/../b"])
def test_head_is_get_without_a_body(ask_raw: Ask, path: str) -> None:
    got, answer = ask_raw(path), ask_raw(path, method="HEAD")
    assert (answer.status, answer.body) == (got.status, b"")
    for name in ("Content-Type", "Content-Security-Policy", "Cache-Control", "Location"):
        assert answer.headers[name] == got.headers[name]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_a_page_can_only_be_read(ask: Ask, method: str) -> None:
    answer = ask("/charts", method, data=b"a=b" if method != "TRACE" else None)
    assert answer.status_code in (403, 405)
    assert "Hit" not in answer.headers.get("X-Cache", "")
