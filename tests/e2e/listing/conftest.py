"""The list by either API, as somebody who has signed in asks for it."""

from collections.abc import Callable
from typing import Any

import pytest
import requests

from support.people import Person

List = Callable[..., requests.Response]
"""Asks for `/dragons`: `GET`, or another method, and the query."""


@pytest.fixture(params=["rest_api_url", "http_api_url"])
def list_by(request: pytest.FixtureRequest, outputs: dict[str, Any], reporter: Person) -> List:
    """Ask one of the APIs."""
    bearer = {"Authorization": f"Bearer {reporter.tokens.access}"} if request.param == "http_api_url" else {}

    def ask(method: str = "GET", **query: str) -> requests.Response:
        url = f"{outputs[request.param]}/dragons"
        return requests.request(method, url, params=query, headers=bearer, timeout=60)

    return ask
