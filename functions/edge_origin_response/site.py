"""The responses of the site's bucket."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from edge_origin_response.page import page

_GOOD = frozenset({"200", "206", "304"})
_IMMUTABLE = "public, max-age=31536000, immutable"
_SHORT = "public, max-age=0, s-maxage=60, must-revalidate"
"""CloudFront keeps it for a minute, and a browser asks each time: a release invalidates the former."""
_KEPT_IN_ERRORS = ("date", "transfer-encoding", "via")
"""The last two a function may not touch (edge-function-restrictions-all.html, "Read-only headers")."""


def site_response(request: Mapping[str, Any], response: Mapping[str, Any], request_id: str) -> dict[str, Any]:
    """A file with how long it is kept, or the page for an error.

    A page, which passes the viewer response, tells it two things: the hosted UI, which it may talk to, and
    the request that it was fetched for.

    Args:
        request: The origin's.
        response: The bucket's.
        request_id: CloudFront's own.
    """
    if response["status"] not in _GOOD:
        return _error(int(response["status"]), response["headers"])
    kept = {name: values for name, values in response["headers"].items() if not _is_the_buckets(name)}
    if request["uri"].startswith("/assets/"):
        more = {"cache-control": _IMMUTABLE}
    else:
        told = request["origin"]["s3"]["customHeaders"]
        more = {"cache-control": _SHORT, "x-served-for": request_id}
        more |= {"x-connect": told["x-connect"][0]["value"]} if "x-connect" in told else {}
    return {**response, "headers": {**kept, **_headers(more)}}


def _is_the_buckets(name: str) -> bool:
    """Whether a header tells of the bucket, and nothing that a viewer needs."""
    return name == "server" or name.startswith("x-amz-")


def _error(status: int, headers: Mapping[str, Any]) -> dict[str, Any]:
    """The page for an error, with nothing of the bucket's: neither its XML nor its headers."""
    shown = _shown(status)
    kept = {name: headers[name] for name in _KEPT_IN_ERRORS if name in headers}
    own = {"content-type": "text/html; charset=utf-8", "cache-control": "no-store"}
    return {
        "status": str(shown.value),
        "statusDescription": shown.phrase,
        "headers": {**kept, **_headers(own)},
        "body": page(shown),
        "bodyEncoding": "text",
    }


def _shown(status: int) -> HTTPStatus:
    """The status that an error of the bucket is to a viewer.

    A key that is not there is a 403, since whether it is there is nobody's business who may not list. The
    bucket's redirects lead to the bucket, which nobody may read.
    """
    if status in (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND):
        return HTTPStatus.NOT_FOUND
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        return HTTPStatus.SERVICE_UNAVAILABLE
    if status in (HTTPStatus.PRECONDITION_FAILED, HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE):
        return HTTPStatus(status)  # what the viewer asked for is wrong
    return HTTPStatus.BAD_GATEWAY


def _headers(values: Mapping[str, str]) -> dict[str, list[dict[str, str]]]:
    return {name: [{"key": name, "value": value}] for name, value in values.items()}
