"""People who sign up and sign in, through the user pool's own API."""

import base64
import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from pycognito.aws_srp import AWSSRP

PASSWORD_MARK = "E2e-secret-"
"""What every password of a test begins with: the log test looks for it."""

Aws = Callable[[str], Any]


@dataclass(frozen=True)
class Tokens:
    """What a sign-in gives."""

    id: str
    access: str
    refresh: str


@dataclass(frozen=True)
class Person:
    """Somebody who has signed up, and signed in once."""

    email: str
    password: str
    sub: str
    tokens: Tokens


def new_password() -> str:
    """A password that the pool's policy takes."""
    return f"{PASSWORD_MARK}{secrets.token_hex(8)}"


def new_email() -> str:
    """An address of nobody."""
    return f"e2e-{secrets.token_hex(8)}@example.org"


def claims_of(token: str) -> dict[str, Any]:
    """Read a token's claims without verifying it."""
    payload = token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims


def sign_in(cognito: Any, pool_id: str, client_id: str, email: str, password: str) -> Tokens:
    """Sign in by SRP, which every environment's app client allows."""
    srp = AWSSRP(email, password, pool_id, client_id, client=cognito)
    result = srp.authenticate_user()["AuthenticationResult"]
    return Tokens(result["IdToken"], result["AccessToken"], result["RefreshToken"])


@contextmanager
def person(
    aws: Aws, outputs: dict[str, Any], pool_id: str = "", client_id: str = "", group: str = ""
) -> Iterator[Person]:
    """Sign somebody up, confirm and sign in; the account and its rows go when the block ends.

    Args:
        aws: Makes clients of AWS.
        outputs: The environment's.
        pool_id: A user pool other than the environment's.
        client_id: An app client other than the site's.
        group: A group to be put into before signing in.
    """
    cognito = aws("cognito-idp")
    pool_id = pool_id or outputs["user_pool_id"]
    client_id = client_id or outputs["user_pool_client_id"]
    email, password = new_email(), new_password()
    sub = cognito.sign_up(ClientId=client_id, Username=email, Password=password)["UserSub"]
    try:
        cognito.admin_confirm_sign_up(UserPoolId=pool_id, Username=email)
        if group:
            cognito.admin_add_user_to_group(UserPoolId=pool_id, Username=email, GroupName=group)
        yield Person(email, password, sub, sign_in(cognito, pool_id, client_id, email, password))
    finally:
        cognito.admin_delete_user(UserPoolId=pool_id, Username=sub)  # the address may have changed
        for table in (outputs["reporters_table"], outputs["texts_table"]):
            aws("dynamodb").delete_item(TableName=table, Key={"sub": {"S": sub}})
