"""The sign-in page: `/login`, for a password of the pool's own or on to another identity provider.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/login-endpoint.html

No other site can fill in the form: its field repeats a cookie that other sites cannot read.

Left out: signing up, confirming and forgotten passwords, which the API has; passkeys.
"""

import hmac
import secrets

from moto.cognitoidp.models import CognitoIdpUser
from rolo import Request, Response

from localcloud.cognito_idp import authentication
from localcloud.cognito_idp.authentication import NEW_PASSWORD, App
from localcloud.cognito_idp.errors import CognitoError
from localcloud.cognito_idp.hosted_ui import pages
from localcloud.cognito_idp.hosted_ui.authorization_codes import complete_sign_in
from localcloud.cognito_idp.hosted_ui.authorization_request import AuthorizationRequest, read_request
from localcloud.cognito_idp.hosted_ui.domain import Domain
from localcloud.cognito_idp.hosted_ui.identity_providers import COGNITO, find_provider, supported
from localcloud.cognito_idp.hosted_ui.parameters import Parameters
from localcloud.cognito_idp.hosted_ui.responses import page, with_parameters
from localcloud.cognito_idp.software_token import NAME as SOFTWARE_TOKEN

_ASKED_AGAIN = {"InvalidPasswordException": NEW_PASSWORD, "CodeMismatchException": SOFTWARE_TOKEN}
_COOKIE = "XSRF-TOKEN"
_FIELD = "_csrf"


def show(domain: Domain, request: Request) -> Response:
    """`GET /login`: the page."""
    return _sign_in_page(domain, request, read_request(domain.pool, request.args))


def submit(domain: Domain, request: Request) -> Response:
    """`POST /login`: a user name and a password, or what was asked for after it."""
    asked = read_request(domain.pool, request.args)
    if not _is_own_form(request):
        return page(pages.message("Sign in", "This form has expired. Go back and try again."), 403)
    if not asked.accepts(COGNITO):
        raise asked.error("invalid_request", "the app client has no such identity provider")
    app = App(domain.pool, asked.client)
    try:
        user, challenge = _identify(app, request.form)
        if challenge:
            return _question_page(domain, request, asked, challenge)
        authentication.run_post_authentication(app, user)
        return complete_sign_in(domain, asked, user, COGNITO)
    except CognitoError as error:
        if name := _ASKED_AGAIN.get(error.code):
            challenge = name, request.form.get("session", "")
            return _question_page(domain, request, asked, challenge, error.message)
        return _sign_in_page(domain, request, asked, error.message)


def _identify(app: App, form: Parameters) -> tuple[CognitoIdpUser, tuple[str, str] | None]:
    """The user whom the form's fields prove, and what to ask next."""
    session, code = form.get("session"), form.get("code")
    if session and code is not None:
        return authentication.give_code(app, session, code), None
    if session:
        user = authentication.choose_password(app, session, form.get("new_password", ""))
    else:
        user = authentication.check_password(app, form.get("username", ""), form.get("password", ""))
    return user, authentication.challenge_after(app, user)


def _sign_in_page(domain: Domain, request: Request, asked: AuthorizationRequest, error: str = "") -> Response:
    token = _token_for(request)
    markup = pages.sign_in(
        _here(domain, asked),
        token,
        error,
        by_password=asked.accepts(COGNITO),
        providers={name: _way_to(domain, asked, name) for name in _others(asked)},
    )
    return _form(domain, token, page(markup, 400 if error else 200))


def _question_page(
    domain: Domain, request: Request, asked: AuthorizationRequest, challenge: tuple[str, str], error: str = ""
) -> Response:
    token = _token_for(request)
    markup = pages.question(_here(domain, asked), token, challenge, error)
    return _form(domain, token, page(markup, 400 if error else 200))


def _form(domain: Domain, token: str, response: Response) -> Response:
    """Let the browser bring the token along with the form."""
    domain.set_cookie(response, _COOKIE, token)
    return response


def _here(domain: Domain, asked: AuthorizationRequest) -> str:
    return f"{domain.path}/login?{asked.query}"


def _others(asked: AuthorizationRequest) -> list[str]:
    """The other identity providers whose people may sign in, of those that this page can send them to."""
    return [
        name for name in supported(asked.client) if asked.accepts(name) and find_provider(asked.pool, name)
    ]


def _way_to(domain: Domain, asked: AuthorizationRequest, provider: str) -> str:
    url = f"{domain.path}/oauth2/authorize?{asked.query}"
    return url if asked.provider else with_parameters(url, {"identity_provider": provider})


def _token_for(request: Request) -> str:
    """What the page's form has to bring back; the pages of one browser share it."""
    return request.cookies.get(_COOKIE) or secrets.token_urlsafe(32)


def _is_own_form(request: Request) -> bool:
    """Whether a form was filled in on a page of ours."""
    cookie, field = request.cookies.get(_COOKIE, ""), request.form.get(_FIELD, "")
    return bool(cookie) and hmac.compare_digest(cookie.encode(), field.encode())
