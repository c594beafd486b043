"""What browsers are told to enforce, on whatever they get; and what they are not told."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

Ask = Callable[..., Any]

ENFORCED = {
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
}
TOLD_BY_THE_EDGE = {"x-amz-cf-pop", "x-amz-cf-id"}


@pytest.fixture(params=["a page", "a deep link", "an asset", "settings", "an error", "an asset's error"])
def answer(request: pytest.FixtureRequest, ask: Ask, asset: str) -> Any:
    """An answer of the site, which CloudFront treats differently."""
    paths = {
        "a page": "/",
        "a deep link": "/reports/some-report",
        "an asset": asset,
        "settings": "/settings.json",
        "an error": "/no/such/page",
        "an asset's error": "/assets/none/main.js",
    }
    return ask(paths[request.param])


def test_every_answer_of_the_site_says_what_to_enforce(answer: Any, outputs: dict[str, Any]) -> None:
    assert {name: answer.headers[name] for name in ENFORCED} == ENFORCED
    assert "camera=()" in answer.headers["Permissions-Policy"]
    policy = dict(each.split(" ", 1) for each in answer.headers["Content-Security-Policy"].split("; "))
    sign_in = urlsplit(outputs["hosted_ui_url"])
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["img-src"] == "'self'"
    assert policy["connect-src"] == f"'self' {sign_in.scheme}://{sign_in.netloc}"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_nothing_says_where_the_site_is_kept(answer: Any) -> None:
    names = {name.lower() for name in answer.headers}
    assert {name for name in names if name.startswith("x-amz-")} <= TOLD_BY_THE_EDGE
    assert names.isdisjoint({"x-connect", "x-served-for", "x-release", "x-release-choice", "set-cookie"})
    assert answer.headers.get("Server") != "AmazonS3"


def test_an_answer_of_the_edge_itself_says_it_too(ask_raw: Ask) -> None:
    redirect, refusal = ask_raw("/CHARTS"), ask_raw("/a/../b")
    assert redirect.headers["Strict-Transport-Security"] == ENFORCED["Strict-Transport-Security"]
    assert {name: refusal.headers[name] for name in ENFORCED} == ENFORCED
    policy = refusal.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "'sha256-" in policy  # of the page's style


def test_an_answer_of_an_api_is_no_page(ask: Ask) -> None:
    for path in ("/api/status", "/api/nowhere", "/http/nowhere"):
        answer = ask(path)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Type"].startswith("application/json")
        assert "Set-Cookie" not in answer.headers
