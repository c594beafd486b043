"""Sign somebody in to the local cloud and print a token; who is unknown is signed up first, as anybody may.

`.venv/bin/python -m tasks.token --user ann@example.org --pool ID --client ID --kind id --region REGION
--endpoint URL`. The password is read from the environment variable `PASSWORD`, so that no list of processes
shows it. The token stands alone on the standard output.
"""

import argparse
import os
import sys
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from tasks.clients import add_endpoint, client

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
        ValueError: The password is another one, or is not all that is asked for.

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
        raise ValueError(f"{reason} If {email} has a password of their own, add PASSWORD=...") from error
    if "AuthenticationResult" not in answer:
        raise ValueError(f"{email} has to sign in by the browser first: {answer['ChallengeName']}")
    result: dict[str, str] = answer["AuthenticationResult"]
    return result


def main() -> None:
    """Print a token; whatever else there is to say goes to the standard error."""
    parser = argparse.ArgumentParser(prog="python -m tasks.token", description=__doc__)
    parser.add_argument("--user", required=True, help="e-mail address of the person")
    parser.add_argument("--pool", required=True, help="id of the user pool")
    parser.add_argument("--client", required=True, help="id of the site's app client")
    parser.add_argument("--kind", required=True, choices=TOKENS, help="which token")
    parser.add_argument("--region", required=True, help="region of the environment")
    add_endpoint(parser)
    arguments = parser.parse_args()
    cognito = client("cognito-idp", arguments.region, arguments.endpoint)
    password = os.environ.get("PASSWORD") or PASSWORD
    try:
        if ensure_confirmed(cognito, arguments.pool, arguments.client, arguments.user, password):
            print(f"{arguments.user} was unknown and is signed up now", file=sys.stderr)
        result = sign_in(cognito, arguments.client, arguments.user, password)
    except ClientError as error:
        sys.exit(f"error: {error.response['Error']['Message']}")
    except (BotoCoreError, ValueError) as error:
        sys.exit(f"error: {error}")
    print(result[TOKENS[arguments.kind]])


if __name__ == "__main__":
    main()
