"""Requests that no client library sends: the target as it is, and any header, any number of times."""

from dataclasses import dataclass
from http.client import HTTPConnection, HTTPMessage, HTTPResponse, HTTPSConnection
from urllib.parse import urlsplit


@dataclass(frozen=True)
class RawResponse:
    """A response to one of them."""

    status: int
    headers: HTTPMessage
    body: bytes


def send(site_url: str, target: str, *lines: str, method: str = "GET") -> RawResponse:
    """Send a request on a connection of its own.

    Args:
        site_url: Where to: scheme and host, without a path.
        target: Path and query, which go out as they are.
        lines: Header lines besides `Host`.
        method: The request's.

    Raises:
        OSError: There is no connection, or no response within a minute.
    """
    parts = urlsplit(site_url)
    connection = (HTTPSConnection if parts.scheme == "https" else HTTPConnection)(parts.netloc, timeout=60)
    connection.connect()
    try:
        head = "\r\n".join([f"{method} {target} HTTP/1.1", f"Host: {parts.netloc}", *lines])
        connection.sock.sendall(f"{head}\r\nConnection: close\r\n\r\n".encode("latin-1"))
        response = HTTPResponse(connection.sock, method=method)
        response.begin()
        return RawResponse(response.status, response.headers, response.read())
    finally:
        connection.close()
