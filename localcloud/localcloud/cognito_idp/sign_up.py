"""How users are made: by signing up, or by an administrator's invitation.

Sources: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SignUp.html and the
pages of the other operations beside it, and for the trigger before it
https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-sign-up.html

Left out: the schema's rules for attributes, custom messages, links in place of codes.
"""

import secrets
import threading
from collections.abc import Mapping
from typing import Any

from moto.cognitoidp.models import CognitoIdpUser, CognitoIdpUserPool, UserStatus
from moto.cognitoidp.utils import validate_username_format

from localcloud.cognito_idp import messages, triggers
from localcloud.cognito_idp.confirmation import (
    CODES,
    NO_CLIENT,
    SIGNED_UP,
    Purpose,
    announce,
    send_code,
    verify_address,
)
from localcloud.cognito_idp.errors import CognitoError, invalid_parameter, no_such_user, not_authorized
from localcloud.cognito_idp.passwords import check_policy
from localcloud.cognito_idp.pools import require_client, require_pool
from localcloud.cognito_idp.users import attributes_of, find_user, require_writable, set_attributes, status_of

type Request = Mapping[str, Any]

_ADDING = threading.Lock()
_INVITATION = "Your username is {username} and temporary password is {####}."


def sign_up(request: Request) -> dict[str, Any]:
    """SignUp."""
    username, metadata = request["Username"], request.get("ClientMetadata")
    pool, client = require_client(request, username)
    if not allows_sign_up(pool):
        raise not_authorized("SignUp is not permitted for this user pool")
    _require_free(pool, username)
    require_writable(each["Name"] for each in request.get("UserAttributes") or [])
    check_policy(pool, request["Password"])
    user = _new_user(pool, request, request["Password"], UserStatus.UNCONFIRMED)
    decided = ask_pre_sign_up(pool, user, "PreSignUp_SignUp", client.id, request)
    add_user(pool, user, username)
    apply_decision(decided, user)
    delivery = {}
    if status_of(user) == "CONFIRMED":
        announce(pool, user, SIGNED_UP, client.id, metadata)
    elif pool.extended_config.get("AutoVerifiedAttributes"):
        delivery = send_code(user, Purpose.SIGN_UP)
    response = {"UserConfirmed": status_of(user) == "CONFIRMED", "UserSub": user.id}
    return response | ({"CodeDeliveryDetails": delivery} if delivery else {})


def confirm_sign_up(request: Request) -> dict[str, Any]:
    """ConfirmSignUp."""
    pool, client = require_client(request, request["Username"])
    user = require_user(pool, request["Username"])
    _require_unconfirmed(user)
    CODES.use(user, Purpose.SIGN_UP, request["ConfirmationCode"])
    user.status = UserStatus.CONFIRMED
    verify_address(pool, user)
    announce(pool, user, SIGNED_UP, client.id, request.get("ClientMetadata"))
    return {}


def admin_confirm_sign_up(request: Request) -> dict[str, Any]:
    """AdminConfirmSignUp: no code, and the address stays unverified."""
    pool = require_pool(request["UserPoolId"])
    user = require_user(pool, request["Username"])
    _require_unconfirmed(user)
    user.status = UserStatus.CONFIRMED
    announce(pool, user, SIGNED_UP, NO_CLIENT, request.get("ClientMetadata"))
    return {}


def resend_confirmation_code(request: Request) -> dict[str, Any]:
    """ResendConfirmationCode."""
    pool, _ = require_client(request, request["Username"])
    user = require_user(pool, request["Username"])
    if user.status != UserStatus.UNCONFIRMED:
        raise invalid_parameter("User is already confirmed.")
    return {"CodeDeliveryDetails": send_code(user, Purpose.SIGN_UP, "CustomMessage_ResendCode")}


def admin_create_user(request: Request) -> dict[str, Any]:
    """AdminCreateUser: the user chooses a password at the first sign-in."""
    pool, username = require_pool(request["UserPoolId"]), request["Username"]
    password = request.get("TemporaryPassword") or f"{secrets.token_urlsafe(12)}-aA1"
    check_policy(pool, password)
    if request.get("MessageAction") == "RESEND":
        user = require_user(pool, username)
        user.password = password
    else:
        _require_free(pool, username)
        user = _new_user(pool, request, password, UserStatus.FORCE_CHANGE_PASSWORD)
        decided = ask_pre_sign_up(pool, user, "PreSignUp_AdminCreateUser", NO_CLIENT, request)
        apply_decision(decided, user, confirms=False)
        add_user(pool, user, username)
    if request.get("MessageAction") != "SUPPRESS":
        text = _INVITATION.replace("{username}", username)
        messages.send(user, password, "CustomMessage_AdminCreateUser", "Your temporary password", text)
    return {"User": user.to_json(extended=True)}


def allows_sign_up(pool: CognitoIdpUserPool) -> bool:
    """Whether people sign themselves up, and not administrators alone."""
    return not (pool.extended_config.get("AdminCreateUserConfig") or {}).get("AllowAdminCreateUserOnly")


def require_user(pool: CognitoIdpUserPool, username: str) -> CognitoIdpUser:
    """The user of a name.

    Raises:
        CognitoError: UserNotFoundException.
    """
    if (user := find_user(pool, username)) is None:
        raise no_such_user()
    return user


def _new_user(
    pool: CognitoIdpUserPool, request: Request, password: str, status: UserStatus
) -> CognitoIdpUser:
    """A user who is in no pool yet; where addresses are usernames, `sub` is the name."""
    username = request["Username"]
    attributes = {each["Name"]: each.get("Value", "") for each in request.get("UserAttributes") or []}
    by_address = pool.extended_config.get("UsernameAttributes") or []
    if by_address:
        kind = next((each for each in by_address if validate_username_format(username, _format=each)), None)
        if kind is None:
            words = " or a ".join(each.replace("_", " ") for each in by_address)
            raise invalid_parameter(f"Username should be an {words}.")
        attributes[kind] = username
    listed = [{"Name": name, "Value": value} for name, value in attributes.items()]
    return CognitoIdpUser(pool.id, None if by_address else username, password, status, listed)


def _require_unconfirmed(user: CognitoIdpUser) -> None:
    if user.status != UserStatus.UNCONFIRMED:
        raise not_authorized(f"User cannot be confirmed. Current status is {status_of(user)}")


def _require_free(pool: CognitoIdpUserPool, username: str) -> None:
    """Refuse a name that somebody has.

    Raises:
        CognitoError: UsernameExistsException.
    """
    if find_user(pool, username):
        by_address = pool.extended_config.get("UsernameAttributes")
        words = "An account with the given email already exists." if by_address else "User already exists"
        raise CognitoError("UsernameExistsException", words)


def add_user(pool: CognitoIdpUserPool, user: CognitoIdpUser, username: str) -> None:
    """Add a user, unless another has taken the name meanwhile.

    Raises:
        CognitoError: UsernameExistsException.
    """
    with _ADDING:
        _require_free(pool, username)
        pool.users[user.username] = user


def ask_pre_sign_up(
    pool: CognitoIdpUserPool, user: CognitoIdpUser, source: str, client_id: str, request: Request
) -> dict[str, Any]:
    """Run the pre sign-up trigger; it may refuse.

    Args:
        pool: Whose trigger.
        user: Who is in no pool yet.
        source: The `triggerSource`, such as `PreSignUp_SignUp`.
        client_id: The app client's, or `NO_CLIENT`.
        request: With `ValidationData` and `ClientMetadata`, if it has them.

    Returns:
        What it decided.

    Raises:
        CognitoError: It refuses.
    """
    validation = {each["Name"]: each.get("Value", "") for each in request.get("ValidationData") or []}
    attributes = {name: value for name, value in attributes_of(user).items() if name != "sub"}
    return triggers.run(
        pool,
        "PreSignUp",
        source,
        username=user.username,
        client_id=client_id,
        request={
            "userAttributes": attributes,
            "validationData": validation,
            "clientMetadata": dict(request.get("ClientMetadata") or {}),
        },
        response={"autoConfirmUser": False, "autoVerifyEmail": False, "autoVerifyPhone": False},
    )


def apply_decision(decided: Mapping[str, Any], user: CognitoIdpUser, *, confirms: bool = True) -> None:
    """Do what the trigger decided; whether it `confirms` depends on how the user is made."""
    if decided.get("autoConfirmUser") and confirms:
        user.status = UserStatus.CONFIRMED
    for flag, name in (("autoVerifyEmail", "email"), ("autoVerifyPhone", "phone_number")):
        if decided.get(flag):
            set_attributes(user, {f"{name}_verified": "true"})
