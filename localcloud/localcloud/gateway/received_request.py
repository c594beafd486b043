"""What of a received request is passed on: its path as received, its headers but for the connection's.

Source: https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1
"""

from urllib.parse import urlsplit

from rolo import Request
from werkzeug.datastructures import Headers

_HOP_BY_HOP = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)


def end_to_end(headers: Headers) -> Headers:
    """The headers without those of the connection, and those that `Connection` names."""
    named = {name.strip().lower() for line in headers.getlist("connection") for name in line.split(",")}
    return Headers([(name, value) for name, value in headers if name.lower() not in _HOP_BY_HOP | named])


def received_path(request: Request) -> str:
    """A request's path as received: encoded, with its `;parameters`, which rolo's own function drops."""
    uri: str = request.environ.get("RAW_URI") or request.path
    return uri.partition("?")[0] if uri.startswith("/") else urlsplit(uri).path
