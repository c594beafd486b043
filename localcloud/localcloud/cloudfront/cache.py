"""A distribution's cache: for how long, until when, and parts of what it has.

Sources: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Expiration.html,
.../HTTPStatusCodes.html, .../custom-error-pages-expiration.html, .../RangeGETs.html and
.../ServingCompressedFiles.html

Left out: revalidation (no 304), stale responses, the age that an origin tells, several ranges in one request
(the whole is sent), collapsed requests.
"""

import gzip
import re
import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from email.utils import parsedate_to_datetime
from fnmatch import fnmatchcase
from threading import Lock
from typing import Any

from werkzeug.datastructures import Headers

from localcloud.cloudfront.messages import READS, Request, Response

_MOST = 1_000
_NOTHING = (Response(0, Headers()), 0.0, 0.0)
_ALWAYS = frozenset({404, 414, 500, 501, 502, 503, 504})
_WITH_MAX_AGE = frozenset({400, 403, 405, 412, 415})
_COMPRESSED = re.compile(
    r"text/|application/(.*\+)?(json|xml|javascript|wasm|manifest)|image/svg\+xml|font/[ot]tf"
)
_COMPRESSED_BYTES = range(1_000, 10_000_001)
_RANGE = re.compile(r"bytes=(?=.*\d)(\d*)-(\d*)")


type Key = tuple[Any, ...]


class Cache:
    """Responses by their keys, whose first part is the path; the oldest go where there are too many."""

    def __init__(self) -> None:
        self._entries: OrderedDict[Key, tuple[Response, float, float]] = OrderedDict()
        self._lock, self.invalidations = Lock(), 0
        """How many there were: what was asked for before one is not to be stored after it."""

    def find(self, key: Key) -> Response | None:
        """What is kept for a key and still fresh, with its age."""
        now, (response, stored, expires) = time.monotonic(), self._entries.get(key, _NOTHING)
        if expires <= now:
            return None
        headers = response.headers.copy()
        headers["Age"] = str(int(now - stored))
        return replace(response, headers=headers, result="Hit")

    def store(self, key: Key, response: Response, seconds: float, invalidations: int) -> None:
        """Keep a response for so long, unless something was invalidated since it was asked for."""
        now = time.monotonic()
        with self._lock:
            if invalidations != self.invalidations:
                return
            self._entries.pop(key, None)
            self._entries[key] = response, now, now + seconds
            if len(self._entries) > _MOST:
                self._entries.popitem(last=False)

    def invalidate(self, paths: Iterable[str]) -> None:
        """Forget what has one of the paths; `*` at the end stands for anything."""
        wanted = [re.escape(path).replace(r"\*", ".*") for path in paths]
        with self._lock:
            self.invalidations += 1
            for key in list(self._entries):
                target = f"{key[0]}?{key[2]}" if key[2] else key[0]
                if any(re.fullmatch(each, text, re.DOTALL) for each in wanted for text in (key[0], target)):
                    self._entries.pop(key, None)


def seconds_to_keep(policy: Mapping[str, Any], response: Response, error_minimum: float) -> float:
    """For how long a response is kept: 0 is not at all.

    Args:
        policy: The cache policy.
        response: The origin's.
        error_minimum: The shortest for an error, whatever else its cache-control says.
    """
    told = _told(response.headers)
    most = policy.get("MaxTTL", 31_536_000)
    if response.status >= 400:
        if response.status in _ALWAYS or (response.status in _WITH_MAX_AGE and told is not None):
            return float(max(error_minimum, min(told or 0, most)))
        return 0
    if told is None:
        told = 0 if _forbidden(response.headers) else policy.get("DefaultTTL", 86_400)
    return float(min(max(told, policy["MinTTL"]), most))


def _told(headers: Headers) -> float | None:
    """What the origin says, in seconds; None where it says nothing, or forbids it."""
    control = ",".join(headers.getlist("cache-control")).lower()
    if _forbidden(headers):
        return None
    if found := re.search(r"\bs-maxage\s*=\s*\"?(\d+)", control) or re.search(
        r"\bmax-age\s*=\s*\"?(\d+)", control
    ):
        return float(found[1])
    if "expires" not in headers:
        return None
    try:
        return max(parsedate_to_datetime(headers["expires"]).timestamp() - time.time(), 0)
    except ValueError:
        return 0


def _forbidden(headers: Headers) -> bool:
    return bool(
        re.search(r"\b(no-store|no-cache|private)\b", ",".join(headers.getlist("cache-control")).lower())
    )


def compressed(response: Response) -> Response:
    """The response as gzip, if it is one that CloudFront compresses."""
    headers = response.headers
    fits = len(response.body) in _COMPRESSED_BYTES and response.status in (200, 403, 404)
    if "content-encoding" in headers or not fits or not _COMPRESSED.match(headers.get("content-type", "")):
        return response
    made = headers.copy()
    made["Content-Encoding"], made["Vary"] = "gzip", "Accept-Encoding"
    if not (etag := made.get("ETag", "W/")).startswith("W/"):
        made["ETag"] = f"W/{etag}"
    return replace(response, headers=made, body=gzip.compress(response.body, 6, mtime=0))


def part(request: Request, response: Response) -> Response:
    """What of a whole response the viewer asks for, which may be a range."""
    found = _RANGE.fullmatch(request.headers.get("range", ""))
    unchanged = request.headers.get("if-range") in (None, response.headers.get("etag"))
    if not found or not unchanged or request.method not in READS or response.status != 200:
        return response
    headers, size = response.headers.copy(), len(response.body)
    start = int(found[1]) if found[1] else max(size - int(found[2]), 0)
    end = min(int(found[2]), size - 1) if found[1] and found[2] else size - 1
    if start > end:
        headers["Content-Range"] = f"bytes */{size}"
        return replace(response, status=416, headers=headers, body=b"")
    headers["Content-Range"] = f"bytes {start}-{end}/{size}"
    return replace(response, status=206, headers=headers, body=response.body[start : end + 1])


def path_matches(pattern: str, path: str) -> bool:
    """Whether a behavior's pattern takes a path: `*` is anything, `?` one character, case counts."""
    escaped = pattern.replace("[", "[[]")
    return fnmatchcase(path, escaped if escaped.startswith(("/", "*")) else f"/{escaped}")
