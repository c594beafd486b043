"""Events of CloudFront, of every kind that somebody may cause."""

import string
from typing import Any

from hypothesis import strategies as st

_PARTS = [
    *("api", "http", "assets", "dragons", "charts", "CHARTS", "callback", "reports", "index.html", "r-1_A"),
    *("", ".", "..", "%2e%2e", "%2F", "%5c", "\\", "%00", "%0d%0aset-cookie:a=b", "%zz", "evil.example", "ż"),
]
parts = st.one_of(st.sampled_from(_PARTS), st.text(string.printable.replace("?", "").replace("#", "")))
"""Of a path, with characters that nobody should let in; `?` and `#` end a path."""
paths = st.lists(parts, max_size=5).map(lambda each: "/" + "/".join(each))

_QUERY = string.ascii_letters + string.digits + "%+=&;/?:@!$'()*,-._~[]|\"<>\\^`{}"
names = st.sampled_from(["family", "limit", "release", "releas%65", "nextToken", "a%20b", "%", "", "ż"])
pairs = st.one_of(
    st.builds("{}={}".format, names, st.text(_QUERY.replace("&", ""), max_size=20)),
    st.sampled_from(["release=next", "release=live", "release=other", "code=a1%0d%0a", "flag"]),
)
queries = st.one_of(st.lists(pairs, max_size=40).map("&".join), st.text(_QUERY, max_size=60))

_TESTERS = ["release=next", "release=live", "theme=dark; release=next", "release=next; release=live"]
cookies = st.one_of(st.sampled_from(_TESTERS), st.text(st.characters(min_codepoint=32, max_codepoint=126)))
_CHOICES = st.sampled_from(["next", "live", "", "other"])


def _header(name: str, value: str) -> dict[str, Any]:
    return {name.lower(): [{"key": name, "value": value}]}


@st.composite
def headers(draw: st.DrawFn) -> dict[str, Any]:
    """A viewer's, some of which are ours, or are there twice."""
    made = _header("Host", "d2dragons0example.cloudfront.net") | _header("Content-Length", "0")
    if found := draw(st.lists(cookies, max_size=2)):
        made |= {"cookie": [{"key": "Cookie", "value": each} for each in found]}
    for name in ("X-Release", "X-Release-Choice", "X-Connect", "X-Folder-Live", "Authorization"):
        if draw(st.booleans()):
            made |= _header(name, draw(_CHOICES))
    return made


def viewer_request(uri: str, query: str = "", method: str = "GET", **headers: str) -> dict[str, Any]:
    """The event of a viewer's request; `_` in a header's name stands for `-`."""
    made = _header("Host", "d2dragons0example.cloudfront.net")
    for name, value in headers.items():
        made |= _header(name.replace("_", "-").title(), value)
    request = {"clientIp": "198.51.100.24", "headers": made, "method": method}
    return _event("viewer-request", {"request": request | {"querystring": query, "uri": uri}})


def _event(kind: str, cf: dict[str, Any]) -> dict[str, Any]:
    config = {
        "distributionDomainName": "d2dragons0example.cloudfront.net",
        "distributionId": "E2DRAGONSEXMPL",
    }
    config |= {"eventType": kind, "requestId": "b7Qk3-exampleRequest_Id0aZ9y8X7w6V5u4T3s2R1q0P=="}
    return {"Records": [{"cf": {"config": config, **cf}}]}


@st.composite
def requests(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "clientIp": "198.51.100.24",
        "headers": draw(headers()),
        "method": draw(st.sampled_from(["GET", "HEAD", "OPTIONS", "POST"])),
        "querystring": draw(queries),
        "uri": draw(paths),
    }


@st.composite
def _origins(draw: st.DrawFn) -> dict[str, Any]:
    folder = st.sampled_from(["0123456789ab", "none"])
    told = _header("X-Folder-Live", draw(folder)) | _header("X-Folder-Next", draw(folder))
    told |= draw(st.sampled_from([{}, _header("X-Connect", "https://sign-in.example")]))
    bucket = {
        "s3": {"authMethod": "none", "customHeaders": told, "domainName": "b", "path": "", "region": "r"}
    }
    api = {"custom": {"customHeaders": _header("X-Prefix", draw(st.sampled_from(["/api", "/http"])))}}
    return draw(st.sampled_from([bucket, api]))


viewer_requests = requests().map(lambda request: _event("viewer-request", {"request": request}))


@st.composite
def origin_requests(draw: st.DrawFn) -> dict[str, Any]:
    # what the viewer request lets through is a path
    uri = draw(
        st.lists(st.sampled_from(["api", "http", "assets", "", "x.js"])).map(
            lambda each: "/" + "/".join(each)
        )
    )
    request = draw(requests()) | {"origin": draw(_origins()), "uri": uri, "querystring": ""}
    return _event("origin-request", {"request": request})


@st.composite
def _responses(draw: st.DrawFn) -> dict[str, Any]:
    status = draw(
        st.sampled_from([200, 206, 301, 304, 307, 400, 403, 404, 405, 412, 416, 429, 500, 502, 503, 504])
    )
    made = _header("Date", "Mon, 30 Nov 2026 10:00:00 GMT") | _header("Content-Type", "application/xml")
    for name in (
        "Cache-Control",
        "Transfer-Encoding",
        "Via",
        "Content-Length",
        "Content-Encoding",
        "Warning",
    ):
        if draw(st.booleans()):
            made |= _header(name, "as-it-came")
    for name in ("Server", "X-Amz-Request-Id", "Set-Cookie", "Server-Timing", "X-Connect", "X-Served-For"):
        if draw(st.booleans()):
            made |= _header(
                name, draw(st.sampled_from(["told", "https://sign-in.example", "a; b 'unsafe-inline'"]))
            )
    return {"status": str(status), "statusDescription": "As it came", "headers": made}


@st.composite
def origin_responses(draw: st.DrawFn) -> dict[str, Any]:
    request = draw(requests()) | {"origin": draw(_origins())}
    return _event("origin-response", {"request": request, "response": draw(_responses())})


@st.composite
def viewer_responses(draw: st.DrawFn) -> dict[str, Any]:
    return _event("viewer-response", {"request": draw(requests()), "response": draw(_responses())})
