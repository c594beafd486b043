"""Where clients and people send a browser: `/oauth2/authorize`, `/logout`, and the root of the domain.

Sources: https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html and
https://docs.aws.amazon.com/cognito/latest/developerguide/logout-endpoint.html

AWS has no page at the root; here it leads to each app's sign-in, so that the address which Terraform prints
shows something. Left out: `state` beside `logout_uri`. As on AWS, other identity providers do not learn of a
sign-out, and tokens stay good.
"""

from rolo import Request, Response

from localcloud.cognito_idp.hosted_ui import browser_sessions, federation, pages
from localcloud.cognito_idp.hosted_ui.authorization_codes import redirect_with_code
from localcloud.cognito_idp.hosted_ui.authorization_request import read_request
from localcloud.cognito_idp.hosted_ui.domain import Domain
from localcloud.cognito_idp.hosted_ui.identity_providers import COGNITO, supported
from localcloud.cognito_idp.hosted_ui.responses import UntrustedRequestError, page, redirect, with_parameters


def authorize(domain: Domain, request: Request) -> Response:
    """`GET /oauth2/authorize`: back with a code, on to an identity provider, or to the sign-in page."""
    asked = read_request(domain.pool, request.args)
    session = browser_sessions.find(domain, request)
    if session and asked.accepts(session.provider) and asked.prompt != "login":
        return redirect_with_code(asked, session)
    if asked.prompt == "none":
        raise asked.error("login_required")
    if asked.provider in (None, COGNITO):
        return redirect(f"{domain.url}/login?{asked.query}")
    return federation.start(domain, asked)


def front_page(domain: Domain, _request: Request) -> Response:
    """`GET /`: a link for each app client that uses the hosted UI."""
    links = {}
    for client in list(domain.pool.clients.values()):
        settings = client.extended_config
        if (
            settings.get("AllowedOAuthFlowsUserPoolClient")
            and supported(client)
            and settings.get("CallbackURLs")
        ):
            asked = {
                "response_type": "code",
                "client_id": client.id,
                "redirect_uri": settings.get("DefaultRedirectURI") or settings["CallbackURLs"][0],
            }
            links[settings.get("ClientName") or client.id] = with_parameters(f"{domain.url}/login", asked)
    return page(pages.front(links))


def sign_out(domain: Domain, request: Request) -> Response:
    """`GET /logout`.

    Raises:
        UntrustedRequestError: The client is unknown, or the address is none of its own; nobody is signed out.
        AuthorizationError: The request to sign in again makes no sense.
    """
    response = redirect(_next(domain, request))
    browser_sessions.end(domain, request, response)
    return response


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
