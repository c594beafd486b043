"""The pages of who signs up: `/signup`, `/confirm` for the code, `/resendcode` for another one.

Sources: https://docs.aws.amazon.com/cognito/latest/developerguide/managed-login-endpoints.html (paths) and
https://docs.aws.amazon.com/cognito/latest/developerguide/understanding-amazon-cognito-entries.html (fields).

They ask the operations of the API, and so the triggers. Who gives the code is signed in: this browser has the
password. Left out: `/confirmUser`, where links in e-mails lead, since e-mails here have codes.
"""

from collections.abc import Iterator

from moto.cognitoidp.models import CognitoIdpUserPool
from rolo import Response

from localcloud.cognito_idp.hosted_ui import waiting
from localcloud.cognito_idp.hosted_ui.authorization_codes import complete_sign_in
from localcloud.cognito_idp.hosted_ui.forms import Page, Visit, code_field, username_label
from localcloud.cognito_idp.hosted_ui.identity_providers import COGNITO
from localcloud.cognito_idp.hosted_ui.pages import Field, Form
from localcloud.cognito_idp.passwords import requirements
from localcloud.cognito_idp.sign_up import (
    confirm_sign_up,
    require_user,
    resend_confirmation_code,
    sign_up,
)

_PATH, _CODE_PATH, _RESEND_PATH = "/signup", "/confirm", "/resendcode"
_TYPES = {"email": "email", "phone_number": "tel"}


def send_code(visit: Visit, username: str) -> Response:
    """Send somebody who is not confirmed another code, and the browser to its page.

    Raises:
        CognitoError: See ResendConfirmationCode.
    """
    sent = resend_confirmation_code(visit.operation(username))
    return waiting.ask_for_code(visit, _CODE_PATH, username, sent["CodeDeliveryDetails"])


def _sign_up(visit: Visit) -> Response:
    """On to the code, or back to the client at once, if the pre sign-up trigger confirms the user."""
    pool, form = visit.domain.pool, visit.request.form
    username, names = form.get("username", ""), _asked_attributes(pool)
    attributes = [{"Name": name, "Value": form.get(f"requiredAttributes[{name}]", "")} for name in names]
    made = sign_up(visit.operation(username, Password=form.get("password", ""), UserAttributes=attributes))
    if made["UserConfirmed"]:
        return _sign_in(visit, username)
    return waiting.ask_for_code(visit, _CODE_PATH, username, made.get("CodeDeliveryDetails") or {})


def _confirm(visit: Visit) -> Response:
    username = waiting.find(visit, _CODE_PATH).username
    confirm_sign_up(visit.operation(username, ConfirmationCode=visit.request.form.get("code", "")))
    return waiting.end(visit, _sign_in(visit, username))


def _resend(visit: Visit) -> Response:
    return send_code(visit, waiting.find(visit, _CODE_PATH).username)


def _sign_in(visit: Visit, username: str) -> Response:
    user = require_user(visit.domain.pool, username)
    return complete_sign_in(visit.domain, visit.asked, user, COGNITO)


def _sign_up_form(visit: Visit) -> Form:
    return Form(
        "Sign up with a new account",
        visit.address(_PATH),
        ("signUpButton", "Sign up"),
        tuple(_fields(visit.domain.pool, visit)),
        asides=(_sign_in_instead(visit),),
    )


def _fields(pool: CognitoIdpUserPool, visit: Visit) -> Iterator[Field]:
    given, label = visit.request.form, username_label(pool)
    kind = {"type": _TYPES.get(label.lower(), "text"), "autocomplete": "username", "autocapitalize": "none"}
    yield Field("username", label, attributes=kind | {"value": given.get("username", "")})
    for name in _asked_attributes(pool):
        field = f"requiredAttributes[{name}]"
        kind = {"type": _TYPES.get(name, "text"), "autocomplete": _TYPES.get(name, "on")}
        label = name.replace("_", " ").capitalize()
        yield Field(field, label, attributes=kind | {"value": given.get(field, "")})
    kind = {"type": "password", "autocomplete": "new-password"}
    yield Field("password", "Password", requirements(pool), kind)


def _asked_attributes(pool: CognitoIdpUserPool) -> list[str]:
    """What a pool requires of its users, and the addresses it verifies, besides what is the username."""
    required = [name for name, attribute in pool.schema_attributes.items() if attribute.required]
    known = {"sub", *(pool.extended_config.get("UsernameAttributes") or [])}
    verified = pool.extended_config.get("AutoVerifiedAttributes") or []
    return [name for name in dict.fromkeys([*required, *verified]) if name not in known]


def _code_form(visit: Visit) -> Form:
    who = waiting.find(visit, _CODE_PATH)
    return Form(
        "Confirm your account",
        visit.address(_CODE_PATH),
        ("confirm", "Confirm Account"),
        (code_field(id="verification_code"),),
        f"We have sent a code {who.sent}. Enter it below to confirm your account.",
        asides=(who.aside, _sign_in_instead(visit)),
        resend=visit.address(_RESEND_PATH),
    )


def _sign_in_instead(visit: Visit) -> tuple[str, str, str]:
    return "Already have an account?", visit.address("/login"), "Sign in"


PAGE = Page(_PATH, _sign_up_form, _sign_up)
CODE_PAGE = Page(_CODE_PATH, _code_form, _confirm)
RESEND_PAGE = Page(_RESEND_PATH, _code_form, _resend)
