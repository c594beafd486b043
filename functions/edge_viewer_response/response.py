"""A page on its way to the viewer."""

from collections.abc import Mapping
from typing import Any

from edge_viewer_response.release import chosen, cookie, served
from edge_viewer_response.security import security_headers

_CONNECT = "x-connect"
_SERVED_FOR = "x-served-for"
_TIMING = "server-timing"
_COOKIE = "set-cookie"


def viewer_response(
    request: Mapping[str, Any], response: Mapping[str, Any], request_id: str
) -> dict[str, Any]:
    """A response with what browsers are to enforce, without what the origin response has told this function.

    Args:
        request: The viewer's.
        response: The origin's, or the one that was kept.
        request_id: CloudFront's own; one that was kept was fetched for another.
    """
    headers = response["headers"]
    kept = {name: values for name, values in headers.items() if name not in (_CONNECT, _SERVED_FOR)}
    policies = security_headers(_value(headers, _CONNECT))
    own = {name: [{"key": name, "value": value}] for name, value in policies.items()}
    timing = _timing(request, _value(headers, _SERVED_FOR), request_id)
    choice = chosen(request)
    return {
        **response,
        "headers": {
            **kept,
            **own,
            **_added(headers, _TIMING, ", ".join(timing)),
            **_added(headers, _COOKIE, cookie(choice) if choice else ""),
        },
    }


def _timing(request: Mapping[str, Any], fetched_for: str, request_id: str) -> list[str]:
    """Whether it was kept, and which release it is, as far as that is known (www.w3.org/TR/server-timing).

    No function sees CloudFront's own `x-cache`.
    """
    release = served(request)
    told = [f"cdn-cache;desc={'MISS' if fetched_for == request_id else 'HIT'}"] if fetched_for else []
    return told + ([f"release;desc={release}"] if release else [])


def _added(headers: Mapping[str, Any], name: str, value: str) -> dict[str, Any]:
    """A header with one more value; nothing where there is none to add."""
    return {name: [*headers.get(name, []), {"key": name, "value": value}]} if value else {}


def _value(headers: Mapping[str, Any], name: str) -> str:
    """The value of a header; empty if it is not there."""
    return str(headers[name][0]["value"]) if name in headers else ""
