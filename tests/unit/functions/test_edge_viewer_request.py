"""One address and one query for one thing, and the release of whoever asks."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_viewer_request.handler import handler
from edge_viewer_request.paths import canonical_page, is_refused
from edge_viewer_request.query import sorted_query
from support import edge

FIXTURES = Path(__file__).parents[2] / "fixtures/events/edge_viewer_request"


def fixture(name: str) -> Any:
    return handler(json.loads((FIXTURES / f"{name}.json").read_text()), None)


def ask(uri: str, query: str = "", **headers: str) -> dict[str, Any]:
    return handler(edge.viewer_request(uri, query, **headers), None)


def header(answer: dict[str, Any], name: str) -> str | None:
    values = answer["headers"].get(name)
    return values[0]["value"] if values else None


@pytest.mark.parametrize(
    "page",
    ["/", "/callback", "/charts", "/report", "/reviews", "/version", "/reports/6f1c-Ab_9"],
)
def test_a_deep_link_is_the_one_page_without_its_query(page: str) -> None:
    answer = ask(page, "code=a1&state=b2")
    assert (answer["uri"], answer["querystring"]) == ("/index.html", "")


@pytest.mark.parametrize(
    ("uri", "location"),
    [
        ("/Charts", "/charts"),
        ("/charts/", "/charts"),
        ("//charts", "/charts"),
        ("/charts//", "/charts"),
        ("/index.html", "/"),
        ("/INDEX.HTML", "/"),
        ("//", "/"),
        ("/charts/index.html", "/charts"),
        ("/Reports/Ab_9/", "/reports/Ab_9"),
        ("//reports//Ab_9", "/reports/Ab_9"),
    ],
)
def test_another_way_to_write_a_page_leads_to_it_for_good(uri: str, location: str) -> None:
    answer = ask(uri)
    assert (answer["status"], header(answer, "location")) == ("301", location)
    assert "body" not in answer


def test_a_redirect_keeps_the_query_which_the_page_may_need() -> None:
    assert header(fixture("redirect"), "location") == "/callback?code=a1b2&state=c3%2Fd4"


@pytest.mark.parametrize(
    "uri",
    [
        "/reports",
        "/reports/",
        "/reports/a/b",
        "/reports/a.b",
        "/reports/" + "a" * 81,
        "/chartz",
        "/charts/2",
        "/Assets/x.js",
        "/settings.json",
        "//evil.example",
        "//evil.example/charts",
        "/api",
        "/API/dragons",
        "/.well-known/security.txt",
    ],
)
def test_any_other_path_goes_on_as_it_is(uri: str) -> None:
    answer = ask(uri, "utm_source=mail")
    assert (answer["uri"], answer["querystring"]) == (uri, "")


@pytest.mark.parametrize(
    "uri",
    [
        "/..",
        "/../settings.json",
        "/assets/../settings.json",
        "/assets/%2e%2E/settings.json",
        "/assets/.%2e/settings.json",
        "/charts/.",
        "/reports/a%2Fb",
        "/reports/a%5cb",
        "/reports/a\\b",
        "/charts%00",
        "/charts%0d%0aset-cookie:a=b",
        "/charts\r\nset-cookie:a=b",
        "/charts%7F",
        "/a b",
        "/charts%",
        "/charts%2",
        "/charts%zz",
        "/api/dragons/%2e%2e/%2e%2e",
        "charts",
        "",
    ],
)
def test_a_path_that_may_mean_another_is_refused(uri: str) -> None:
    answer = ask(uri)
    assert (answer["status"], header(answer, "cache-control")) == ("400", "no-store")
    assert header(answer, "content-type") == "text/html; charset=utf-8"
    assert "<h1>This is not an address</h1>" in answer["body"]
    assert "location" not in answer["headers"]


def test_a_refusal_repeats_nothing_of_the_request() -> None:
    assert fixture("refused") == ask("/..", "<script>", cookie="<script>")


def test_an_answer_at_once_brings_what_browsers_are_to_enforce() -> None:
    assert header(ask("/charts/"), "strict-transport-security")
    refused = ask("/..")
    for name in ("strict-transport-security", "content-security-policy", "x-content-type-options"):
        assert header(refused, name)
    assert header(refused, "x-frame-options") == "DENY"


def test_an_api_gets_its_parameters_in_order_and_as_they_came() -> None:
    answer = fixture("api")
    assert answer["uri"] == "/api/dragons"
    assert answer["querystring"] == "dragonName=a%20b%2Bc&family=red&limit=2"
    assert header(answer, "authorization") == "Bearer example"
    assert header(answer, "x-release") == "live", "a viewer's own word does not count"
    assert header(answer, "x-release-choice") is None


@pytest.mark.parametrize(
    ("query", "sorted_"),
    [
        ("", ""),
        ("b=2&a=1", "a=1&b=2"),
        ("a=2&a=1", "a=1&a=2"),
        ("a=%31&a=0", "a=0&a=%31"),
        ("%61=2&a=1", "a=1&%61=2"),
        ("a+b=1&a%20b=0", "a%20b=0&a+b=1"),
        ("colour=red&flag&empty=", "colour=red&empty=&flag"),
        ("a=1&&b=2&", "a=1&b=2"),
        ("a=b=c&a=b", "a=b&a=b=c"),
        ("release=next&a=1&releas%65=live&Release=x", "Release=x&a=1"),
        ("a=%zz&a=%ff", "a=%zz&a=%ff"),
    ],
)
def test_a_query_is_sorted_by_name_and_then_by_value(query: str, sorted_: str) -> None:
    assert sorted_query(query) == sorted_


@given(edge.queries)
def test_sorting_loses_no_parameter_and_changes_none(query: str) -> None:
    before = [each for each in parse_qsl(query, keep_blank_values=True) if each[0] != "release"]
    after = parse_qsl(sorted_query(query), keep_blank_values=True)
    assert sorted(before) == sorted(after)
    assert {each for each in sorted_query(query).split("&") if each} <= set(query.split("&"))


@given(edge.queries, st.randoms())
def test_the_order_of_parameters_makes_no_other_key(query: str, shuffle: Any) -> None:
    parameters = query.split("&")
    shuffle.shuffle(parameters)
    assert sorted_query("&".join(parameters)) == sorted_query(query)
    assert sorted_query(sorted_query(query)) == sorted_query(query)


@given(edge.paths, edge.queries)
def test_a_redirect_leads_to_a_page_of_this_site_and_no_further(uri: str, query: str) -> None:
    answer = ask(uri, query)
    if answer.get("status") != "301":
        return
    location = header(answer, "location")
    assert location is not None
    assert location.startswith("/")
    assert not location.startswith("//")
    assert location.isascii()
    assert location.isprintable()
    assert " " not in location
    path, _, rest = location.partition("?")
    again = ask(path, rest)
    assert again["uri"] == "/index.html", "one redirect is enough"


@given(edge.paths, edge.queries)
def test_what_goes_on_is_what_would_go_on_again(uri: str, query: str) -> None:
    answer = ask(uri, query)
    if "status" in answer:
        return
    if answer["uri"] == "/index.html":
        assert canonical_page(uri) == uri
    else:
        again = ask(answer["uri"], answer["querystring"])
        assert (again["uri"], again["querystring"]) == (answer["uri"], answer["querystring"])


@given(edge.paths)
def test_what_passes_names_nothing_above_itself(uri: str) -> None:
    answer = ask(uri)
    assert ("status" in answer and answer["status"] == "400") == is_refused(uri)
    if "status" not in answer:
        assert not {".", ".."} & set(answer["uri"].lower().replace("%2e", ".").split("/"))


@pytest.mark.parametrize(
    ("cookies", "release"),
    [
        ([], "live"),
        (["release=next"], "next"),
        (["theme=dark; release=next"], "next"),
        (["theme=dark", "release=next; lang=pl"], "next"),
        (["release=live"], "live"),
        (["release="], "live"),
        (["release=NEXT"], "live"),
        (["Release=next"], "live"),
        (["prerelease=next"], "live"),
        (["theme=release=next"], "live"),
        (["release=next; release=live"], "next"),
        (["release=live; release=next"], "live"),
        (["release"], "live"),
        ([";;"], "live"),
    ],
)
def test_the_cookie_decides_on_the_release(cookies: list[str], release: str) -> None:
    event = edge.viewer_request("/charts")
    event["Records"][0]["cf"]["request"]["headers"]["cookie"] = [
        {"key": "Cookie", "value": each} for each in cookies
    ]
    answer = handler(event, None)
    assert answer["headers"]["x-release"] == [{"key": "x-release", "value": release}]
    assert "x-release-choice" not in answer["headers"]


@pytest.mark.parametrize(
    ("query", "cookie", "release", "choice"),
    [
        ("release=next", "", "next", "next"),
        ("release=live", "release=next", "live", "live"),
        ("a=1&release=next", "", "next", "next"),
        ("releas%65=nex%74", "", "next", "next"),
        ("release=other", "release=next", "next", None),
        ("release=other&release=next", "", "next", "next"),
        ("release=next%0d%0aset-cookie:a=b", "", "live", None),
        ("Release=next", "", "live", None),
    ],
)
def test_what_the_query_asks_for_counts_over_the_cookie(
    query: str, cookie: str, release: str, choice: str | None
) -> None:
    answer = ask("/charts", query, cookie=cookie)
    assert (header(answer, "x-release"), header(answer, "x-release-choice")) == (release, choice)


@pytest.mark.parametrize("uri", ["/settings.json", "/api/dragons", "/http/reviews"])
def test_only_a_page_asks_for_a_release(uri: str) -> None:
    answer = ask(uri, "release=next")
    assert (header(answer, "x-release"), header(answer, "x-release-choice")) == ("live", None)
    assert answer["querystring"] == ""


@given(
    st.sampled_from(["/charts", "/settings.json", "/api/dragons"]), edge.queries, edge.cookies, edge.cookies
)
def test_a_viewers_own_word_for_the_release_never_counts(
    uri: str, query: str, cookie: str, word: str
) -> None:
    plain = ask(uri, query, cookie=cookie)
    told = ask(uri, query, cookie=cookie, x_release=word, x_release_choice=word)
    assert told == plain
    assert header(plain, "x-release") in ("live", "next")


def test_other_headers_go_on_as_they_came() -> None:
    event = json.loads((FIXTURES / "tester.json").read_text())
    before = event["Records"][0]["cf"]["request"]["headers"]
    answer = handler(event, None)
    assert {name: values for name, values in answer["headers"].items() if name != "x-release"} == before
    assert header(answer, "x-release") == "next"
