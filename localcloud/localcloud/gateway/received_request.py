"""Headers that belong to one connection, and end there.

Source: https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1
"""

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
