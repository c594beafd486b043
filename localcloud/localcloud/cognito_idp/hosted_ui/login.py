"""The sign-in page: `/login`, for a password of the pool's own or on to another identity provider.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/login-endpoint.html

Who is not confirmed yet, or has to change the password, gets a code and goes to the page that asks for it.

Left out: passkeys.
"""

from collections.abc import Callable, Iterator

from moto.cognitoidp.models import CognitoIdpUser
from rolo import Request, Response

from localcloud.cognito_idp import authentication
from localcloud.cognito_idp.authentication import NEW_PASSWORD, App
from localcloud.cognito_idp.errors import CognitoError
from localcloud.cognito_idp.hosted_ui import password_reset, registration
from localcloud.cognito_idp.hosted_ui.authorization_codes import complete_sign_in
from localcloud.cognito_idp.hosted_ui.forms import (
    Page,
    Visit,
    code_field,
    new_password,
    new_password_fields,
    username_label,
)
from localcloud.cognito_idp.hosted_ui.identity_providers import COGNITO, find_provider, supported
from localcloud.cognito_idp.hosted_ui.pages import Field, Form
from localcloud.cognito_idp.hosted_ui.parameters import Parameters
from localcloud.cognito_idp.hosted_ui.responses import with_parameters
from localcloud.cognito_idp.sign_up import allows_sign_up
from localcloud.cognito_idp.software_token import NAME as SOFTWARE_TOKEN

_PATH = "/login"
_ASKED_AGAIN = {"InvalidPasswordException": NEW_PASSWORD, "CodeMismatchException": SOFTWARE_TOKEN}
_SENT_A_CODE: dict[str, Callable[[Visit, str], Response]] = {
    "PasswordResetRequiredException": password_reset.send_code,
    "UserNotConfirmedException": registration.send_code,
}


def _act(visit: Visit) -> Response:
    """A user name and a password, or what was asked for after it."""
    form = visit.request.form
    try:
        return _sign_in(visit)
    except CognitoError as error:
        if name := _ASKED_AGAIN.get(error.code):
            return visit.show(_question(visit, (name, form.get("session", ""))), error.message)
        if send := _SENT_A_CODE.get(error.code):
            return send(visit, form.get("username", ""))
        raise


def _sign_in(visit: Visit) -> Response:
    user, challenge = _identify(visit.app, visit.request.form)
    if challenge:
        return visit.show(_question(visit, challenge))
    authentication.run_post_authentication(visit.app, user)
    return complete_sign_in(visit.domain, visit.asked, user, COGNITO)


def _identify(app: App, form: Parameters) -> tuple[CognitoIdpUser, tuple[str, str] | None]:
    """The user whom the form's fields prove, and what to ask next."""
    session, code = form.get("session"), form.get("code")
    if session and code is not None:
        return authentication.give_code(app, session, code), None
    if session:
        user = authentication.choose_password(app, session, new_password(form))
    else:
        user = authentication.check_password(app, form.get("username", ""), form.get("password", ""))
    return user, authentication.challenge_after(app, user)


def _form(visit: Visit) -> Form:
    label = username_label(visit.domain.pool)
    by_password = visit.asked.accepts(COGNITO)
    return Form(
        f"Sign in with your {label.lower()} and password" if by_password else "Sign in to your account",
        visit.address(_PATH),
        ("signInSubmitButton", "Sign in"),
        _fields(visit.request, label) if by_password else (),
        asides=(*(_asides(visit) if by_password else ()), *_ways_to_others(visit)),
    )


def _fields(request: Request, label: str) -> tuple[Field, Field]:
    name = {"id": "signInFormUsername", "autocomplete": "username", "autocapitalize": "none"}
    name["value"] = request.form.get("username") or request.args.get("login_hint", "")
    secret = {"id": "signInFormPassword", "type": "password", "autocomplete": "current-password"}
    return Field("username", label, attributes=name), Field("password", "Password", attributes=secret)


def _asides(visit: Visit) -> Iterator[tuple[str, str, str]]:
    yield "", visit.address(password_reset.PAGE.path), "Forgot your password?"
    if allows_sign_up(visit.domain.pool):
        yield "Need an account?", visit.address(registration.PAGE.path), "Sign up"


def _ways_to_others(visit: Visit) -> Iterator[tuple[str, str, str]]:
    """The ways to other identity providers, of those that this page can send people to."""
    asked, url = visit.asked, visit.address("/oauth2/authorize")
    for name in supported(asked.client):
        if asked.accepts(name) and find_provider(asked.pool, name):
            way = url if asked.provider else with_parameters(url, {"identity_provider": name})
            yield "", way, f"Sign in with {name}"


def _question(visit: Visit, challenge: tuple[str, str]) -> Form:
    name, session = challenge
    action, hidden = visit.address(_PATH), {"session": session}
    if name == NEW_PASSWORD:
        fields = new_password_fields(visit.domain.pool)
        return Form("Change Password", action, ("send", "Send"), fields, hidden=hidden)
    title = "Enter the code of your authenticator app"
    return Form(title, action, ("send", "Sign in"), (code_field(),), hidden=hidden)


PAGE = Page(_PATH, _form, _act)
