"""The release that a viewer gets: `next` for testers, who have its cookie, and `live` for all others."""

from collections.abc import Mapping
from typing import Any

COOKIE = "release"
HEADER = "x-release"
CHOICE_HEADER = "x-release-choice"


def headers_with_release(headers: Mapping[str, Any], choice: str | None) -> dict[str, Any]:
    """A request's headers, with the release that the cache and the origins go by.

    Args:
        headers: The viewer's, whose own word for either header does not count.
        choice: The release that the query asks for, which counts over the cookie and is to be remembered.
    """
    others = {name: values for name, values in headers.items() if name not in (HEADER, CHOICE_HEADER)}
    chosen = {CHOICE_HEADER: [{"key": CHOICE_HEADER, "value": choice}]} if choice else {}
    return {**others, HEADER: [{"key": HEADER, "value": choice or _remembered(headers)}], **chosen}


def _remembered(headers: Mapping[str, Any]) -> str:
    cookies = (pair for header in headers.get("cookie", []) for pair in header["value"].split(";"))
    named = (pair.strip().partition("=") for pair in cookies)
    value = next((value for name, _, value in named if name == COOKIE), "")
    return "next" if value == "next" else "live"
