"""What the edge answers by itself: no viewer response is called for it, so it brings all of its headers."""

from typing import Any
from urllib.parse import quote

STYLE_HASH = "sha256-MJJfglAWBX0C7KvjXLgOD/wLbsT7i5fdmOlKI5shOSY="
"""Of the page's `<style>`, for the content security policy (https://www.w3.org/TR/CSP3/#framework-directive-source-list)."""
_HSTS = "max-age=31536000"
# What a query may hold as it is (RFC 3986, 3.4), and `%`: it is encoded already.
_SAFE_IN_LOCATION = "%/:?@!$&'()*+,;=~"
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Not an address · Dragons</title>
<style>
:root { color-scheme: light dark; font: 1.125rem/1.5 system-ui, sans-serif }
main { max-width: 32rem; margin: 20vh auto 0; padding: 0 1.5rem }
</style>
</head>
<body>
<main>
<h1>This is not an address</h1>
<p>It has a part that no address here has. Check the link, or begin at the start.</p>
<p><a href="/">To the dragons</a></p>
</main>
</body>
</html>
"""


def redirect(location: str) -> dict[str, Any]:
    """Send the viewer to another path of this site for good.

    Args:
        location: The path, which begins with one slash, and its query.
    """
    target = quote(location, safe=_SAFE_IN_LOCATION)
    headers = {"location": target, "cache-control": "public, max-age=3600"}
    return _response("301", "Moved Permanently", headers)


def refusal() -> dict[str, Any]:
    """Refuse a path, with a page that says so."""
    policy = f"default-src 'none'; style-src '{STYLE_HASH}'; base-uri 'none'; frame-ancestors 'none'"
    headers = {
        "content-type": "text/html; charset=utf-8",
        "cache-control": "no-store",
        "content-security-policy": policy,
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "no-referrer",
    }
    return _response("400", "Bad Request", headers) | {"body": _PAGE, "bodyEncoding": "text"}


def _response(status: str, description: str, headers: dict[str, str]) -> dict[str, Any]:
    every = {**headers, "strict-transport-security": _HSTS}
    return {
        "status": status,
        "statusDescription": description,
        "headers": {name: [{"key": name, "value": value}] for name, value in every.items()},
    }
