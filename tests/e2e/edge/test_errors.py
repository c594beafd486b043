"""Errors of an origin: a page of the site where an API says nothing, and its own words where it does."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from support.system import poll

Ask = Callable[..., Any]

NOWHERE = "https://nowhere.invalid"
"""Nobody has a name that ends so (RFC 6761, 6.4)."""


@pytest.fixture
def unreachable(http_api_id: str, aws: Callable[[str], Any]) -> Iterator[str]:
    """The path of a route whose upstream cannot be reached."""
    gateway, path, on = aws("apigatewayv2"), f"/e2e-{uuid.uuid4()}", {"ApiId": http_api_id}
    integration = gateway.create_integration(
        **on,
        IntegrationType="HTTP_PROXY",
        IntegrationMethod="ANY",
        IntegrationUri=NOWHERE,
        PayloadFormatVersion="1.0",
    )["IntegrationId"]
    target = f"integrations/{integration}"
    route = gateway.create_route(**on, RouteKey=f"ANY {path}", Target=target)["RouteId"]
    yield f"/http{path}"
    gateway.delete_route(**on, RouteId=route)
    gateway.delete_integration(**on, IntegrationId=integration)


@pytest.mark.parametrize("cookie", ["release=live", "release=next"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_api_that_does_not_answer_has_the_sites_page(
    ask: Ask, unreachable: str, method: str, cookie: str
) -> None:
    def failed() -> Any:
        answer = ask(unreachable, method, headers={"Cookie": cookie})
        return None if answer.status_code == 404 else answer  # a new route takes a moment

    answer = poll(failed, "the new route")
    assert answer.status_code == 503
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "<h1>No answer</h1>" in answer.text
    assert answer.headers["X-Cache"].startswith("Error")
    assert {"Set-Cookie", "x-connect", "x-served-for"}.isdisjoint(answer.headers)


@pytest.mark.parametrize("status", [400, 404])
def test_what_an_api_refuses_it_says_itself(ask: Ask, status: int) -> None:
    answer = ask("/api/dragons?colour=red" if status == 400 else "/api/dragons/reports/unknown")
    assert answer.status_code == status
    assert answer.json()["message"]
