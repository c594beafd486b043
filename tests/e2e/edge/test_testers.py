"""The cookie that makes somebody a tester, and everything else that does not."""

from collections.abc import Callable
from http.cookies import SimpleCookie
from typing import Any

import pytest
import requests

Ask = Callable[..., Any]


@pytest.mark.parametrize("path", ["/", "/charts", "/reports/some-report"])
def test_a_tester_comes_and_goes(ask: Ask, path: str) -> None:
    came = ask(f"{path}?a=b&release=next")
    assert "release;desc=next" in came.headers["Server-Timing"]
    [cookie] = SimpleCookie(came.headers["Set-Cookie"]).values()
    assert (cookie.key, cookie.value, cookie["path"]) == ("release", "next", "/")
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")

    stays = ask(path, headers={"Cookie": f"theme=dark; {cookie.key}={cookie.value}"})
    assert "release;desc=next" in stays.headers["Server-Timing"]
    assert "Set-Cookie" not in stays.headers

    left = ask(f"{path}?release=live", headers={"Cookie": "release=next"})
    assert "release;desc=live" in left.headers["Server-Timing"]
    [cookie] = SimpleCookie(left.headers["Set-Cookie"]).values()
    assert (cookie.key, cookie.value, cookie["max-age"]) == ("release", "", "0")


def test_a_choice_is_nobody_elses(ask: Ask) -> None:
    """The page may come from the cache, the cookie never does."""
    for _ in range(2):
        assert "Set-Cookie" in ask("/version?release=next").headers
        assert "Set-Cookie" not in ask("/version", headers={"Cookie": "release=next"}).headers
        assert "Set-Cookie" not in ask("/version").headers


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/", {"X-Release": "next"}),
        ("/", {"X-Release": "next", "X-Release-Choice": "next"}),
        ("/", {"Cookie": "released=next; xrelease=next; release=nextt; Release=next"}),
        ("/", {"Cookie": "theme=release=next"}),
        ("/?release=nightly", {}),
        ("/?Release=next", {}),
        ("/?release=next%0d%0aX-Injected:%201", {}),
    ],
)
def test_nothing_else_makes_a_tester(ask: Ask, path: str, headers: dict[str, str]) -> None:
    answer = ask(path, headers=headers)
    assert answer.status_code == 200
    assert "release;desc=live" in answer.headers["Server-Timing"]
    assert {"Set-Cookie", "X-Injected"}.isdisjoint(answer.headers)


def test_a_choice_survives_the_way_to_the_canonical_address(site_url: str) -> None:
    answer = requests.get(f"{site_url}/CHARTS/?release=next", timeout=60)
    assert answer.url == f"{site_url}/charts?release=next"
    assert answer.headers["Set-Cookie"].startswith("release=next;")
