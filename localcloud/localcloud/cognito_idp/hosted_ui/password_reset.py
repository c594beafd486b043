"""The pages of who has forgotten a password: `/forgotPassword`, and `/confirmForgotPassword` for the code.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/managed-login-endpoints.html

They ask the operations of the API, and so the trigger. As on AWS, people then sign in with the new password.
"""

from rolo import Response

from localcloud.cognito_idp.account import confirm_forgot_password, forgot_password
from localcloud.cognito_idp.hosted_ui import waiting
from localcloud.cognito_idp.hosted_ui.forms import (
    Page,
    Visit,
    code_field,
    new_password,
    new_password_fields,
    username_label,
)
from localcloud.cognito_idp.hosted_ui.pages import Field, Form
from localcloud.cognito_idp.hosted_ui.responses import redirect

_PATH, _CODE_PATH = "/forgotPassword", "/confirmForgotPassword"
_TITLE = "Forgot your password?"


def send_code(visit: Visit, username: str) -> Response:
    """Send somebody a code, and the browser to its page.

    Raises:
        CognitoError: See ForgotPassword.
    """
    sent = forgot_password(visit.operation(username))
    return waiting.ask_for_code(visit, _CODE_PATH, username, sent["CodeDeliveryDetails"])


def _send(visit: Visit) -> Response:
    return send_code(visit, visit.request.form.get("username", ""))


def _confirm(visit: Visit) -> Response:
    form, username = visit.request.form, waiting.find(visit, _CODE_PATH).username
    code, password = form.get("code", ""), new_password(form)
    confirm_forgot_password(visit.operation(username, ConfirmationCode=code, Password=password))
    return waiting.end(visit, redirect(visit.address("/login")))


def _name_form(visit: Visit) -> Form:
    label = username_label(visit.domain.pool)
    attributes = {"autocomplete": "username", "autocapitalize": "none"}
    attributes["value"] = visit.request.form.get("username", "")
    return Form(
        _TITLE,
        visit.address(_PATH),
        ("reset_my_password", "Reset my password"),
        (Field("username", label, attributes=attributes),),
        f"Enter your {label} below and we will send a message to reset your password",
        asides=(("Already have an account?", visit.address("/login"), "Sign in"),),
    )


def _code_form(visit: Visit) -> Form:
    who = waiting.find(visit, _CODE_PATH)
    return Form(
        _TITLE,
        visit.address(_CODE_PATH),
        ("reset_password", "Change Password"),
        (code_field(id="forgot_password_code"), *new_password_fields(visit.domain.pool)),
        f"We have sent a password reset code {who.sent}. Enter it below to reset your password.",
        asides=(who.aside, ("Didn't receive a code?", visit.address(_PATH), "Send it again")),
    )


PAGE = Page(_PATH, _name_form, _send)
CODE_PAGE = Page(_CODE_PATH, _code_form, _confirm)
