"""What users do with their own accounts: with their access token, or with a code for a forgotten password.

Sources: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUser.html,
.../API_ForgotPassword.html, .../API_RevokeToken.html and the pages of the operations beside them; who learns
that a user does not exist: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-managing-errors.html
"""

from collections.abc import Mapping
from typing import Any

from moto.cognitoidp.models import CognitoIdpUser, CognitoIdpUserPool, UserStatus

from localcloud.cognito_idp.confirmation import (
    CODES,
    PASSWORD_RESET,
    Purpose,
    announce,
    send_code,
    verify_address,
)
from localcloud.cognito_idp.errors import CognitoError, invalid_parameter, not_authorized
from localcloud.cognito_idp.passwords import check_policy, find_known, is_password
from localcloud.cognito_idp.pools import find_client, require_client, require_pool
from localcloud.cognito_idp.sessions import SESSIONS, owner_of
from localcloud.cognito_idp.sign_up import require_user
from localcloud.cognito_idp.users import find_user, require_writable, set_attributes, status_of

type Request = Mapping[str, Any]

ADDRESSES = ("email", "phone_number")


def get_user(request: Request) -> dict[str, Any]:
    """GetUser."""
    user = owner_of(request["AccessToken"]).user
    known = user.to_json(extended=True, attributes_key="UserAttributes")
    shown = ("Username", "UserAttributes", "UserMFASettingList", "PreferredMfaSetting")
    return {name: known[name] for name in shown if known[name] != ""}


def update_user_attributes(request: Request) -> dict[str, Any]:
    """UpdateUserAttributes; a changed address is no longer verified, and gets a code if need be."""
    owner = owner_of(request["AccessToken"])
    pool, user = owner.pool, owner.user
    changed = {each["Name"]: each.get("Value", "") for each in request["UserAttributes"]}
    require_writable(changed)
    settings = pool.extended_config.get("UserAttributeUpdateSettings") or {}
    first = settings.get("AttributesRequireVerificationBeforeUpdate") or []
    to_verify = {*first, *(pool.extended_config.get("AutoVerifiedAttributes") or [])}
    addresses = {name: changed[name] for name in ADDRESSES if name in changed}
    for name, address in addresses.items():
        _require_free(pool, user, name, address)
        changed |= {f"{name}_verified": "false"}
    set_attributes(user, {k: v for k, v in changed.items() if k.removesuffix("_verified") not in first})
    source = "CustomMessage_UpdateUserAttribute"
    due = {name: address for name, address in addresses.items() if address and name in to_verify}
    sent = [send_code(user, Purpose[name.upper()], source, {name: due[name]}) for name in due]
    return {"CodeDeliveryDetailsList": sent}


def get_user_attribute_verification_code(request: Request) -> dict[str, Any]:
    """GetUserAttributeVerificationCode."""
    user = owner_of(request["AccessToken"]).user
    name = request["AttributeName"]
    address = user.attribute_lookup.get(name)
    if name not in ADDRESSES or not address:
        raise invalid_parameter("User does not have a valid registered email or phone number.")
    return {"CodeDeliveryDetails": send_code(user, Purpose[name.upper()], to={name: address})}


def verify_user_attribute(request: Request) -> dict[str, Any]:
    """VerifyUserAttribute: the address that the code reached is the user's."""
    owner = owner_of(request["AccessToken"])
    name = request["AttributeName"]
    if name not in ADDRESSES:
        raise invalid_parameter(f"{name} is not verified by a code")
    address = CODES.use(owner.user, Purpose[name.upper()], request["Code"])
    _require_free(owner.pool, owner.user, name, address)
    set_attributes(owner.user, {name: address, f"{name}_verified": "true"})
    return {}


def change_password(request: Request) -> dict[str, Any]:
    """ChangePassword."""
    owner = owner_of(request["AccessToken"])
    user = owner.user
    if not is_password(user, request.get("PreviousPassword", "")):
        raise not_authorized()
    check_policy(owner.pool, request["ProposedPassword"])
    user.password = request["ProposedPassword"]
    return {}


def delete_user(request: Request) -> dict[str, Any]:
    """DeleteUser."""
    owner = owner_of(request["AccessToken"])
    SESSIONS.sign_out(owner.pool, owner.user)
    del owner.pool.users[owner.user.username]
    return {}


def global_sign_out(request: Request) -> dict[str, Any]:
    """GlobalSignOut: every session of the user ends."""
    owner = owner_of(request["AccessToken"])
    SESSIONS.sign_out(owner.pool, owner.user)
    return {}


def admin_user_global_sign_out(request: Request) -> dict[str, Any]:
    """AdminUserGlobalSignOut."""
    pool = require_pool(request["UserPoolId"])
    SESSIONS.sign_out(pool, require_user(pool, request["Username"]))
    return {}


def revoke_token(request: Request) -> dict[str, Any]:
    """RevokeToken: the session of one refresh token ends; an unknown token changes nothing."""
    revoke(request["ClientId"], request.get("ClientSecret"), request["Token"])
    return {}


def revoke(client_id: str, secret: str | None, token: str) -> None:
    """Revoke a client's refresh token; CognitoError for the client, or where the token is another's."""
    found = find_client(client_id)
    if found is None:
        raise invalid_parameter("Invalid client id.")
    _, client = found
    if client.generate_secret and secret != client.secret:
        raise not_authorized("Unable to verify secret for the client.")
    session = SESSIONS.find(token)
    if session and session.client_id != client_id:
        raise CognitoError("UnauthorizedException", "The token is another client's.")
    SESSIONS.revoke(token)


def forgot_password(request: Request) -> dict[str, Any]:
    """ForgotPassword; a client that may not know who exists learns nothing."""
    pool, client = require_client(request, request["Username"])
    user = find_known(pool, client, request["Username"])
    if user is None:
        return {"CodeDeliveryDetails": _as_if_sent(request["Username"])}
    if status_of(user) not in ("CONFIRMED", "RESET_REQUIRED"):
        raise not_authorized("User password cannot be reset in the current state.")
    if not (verified := _verified(user)):
        lack = "there is no registered/verified email or phone_number"
        raise invalid_parameter(f"Cannot reset password for the user as {lack}")
    return {"CodeDeliveryDetails": send_code(user, Purpose.RESET, to=verified)}


def confirm_forgot_password(request: Request) -> dict[str, Any]:
    """ConfirmForgotPassword."""
    pool, client = require_client(request, request["Username"])
    user = find_user(pool, request["Username"])
    if user is None:
        raise CognitoError("ExpiredCodeException", "Invalid code provided, please request a code again.")
    check_policy(pool, request["Password"])
    CODES.use(user, Purpose.RESET, request["ConfirmationCode"])
    user.password = request["Password"]
    user.status = UserStatus.CONFIRMED
    if not _verified(user):
        verify_address(pool, user)
    SESSIONS.sign_out(pool, user)
    announce(pool, user, PASSWORD_RESET, client.id, request.get("ClientMetadata"))
    return {}


def admin_reset_user_password(request: Request) -> dict[str, Any]:
    """AdminResetUserPassword: the user gets a code, and the old password no longer works."""
    pool = require_pool(request["UserPoolId"])
    user = require_user(pool, request["Username"])
    if status_of(user) not in ("CONFIRMED", "RESET_REQUIRED"):
        raise not_authorized("User password cannot be reset in the current state.")
    user.status = UserStatus.RESET_REQUIRED
    send_code(user, Purpose.RESET, to=_verified(user))
    return {}


def admin_set_user_password(request: Request) -> dict[str, Any]:
    """AdminSetUserPassword."""
    pool = require_pool(request["UserPoolId"])
    user = require_user(pool, request["Username"])
    check_policy(pool, request["Password"])
    user.password = request["Password"]
    permanent = request.get("Permanent", False)
    user.status = UserStatus.CONFIRMED if permanent else UserStatus.FORCE_CHANGE_PASSWORD
    return {}


def _require_free(pool: CognitoIdpUserPool, user: CognitoIdpUser, name: str, address: str) -> None:
    """Refuse an address that is another user's name."""
    if find_user(pool, address) not in (None, user):
        raise CognitoError("AliasExistsException", f"An account with the given {name} already exists.")


def _verified(user: CognitoIdpUser) -> dict[str, str]:
    """The addresses that are known to be the user's."""
    known = user.attribute_lookup
    return {name: known[name] for name in ADDRESSES if known.get(f"{name}_verified") == "true"}


def _as_if_sent(username: str) -> dict[str, str]:
    masked = f"{username[:1]}***@{username.partition('@')[2][:1]}***"
    return {"Destination": masked, "DeliveryMedium": "EMAIL", "AttributeName": "email"}
