"""Which address is what: refused, sent elsewhere, a page, a file, or nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from tasks.publishing.distribution import Distribution

Ask = Callable[..., Any]

REFUSED = [
    "/..",
    "/../index.html",
    "/charts/../reviews",
    "/charts/%2e%2E/reviews",
    "/charts/./",
    "/api/../http/dragons",
    "/api/dragons/..%2f..%2fstatus",
    "/api/dragons%2Freports%2Fx",
    "/assets/../settings.json",
    "/assets/%2e%2e/settings.json",
    "/reports/a%5cb",
    "/charts%00",
    "/charts%0d%0aSet-Cookie:%20a=b",
    "/api/dragons%0d%0aX-Injected:%201",
    "/%zz",
]


@pytest.mark.parametrize("target", REFUSED)
def test_what_may_mean_another_address_is_refused(ask_raw: Ask, target: str) -> None:
    answer = ask_raw(target)
    assert answer.status == 400
    assert b"This is not an address" in answer.body
    assert answer.headers["Cache-Control"] == "no-store"
    assert {"set-cookie", "x-injected"}.isdisjoint(name.lower() for name in answer.headers)


@pytest.mark.parametrize(
    ("target", "location"),
    [
        ("/CHARTS", "/charts"),
        ("/charts/", "/charts"),
        ("//charts", "/charts"),
        ("/charts/index.html", "/charts"),
        ("/index.html", "/"),
        ("//", "/"),
        ("/Reports//a-Report_1/", "/reports/a-Report_1"),
        ("/Callback?code=a%2Fb&state=c", "/callback?code=a%2Fb&state=c"),
        ("/Charts?a=%0d%0aSet-Cookie:b=c", "/charts?a=%0d%0aSet-Cookie:b=c"),
    ],
)
def test_another_way_to_write_a_page_leads_to_it(ask_raw: Ask, ask: Ask, target: str, location: str) -> None:
    answer = ask_raw(target)
    assert (answer.status, answer.headers["Location"]) == (301, location)
    assert "Set-Cookie" not in answer.headers
    assert ask(location).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/charts", "/callback?code=x&state=y", "/report", "/reports/any-id", "/reviews", "/version", "/?a=b"],
)
def test_every_address_of_the_site_is_its_page(ask: Ask, path: str) -> None:
    answer = ask(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/html")
    assert answer.content == ask("/").content


@pytest.mark.parametrize(
    "path",
    [
        "/no/such/page",
        "/Settings.json",
        "/reports/a/b",
        "/api",
        "/API/dragons",
        "//evil.example/charts",
        "/assets/",
        "/assets/0123456789ab/main.js",
        "/assets/x/..%2f..%2fsettings.json",
        "/" + "a" * 2000,
    ],
)
def test_what_is_not_there_is_a_page_that_tells_nothing_of_the_bucket(ask_raw: Ask, path: str) -> None:
    answer = ask_raw(path)
    assert answer.status == 404
    assert answer.headers["Content-Type"].startswith("text/html")
    assert b"There is nothing here" in answer.body
    assert b"<Error>" not in answer.body
    assert answer.headers.get("Server") != "AmazonS3"
    told = {name.lower() for name in answer.headers if name.lower().startswith("x-amz-")}
    assert told <= {"x-amz-cf-pop", "x-amz-cf-id"}


def test_a_release_has_no_address_of_its_own(
    ask: Ask, outputs: dict[str, Any], aws: Callable[[str], Any]
) -> None:
    folder = Distribution(aws("cloudfront"), outputs["site"]["distribution_id"]).folder("live")
    assert ask("/settings.json").status_code == 200
    assert ask(f"/{folder}/settings.json").status_code == 404


@pytest.mark.parametrize("path", ["/api/nowhere", "/api/", "/http/nowhere"])
def test_what_an_api_does_not_know_is_the_apis_answer(ask: Ask, path: str) -> None:
    answer = ask(path)
    assert (answer.status_code, "message" in answer.json()) == (404, True)
