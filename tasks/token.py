"""`make token`: signs somebody in to the local system; who is unknown is signed up first, as anybody may.

The password is read from the environment variable `PASSWORD`, so that no list of processes shows it. The
token stands alone on the standard output.
"""

import argparse
import os
from collections.abc import Mapping
from typing import Any

from tasks.environment.environment import Environment
from tasks.processes.steps import StepError, say

PASSWORD = "Local-dragons-1"  # noqa: S105 - guards nothing: it is everybody's on a local cloud
TOKENS = {"id": "IdToken", "access": "AccessToken"}


def ensure_confirmed(cognito: Any, pool: str, client_id: str, email: str, password: str) -> bool:
    """Sign somebody up unless they have; confirm them, unless they are, in place of the code by mail.

    Returns:
        Whether they were unknown.

    Source: https://docs.aws.amazon.com/cognito/latest/developerguide/signing-up-users-in-your-app.html
    """
    try:
        status = cognito.admin_get_user(UserPoolId=pool, Username=email)["UserStatus"]
        unknown = False
    except cognito.exceptions.UserNotFoundException:
        cognito.sign_up(ClientId=client_id, Username=email, Password=password)
        status, unknown = "UNCONFIRMED", True
    if status == "UNCONFIRMED":
        cognito.admin_confirm_sign_up(UserPoolId=pool, Username=email)
    return unknown


def sign_in(cognito: Any, client_id: str, email: str, password: str) -> dict[str, str]:
    """Sign in with a password.

    Returns:
        Cognito's `AuthenticationResult`.

    Raises:
        StepError: The password is another one, or is not all that is asked for.

    Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_InitiateAuth.html
    """
    try:
        answer = cognito.initiate_auth(
            ClientId=client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": email, "PASSWORD": password},
        )
    except cognito.exceptions.NotAuthorizedException as error:
        reason = error.response["Error"]["Message"]
        raise StepError(f"{reason} If {email} has a password of their own, add PASSWORD=...") from error
    if "AuthenticationResult" not in answer:
        raise StepError(f"{email} has to sign in by the browser first: {answer['ChallengeName']}")
    result: dict[str, str] = answer["AuthenticationResult"]
    return result


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take who signs in, and which token is wanted."""
    parser.add_argument("--user", default="", help="e-mail address of who signs in")
    parser.add_argument("--kind", default="id", help="of the token: id or access")


def run(environment: Environment, arguments: argparse.Namespace) -> None:
    """Print a token; whatever else there is to say goes to the standard error.

    Raises:
        StepError: An input is wrong, or Cognito refuses.
    """
    user: str = arguments.user
    _require_inputs(user, arguments.kind)
    if not environment.is_local:
        url = environment.outputs()["hosted_ui_url"]
        raise StepError(f"people sign in to {environment.name} by the browser: {url}")
    environment.enter_tools()
    print(issue(environment.client("cognito-idp"), environment.outputs(), user, arguments.kind))


def issue(cognito: Any, outputs: Mapping[str, Any], user: str, kind: str) -> str:
    """Get a token of somebody's, who is signed up if need be.

    Args:
        cognito: A client of Cognito user pools.
        outputs: The environment's.
        user: An e-mail address.
        kind: `id` or `access`.

    Raises:
        StepError: Cognito refuses.
    """
    pool, client = outputs["user_pool_id"], outputs["user_pool_client_id"]
    password = os.environ.get("PASSWORD") or PASSWORD
    try:
        if ensure_confirmed(cognito, pool, client, user, password):
            say(f"{user} was unknown and is signed up now", error=True)
        return sign_in(cognito, client, user, password)[TOKENS[kind]]
    except cognito.exceptions.ClientError as error:
        raise StepError(error.response["Error"]["Message"]) from error


def _require_inputs(user: str, kind: str) -> None:
    if not user:
        raise StepError("USER=ann@example.org is missing")
    if "@" not in user:
        raise StepError(f"USER={user} is not an e-mail address: write it as in USER=ann@example.org")
    if kind not in TOKENS:
        raise StepError(f"KIND={kind} is not a token: choose id or access")
