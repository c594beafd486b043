"""The endpoints of user pools' domains, at `/_aws/cognito-idp/<domain>/...`, and of their issuers.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-userpools-server-contract-reference.html

Apps in browsers ask three of them, and the issuers, from their own origins, so those respond to every origin.
The pages are for no other site: LocalStack's CORS check would refuse the browser's own form, and what it adds
to responses would let any site read them, so the handler comes before the one and leaves the other out.
"""

import re
from collections.abc import Callable
from typing import Any

from localstack.aws import handlers
from rolo import Request, Response
from rolo.request import get_raw_path

from localcloud.cognito_idp.hosted_ui import (
    app_endpoints,
    browser_endpoints,
    federation,
    login,
    pages,
    password_reset,
    registration,
    responses,
    well_known,
)
from localcloud.cognito_idp.hosted_ui.domain import Domain
from localcloud.cognito_idp.hosted_ui.parameters import RepeatedParameterError
from localcloud.cognito_idp.hosted_ui.responses import (
    AuthorizationError,
    ForeignFormError,
    OAuthError,
    UntrustedRequestError,
)
from localcloud.cognito_idp.pools import find_domain

type Endpoint = Callable[[Domain, Request], Response]

_PATH = re.compile(r"/_aws/cognito-idp/(?P<domain>[a-z0-9-]+)(?P<endpoint>/.*)?")
_PAGES = (
    login.PAGE,
    password_reset.PAGE,
    password_reset.CODE_PAGE,
    registration.PAGE,
    registration.CODE_PAGE,
    registration.RESEND_PAGE,
)
_FOR_BROWSERS: dict[str, dict[str, Endpoint]] = {
    "/": {"GET": browser_endpoints.front_page},
    "/logout": {"GET": browser_endpoints.sign_out},
    "/oauth2/authorize": {"GET": browser_endpoints.authorize},
    "/oauth2/idpresponse": {"GET": federation.arrive},
    **{page.path: {"GET": page.show, "POST": page.submit} for page in _PAGES},
}
_FOR_APPS: dict[str, dict[str, Endpoint]] = {
    "/oauth2/revoke": {"POST": app_endpoints.revoke_token},
    "/oauth2/token": {"POST": app_endpoints.token},
    "/oauth2/userInfo": {"GET": app_endpoints.user_info, "POST": app_endpoints.user_info},
}
_TITLE_OF_ERROR = "An error was encountered with the requested page."
_FOREIGN_FORM = "This form has expired. Go back and try again."
_CORS = {
    "Access-Control-Allow-Headers": "authorization, content-type",
    "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
    "Access-Control-Allow-Origin": "*",
}


def respond(request: Request) -> Response | None:
    """Respond to what is addressed to an endpoint of a domain, or an issuer; none for everything else."""
    if (known := well_known.respond(request)) is not None:
        return known
    path = get_raw_path(request)
    if path == pages.STYLE_PATH and request.method in ("GET", "HEAD"):
        return responses.style()
    match = _PATH.fullmatch(path)
    pool = find_domain(match["domain"]) if match else None
    if match is None or pool is None:
        return None
    domain, endpoint = Domain(match["domain"], pool), match["endpoint"] or "/"
    if endpoint in _FOR_BROWSERS:
        return _respond_to_browser(_FOR_BROWSERS[endpoint], domain, request)
    if endpoint in _FOR_APPS:
        return _respond_to_app(endpoint, domain, request)
    return None


def handle(chain: Any, context: Any, response: Response) -> None:
    """Respond as a handler of LocalStack's gateway."""
    if (made := respond(context.request)) is not None:
        response.status_code = made.status_code
        response.headers.clear()
        response.headers.extend(made.headers)
        response.data = made.data
        chain.terminate()


def apply() -> None:
    """Put the handler into LocalStack's chain."""
    handlers.preprocess_request.append(handle)


def _respond_to_browser(methods: dict[str, Endpoint], domain: Domain, request: Request) -> Response:
    method = "GET" if request.method == "HEAD" else request.method  # the server leaves the body out
    if method not in methods:
        return _wrong_method(methods)
    try:
        return methods[method](domain, request)
    except UntrustedRequestError as error:
        return responses.page(pages.message(_TITLE_OF_ERROR, str(error)), 400)
    except ForeignFormError:
        return responses.page(pages.message(_TITLE_OF_ERROR, _FOREIGN_FORM), 403)
    except AuthorizationError as error:
        return responses.redirect(error.location)


def _respond_to_app(endpoint: str, domain: Domain, request: Request) -> Response:
    methods = _FOR_APPS[endpoint]
    if request.method == "OPTIONS":
        return Response(status=204, headers=_CORS)
    if request.method not in methods:
        return _wrong_method(methods)
    try:
        response = methods[request.method](domain, request)
    except RepeatedParameterError:
        response = responses.json({"error": "invalid_request"}, 400)
    except OAuthError as error:
        revoking = endpoint == "/oauth2/revoke"
        status = 401 if revoking and error.error == "invalid_client" else 400
        response = responses.json(error.body, status)
    response.headers.update(_CORS)
    return response


def _wrong_method(methods: dict[str, Endpoint]) -> Response:
    return Response(status=405, headers={"Allow": ", ".join(methods)})
