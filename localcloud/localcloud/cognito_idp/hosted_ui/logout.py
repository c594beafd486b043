"""Signing a browser out: `/logout`, and then to the app, or to the sign-in page again.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/logout-endpoint.html

Left out: `state` beside `logout_uri`. As on AWS, other identity providers do not learn of it, and tokens stay
good.
"""

from rolo import Request, Response

from localcloud.cognito_idp.hosted_ui import browser_sessions
from localcloud.cognito_idp.hosted_ui.authorization_request import read_request
from localcloud.cognito_idp.hosted_ui.domain import Domain
from localcloud.cognito_idp.hosted_ui.errors import UntrustedRequestError
from localcloud.cognito_idp.hosted_ui.responses import redirect


def sign_out(domain: Domain, request: Request) -> Response:
    """`GET /logout`.

    Raises:
        UntrustedRequestError: The client is unknown, or the address is none of its own; nobody is signed out.
        AuthorizationError: The request to sign in again makes no sense.
    """
    answer = redirect(_next(domain, request))
    browser_sessions.end(domain, request, answer)
    return answer


def _next(domain: Domain, request: Request) -> str:
    logout_uri = request.args.get("logout_uri")
    if logout_uri is None:
        return f"{domain.url}/login?{read_request(domain.pool, request.args).query}"
    client = domain.pool.clients.get(request.args.get("client_id", ""))
    if client is None:
        raise UntrustedRequestError("There is no such app client (client_id).")
    if logout_uri not in (client.extended_config.get("LogoutURLs") or []):
        raise UntrustedRequestError("logout_uri must be one of the app client's sign-out URLs.")
    return logout_uri
