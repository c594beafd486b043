"""What every new user goes through: the pre sign-up trigger, and a name that nobody else has.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-sign-up.html
"""

import threading
from collections.abc import Mapping
from typing import Any

from moto.cognitoidp.models import CognitoIdpUser, CognitoIdpUserPool, UserStatus

from localcloud.cognito_idp import triggers
from localcloud.cognito_idp.errors import CognitoError
from localcloud.cognito_idp.users import attributes_of, find_user, set_attributes

type Request = Mapping[str, Any]

_ADDING = threading.Lock()


def require_free(pool: CognitoIdpUserPool, username: str) -> None:
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
        require_free(pool, username)
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
    """Do what the trigger decided; whether it `confirms` depends on how the user comes to be."""
    if decided.get("autoConfirmUser") and confirms:
        user.status = UserStatus.CONFIRMED
    for flag, name in (("autoVerifyEmail", "email"), ("autoVerifyPhone", "phone_number")):
        if decided.get(flag):
            set_attributes(user, {f"{name}_verified": "true"})
