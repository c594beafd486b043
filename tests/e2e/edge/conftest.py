"""The distribution, as viewers see it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import requests

from support.people import Person
from support.raw import RawResponse, send

Ask = Callable[..., requests.Response]
AskRaw = Callable[..., RawResponse]


@pytest.fixture(scope="session")
def site_url(outputs: dict[str, Any]) -> str:
    """Where the distribution answers."""
    return str(outputs["site_url"])


@pytest.fixture(scope="session")
def ask(site_url: str) -> Ask:
    """Send a request to a path; no redirect is followed."""

    def asked(path: str, method: str = "GET", **options: Any) -> requests.Response:
        return requests.request(method, site_url + path, timeout=60, allow_redirects=False, **options)

    return asked


@pytest.fixture(scope="session")
def ask_raw(site_url: str) -> AskRaw:
    """Send a request whose target goes out as it is, with any header lines."""

    def asked(target: str, *lines: str, method: str = "GET") -> RawResponse:
        return send(site_url, target, *lines, method=method)

    return asked


@pytest.fixture(scope="session")
def asset(ask: Ask) -> str:
    """The path of a script of the page."""
    [path, *_] = re.findall(r'"(/assets/[^"]+\.js)"', ask("/").text)
    return str(path)


@pytest.fixture(scope="session")
def bearer(reporter: Person) -> dict[str, str]:
    """What the HTTP API lets a reporter in by."""
    return {"Authorization": f"Bearer {reporter.tokens.access}"}
