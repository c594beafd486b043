"""What the endpoints respond with: redirects, pages, JSON and errors, none of them to be kept by anybody."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup
from rolo import Response

_HEADERS = {
    "Cache-Control": "no-store",
    "Pragma": "no-cache",
    "Referrer-Policy": "no-referrer",  # a page's address carries state, a client's page a code
    "X-Content-Type-Options": "nosniff",
}
# No form-action: browsers hold the redirects after a form to it, and the last leads to the client.
_PAGE_HEADERS = _HEADERS | {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:; "
    "frame-ancestors 'none'; base-uri 'none'",
    "Content-Type": "text/html; charset=utf-8",
    "X-Frame-Options": "DENY",
}
_STYLE = Path(__file__).with_name("hosted_ui.css").read_text()


def redirect(uri: str, parameters: Mapping[str, str | None] | None = None) -> Response:
    """Send the browser elsewhere, with parameters besides those that the address has."""
    return Response(status=302, headers=_HEADERS | {"Location": with_parameters(uri, parameters or {})})


def page(markup: Markup, status: int = 200) -> Response:
    """Show a page."""
    return Response(str(markup), status=status, headers=_PAGE_HEADERS)


def style() -> Response:
    """The pages' stylesheet."""
    headers = _HEADERS | {"Cache-Control": "max-age=300", "Content-Type": "text/css; charset=utf-8"}
    return Response(_STYLE, headers=headers)


def json(body: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Respond to an app."""
    response = Response(status=status, headers=_HEADERS | dict(headers or {}))
    response.set_json(body)
    return response


def with_parameters(uri: str, parameters: Mapping[str, str | None]) -> str:
    """Add parameters to the query of an address without a fragment; those that are none are left out.

    Source: RFC 6749, section 3.1.2: the query that the address has stays as it is.
    """
    query = urlencode({name: value for name, value in parameters.items() if value is not None})
    return f"{uri}{'&' if '?' in uri else '?'}{query}" if query else uri


class UntrustedRequestError(Exception):
    """Nobody knows where the request comes from, so it goes nowhere: the person is told why."""


class ForeignFormError(Exception):
    """The form was filled in on no page of ours, or long ago."""


class AuthorizationError(Exception):
    """The request is a known client's, and the error goes back to it (RFC 6749, section 4.1.2.1).

    Args:
        redirect_uri: Where to, one of the client's.
        state: The request's.
        error: The code, such as `invalid_scope`.
        description: What more is known; no secret.

    Attributes:
        location: The address to send the browser to.
    """

    def __init__(self, redirect_uri: str, state: str | None, error: str, description: str = "") -> None:
        super().__init__(error)
        told = {"error": error, "error_description": description or None, "state": state}
        self.location = with_parameters(redirect_uri, told)


class OAuthError(Exception):
    """An app's own request fails (RFC 6749, section 5.2).

    Args:
        error: The code, such as `invalid_grant`.
        description: What more is known; no secret.

    Attributes:
        body: The response's.
    """

    def __init__(self, error: str, description: str = "") -> None:
        super().__init__(error)
        self.error = error
        self.body = {"error": error} | ({"error_description": description} if description else {})
