"""`make token`: signs somebody in, and prints a token of theirs.

To the local system they sign in with a password, and who is unknown is signed up first, as anybody may; to
one on AWS, or with BROWSER=yes, by the browser. On the local system, GROUP=reviewers puts them into a group
before, as an administrator does on AWS. The password is read from the environment variable
`PASSWORD`, so that no list of processes shows it. The token stands alone on the standard output.
"""

import argparse
import os
from collections.abc import Mapping
from typing import Any

from tasks.account.browser_sign_in import BrowserSignIn, callback_here
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
    """Take who signs in, which token is wanted, and how."""
    parser.add_argument("--user", default="", help="e-mail address of who signs in")
    parser.add_argument("--kind", default="id", help="of the token: id or access")
    parser.add_argument("--group", default="", help="to be put into before; on the local system alone")
    parser.add_argument("--browser", default="", help="yes: by the browser, as always on AWS")


def run(environment: Environment, arguments: argparse.Namespace) -> None:
    """Print a token; whatever else there is to say goes to the standard error.

    Raises:
        StepError: An input is wrong, or Cognito refuses.
    """
    user, by_browser = arguments.user, bool(arguments.browser) or not environment.is_local
    _require_inputs(user, arguments.kind, arguments.browser, needs_user=not by_browser)
    if arguments.group and by_browser:
        raise StepError(
            f"GROUP={arguments.group} is for the local system and a password: "
            "elsewhere, an administrator puts people into groups (docs/runbook.md, People)"
        )
    environment.enter_tools()
    cognito, outputs = environment.client("cognito-idp"), environment.outputs()
    if by_browser:
        sign_in = _browser_sign_in(cognito, outputs, user, environment)
        print(_by_browser(sign_in, past_proxies=environment.is_local)[f"{arguments.kind}_token"])
    else:
        print(issue(cognito, outputs, user, arguments.kind, arguments.group))


def _browser_sign_in(
    cognito: Any, outputs: Mapping[str, Any], user: str, environment: Environment
) -> BrowserSignIn:
    """A sign-in to the site's app client, with what that client allows.

    Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeUserPoolClient.html
    """
    pool, client_id = outputs["user_pool_id"], outputs["user_pool_client_id"]
    client = cognito.describe_user_pool_client(UserPoolId=pool, ClientId=client_id)["UserPoolClient"]
    sites_own = client.get("DefaultRedirectURI")  # where the site itself listens
    redirect = callback_here(url for url in client.get("CallbackURLs", []) if url != sites_own)
    if redirect is None:
        raise StepError(
            f"the app client of {environment.name} sends nobody back to this machine",
            f'add "http://localhost:3000/callback" to callback_urls in {environment.settings.shown}, '
            f"then `make apply ENV={environment.name}`",
        )
    return BrowserSignIn(
        outputs["hosted_ui_url"], client_id, redirect, (*client["AllowedOAuthScopes"],), user
    )


def _by_browser(sign_in: BrowserSignIn, *, past_proxies: bool) -> dict[str, str]:
    with sign_in.listen() as listener:
        say(f"open this in a browser on this machine, and sign in (or sign up):\n{sign_in.url}", error=True)
        code = listener.code()
    return sign_in.exchange(code, past_proxies=past_proxies)


def issue(cognito: Any, outputs: Mapping[str, Any], user: str, kind: str, group: str = "") -> str:
    """Get a token of somebody's, who is signed up if need be.

    Args:
        cognito: A client of Cognito user pools.
        outputs: The environment's.
        user: An e-mail address.
        kind: `id` or `access`.
        group: What they are put into before, so that the token has its scopes; empty for none.

    Raises:
        StepError: Cognito refuses.
    """
    pool, client = outputs["user_pool_id"], outputs["user_pool_client_id"]
    password = os.environ.get("PASSWORD") or PASSWORD
    try:
        if ensure_confirmed(cognito, pool, client, user, password):
            say(f"{user} was unknown and is signed up now", error=True)
        if group:
            cognito.admin_add_user_to_group(UserPoolId=pool, Username=user, GroupName=group)
        return sign_in(cognito, client, user, password)[TOKENS[kind]]
    except cognito.exceptions.ClientError as error:
        raise StepError(error.response["Error"]["Message"]) from error


def _require_inputs(user: str, kind: str, browser: str, *, needs_user: bool) -> None:
    if needs_user and not user:
        raise StepError("USER=ann@example.org is missing")
    if user and "@" not in user:
        raise StepError(f"USER={user} is not an e-mail address: write it as in USER=ann@example.org")
    if kind not in TOKENS:
        raise StepError(f"KIND={kind} is not a token: choose id or access")
    if browser not in ("", "yes"):
        raise StepError(f"BROWSER={browser} is not valid: say BROWSER=yes, or leave it out")
