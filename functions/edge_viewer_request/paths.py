"""Which paths there are, and how each is written."""

import re

PAGE_FILE = "/index.html"
"""The one file behind all pages, which shows the page of the address."""

_PAGES = frozenset({"callback", "charts", "report", "reviews", "version"})
_REPORTS = "reports"
_REPORT_ID = re.compile(r"[A-Za-z0-9_-]{1,80}")
"""What Step Functions takes for the name of an execution, which a report's id is."""
_APIS = ("/api/", "/http/")
_REFUSED = re.compile(
    r"""
    [\x00-\x20\x7f\\]                     # spaces, control characters and backslashes
    | %(?: [01][0-9a-f] | 7f | 5c | 2f )  # the latter, and slashes, encoded
    | % (?! [0-9a-f]{2} )                 # what encodes nothing
    | (?: ^|/ ) (?: \.|%2e ){1,2} (?= /|$ )
    """,
    re.IGNORECASE | re.VERBOSE,
)


def is_refused(uri: str) -> bool:
    """Whether a path may mean another one to somebody behind the edge, or nothing at all."""
    return not uri.startswith("/") or _REFUSED.search(uri) is not None


def is_api(uri: str) -> bool:
    """Whether an API answers."""
    return uri.startswith(_APIS)


def canonical_page(uri: str) -> str | None:
    """The one address of a page of the site; None if the path is not a page's.

    The names of pages are in small letters. The other cases, doubled slashes, one at the end and
    `/index.html` are ways to write the same address. A report's id has its case.
    """
    parts = [part for part in uri.split("/") if part]
    if parts and f"/{parts[-1].lower()}" == PAGE_FILE:
        parts.pop()
    if not parts:
        return "/"
    first = parts[0].lower()
    if len(parts) == 1 and first in _PAGES:
        return f"/{first}"
    if len(parts) == 2 and first == _REPORTS and _REPORT_ID.fullmatch(parts[1]):
        return f"/{_REPORTS}/{parts[1]}"
    return None
