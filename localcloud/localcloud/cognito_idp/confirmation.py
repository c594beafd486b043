"""Confirmed users: what changes for them, and who is told.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/signing-up-users-in-your-app.html
"""

from collections.abc import Mapping

from moto.cognitoidp.models import CognitoIdpUser, CognitoIdpUserPool

from localcloud.cognito_idp import messages, triggers
from localcloud.cognito_idp.codes import CODES, Purpose
from localcloud.cognito_idp.users import attributes_of, set_attributes, status_of

NO_CLIENT = "CLIENT_ID_NOT_APPLICABLE"
"""What triggers are told in place of a client where an administrator acts."""

SIGNED_UP = "PostConfirmation_ConfirmSignUp"
PASSWORD_RESET = "PostConfirmation_ConfirmForgotPassword"  # noqa: S105 - a trigger's source

_TEXTS = {
    Purpose.SIGN_UP: ("CustomMessage_SignUp", "Your verification code", "Your confirmation code is {####}"),
    Purpose.RESET: ("CustomMessage_ForgotPassword", "Your password reset code", "Your code is {####}"),
    Purpose.EMAIL: ("CustomMessage_VerifyUserAttribute", "Your verification code", "Your code is {####}"),
    Purpose.PHONE_NUMBER: ("CustomMessage_VerifyUserAttribute", "", "Your code is {####}"),
}


def send_code(
    user: CognitoIdpUser, purpose: Purpose, source: str = "", to: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Send a user a new code; the one before is good no more.

    Args:
        user: Whom.
        purpose: What for.
        source: The `triggerSource`, if it is not the purpose's usual one.
        to: See `messages.send`; the address to verify comes back with the code.

    Returns:
        The `CodeDeliveryDetails`.
    """
    usual, subject, text = _TEXTS[purpose]
    code = CODES.make(user, purpose, (to or {}).get(purpose.name.lower(), ""))
    return messages.send(user, code, source or usual, subject, text, to)


def verify_address(pool: CognitoIdpUserPool, user: CognitoIdpUser) -> None:
    """Mark the address that a code reached as verified."""
    known = attributes_of(user)
    name = next((each for each in ("email", "phone_number") if each in known), None)
    if name in (pool.extended_config.get("AutoVerifiedAttributes") or ["email", "phone_number"]):
        set_attributes(user, {f"{name}_verified": "true"})


def announce(
    pool: CognitoIdpUserPool,
    user: CognitoIdpUser,
    source: str,
    client_id: str,
    client_metadata: Mapping[str, str] | None,
) -> None:
    """Run the post confirmation trigger; what it refuses stays confirmed.

    Raises:
        CognitoError: The trigger fails.
    """
    attributes = attributes_of(user) | {"cognito:user_status": status_of(user)}
    triggers.run(
        pool,
        "PostConfirmation",
        source,
        username=user.username,
        client_id=client_id,
        request={"userAttributes": attributes, "clientMetadata": dict(client_metadata or {})},
        response={},
    )
