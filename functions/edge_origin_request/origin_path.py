"""Where an origin has what a path of the distribution stands for.

The origins' custom headers say it, so that another release needs no other function.
"""

from collections.abc import Mapping
from typing import Any

_ASSETS = "/assets/"
_NO_RELEASE = "none"


def origin_path(request: Mapping[str, Any]) -> str:
    """The path to ask the origin of a request for."""
    uri: str = request["uri"]
    if "s3" not in request["origin"]:
        return _without_prefix(uri, _value(request["origin"]["custom"]["customHeaders"], "x-prefix"))
    if uri.startswith(_ASSETS):
        return uri  # beside the releases, so that a page finds its own also when the next one is there
    return f"/{_folder(request)}{uri}"


def _folder(request: Mapping[str, Any]) -> str:
    """The folder of the release that the viewer gets; where there is no next one, the live one."""
    told = request["origin"]["s3"]["customHeaders"]
    live, other = _value(told, "x-folder-live"), _value(told, "x-folder-next")
    wants_next = _value(request["headers"], "x-release") == "next"
    folder = other if wants_next and other != _NO_RELEASE else live
    return folder or _NO_RELEASE


def _without_prefix(uri: str, prefix: str) -> str:
    return uri.removeprefix(prefix) if prefix and uri.startswith(f"{prefix}/") else uri


def _value(headers: Mapping[str, Any], name: str) -> str:
    """The value of a header; empty if it is not there."""
    return str(headers[name][0]["value"]) if name in headers else ""
