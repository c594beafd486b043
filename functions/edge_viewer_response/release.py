"""The release that a viewer gets, and the cookie that remembers a tester's choice."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

_RELEASES = ("live", "next")
_ATTRIBUTES = "Path=/; Secure; HttpOnly; SameSite=Lax"


def chosen(request: Mapping[str, Any]) -> str | None:
    """The release that the viewer has asked for by `?release=`; None if none.

    The viewer request tells it in a header. Should CloudFront show the viewer's own request here, its query
    still has it.
    """
    told = [each["value"] for each in request["headers"].get("x-release-choice", [])]
    asked = [value for name, value in parse_qsl(request["querystring"]) if name == "release"]
    return next((value for value in [*told, *asked] if value in _RELEASES), None)


def served(request: Mapping[str, Any]) -> str | None:
    """The release that the viewer request has told; None if it has not come here."""
    told = [each["value"] for each in request["headers"].get("x-release", [])]
    return next((value for value in told if value in _RELEASES), None)


def cookie(choice: str) -> str:
    """The value of Set-Cookie that makes a browser remember a choice: `live` is what is without it."""
    return f"release=next; {_ATTRIBUTES}" if choice == "next" else f"release=; {_ATTRIBUTES}; Max-Age=0"
