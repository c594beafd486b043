"""The sign-in page: `/login`, for a password of the pool's own or on to another identity provider.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/login-endpoint.html

Left out: signing up, confirming and forgotten passwords, which the API has; several factors and passkeys.
"""

from moto.cognitoidp.models import CognitoIdpUser, UserStatus
from rolo import Request, Response

from localcloud_plugin.cognito_idp.authentication import (
    App,
    ask_for_new_password,
    check_password,
    choose_password,
    run_post_authentication,
)
from localcloud_plugin.cognito_idp.errors import CognitoError
from localcloud_plugin.cognito_idp.hosted import csrf, pages
from localcloud_plugin.cognito_idp.hosted.answers import page, with_parameters
from localcloud_plugin.cognito_idp.hosted.authorization_codes import complete_sign_in
from localcloud_plugin.cognito_idp.hosted.authorization_request import AuthorizationRequest, read_request
from localcloud_plugin.cognito_idp.hosted.domain import Domain
from localcloud_plugin.cognito_idp.hosted.identity_providers import COGNITO, find_provider, supported


def show(domain: Domain, request: Request) -> Response:
    """`GET /login`: the page."""
    return _sign_in_page(domain, request, read_request(domain.pool, request.args))


def submit(domain: Domain, request: Request) -> Response:
    """`POST /login`: a user name and a password, or the new password that was asked for."""
    asked = read_request(domain.pool, request.args)
    if not csrf.is_own_form(request):
        return page(pages.message("Sign in", "This form has expired. Go back and try again."), 403)
    if not asked.accepts(COGNITO):
        raise asked.error("invalid_request", "the app client has no such identity provider")
    app = App(domain.pool, asked.client)
    if session := request.form.get("session"):
        return _change_password(domain, request, asked, app, session)
    try:
        user = check_password(app, request.form.get("username", ""), request.form.get("password", ""))
        if user.status == UserStatus.FORCE_CHANGE_PASSWORD:
            return _new_password_page(domain, request, asked, ask_for_new_password(app, user))
        return _signed_in(domain, asked, app, user)
    except CognitoError as error:
        return _sign_in_page(domain, request, asked, error.message)


def _change_password(
    domain: Domain, request: Request, asked: AuthorizationRequest, app: App, session: str
) -> Response:
    try:
        user = choose_password(app, session, request.form.get("new_password", ""))
        return _signed_in(domain, asked, app, user)
    except CognitoError as error:
        if error.code == "InvalidPasswordException":
            return _new_password_page(domain, request, asked, session, error.message)
        return _sign_in_page(domain, request, asked, error.message)


def _signed_in(domain: Domain, asked: AuthorizationRequest, app: App, user: CognitoIdpUser) -> Response:
    run_post_authentication(app, user)
    return complete_sign_in(domain, asked, user, COGNITO)


def _sign_in_page(domain: Domain, request: Request, asked: AuthorizationRequest, error: str = "") -> Response:
    token = csrf.token_for(request)
    markup = pages.sign_in(
        _here(domain, asked),
        token,
        error,
        by_password=asked.accepts(COGNITO),
        providers={name: _way_to(domain, asked, name) for name in _others(asked)},
    )
    return _form(domain, token, page(markup, 400 if error else 200))


def _new_password_page(
    domain: Domain, request: Request, asked: AuthorizationRequest, session: str, error: str = ""
) -> Response:
    token = csrf.token_for(request)
    markup = pages.new_password(_here(domain, asked), token, session, error)
    return _form(domain, token, page(markup, 400 if error else 200))


def _form(domain: Domain, token: str, answer: Response) -> Response:
    csrf.remember(domain, answer, token)
    return answer


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
