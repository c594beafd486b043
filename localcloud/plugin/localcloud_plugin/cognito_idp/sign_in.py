"""How users sign in through the API: with a password, a first password to be changed, or a refresh token.

Sources: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_InitiateAuth.html and
.../API_RespondToAuthChallenge.html, .../API_AdminInitiateAuth.html

Left out, and refused: SRP, custom challenges, several factors, devices.
"""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from moto.cognitoidp.models import CognitoIdpUser, CognitoIdpUserPool, CognitoIdpUserPoolClient, UserStatus

from localcloud_plugin.cognito_idp import triggers
from localcloud_plugin.cognito_idp.claims import ADMIN_SCOPE
from localcloud_plugin.cognito_idp.errors import CognitoError, invalid_parameter, not_authorized
from localcloud_plugin.cognito_idp.passwords import authenticate, check_policy
from localcloud_plugin.cognito_idp.pools import find_client, require_client
from localcloud_plugin.cognito_idp.tokens import Grant, Tokens, issue, refresh
from localcloud_plugin.cognito_idp.users import attributes_of, find_user, set_attributes

type Request = Mapping[str, Any]

NEW_PASSWORD = "NEW_PASSWORD_REQUIRED"  # noqa: S105 - a challenge's name
SESSION_SECONDS = 180
_PASSWORD_FLOWS = {
    "USER_PASSWORD_AUTH": "ALLOW_USER_PASSWORD_AUTH",
    "ADMIN_USER_PASSWORD_AUTH": "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    "ADMIN_NO_SRP_AUTH": "ALLOW_ADMIN_USER_PASSWORD_AUTH",
}
_REFRESH_FLOWS = ("REFRESH_TOKEN_AUTH", "REFRESH_TOKEN")
_DEFAULT_FLOWS = ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH"]


@dataclass(frozen=True)
class _Challenge:
    """Who has to answer a challenge, and until when."""

    pool_id: str
    client_id: str
    user_id: str
    expires: float


_challenges: dict[str, _Challenge] = {}


def initiate_auth(request: Request) -> dict[str, Any]:
    """InitiateAuth, for anybody."""
    if request["AuthFlow"].startswith("ADMIN_"):
        raise invalid_parameter("Initiate Auth method not supported.")
    return _initiate(request)


def admin_initiate_auth(request: Request) -> dict[str, Any]:
    """AdminInitiateAuth, for a server with credentials of AWS."""
    _require_pools_client(request)
    return _initiate(request)


def respond_to_auth_challenge(request: Request) -> dict[str, Any]:
    """RespondToAuthChallenge: a new password for the temporary one."""
    if request["ChallengeName"] != NEW_PASSWORD:
        raise invalid_parameter(f"{request['ChallengeName']} is no challenge that was given here")
    answers = request.get("ChallengeResponses") or {}
    pool, client = require_client(_hashed(request, answers), answers.get("USERNAME", ""))
    challenge = _challenges.get(request.get("Session") or "")
    user = find_user(pool, challenge.user_id) if challenge else None
    if challenge is None or user is None or challenge.client_id != client.id:
        raise not_authorized("Invalid session for the user.")
    if challenge.expires < time.time():
        raise not_authorized("Invalid session for the user, session is expired.")
    check_policy(pool, answers.get("NEW_PASSWORD", ""))
    del _challenges[request["Session"]]
    user.password = answers["NEW_PASSWORD"]
    user.status = UserStatus.CONFIRMED
    prefix = "userAttributes."
    set_attributes(user, {k.removeprefix(prefix): v for k, v in answers.items() if k.startswith(prefix)})
    return _signed_in(pool, client, user, request, "TokenGeneration_NewPasswordChallenge")


def admin_respond_to_auth_challenge(request: Request) -> dict[str, Any]:
    """AdminRespondToAuthChallenge."""
    _require_pools_client(request)
    return respond_to_auth_challenge(request)


def get_tokens_from_refresh_token(request: Request) -> dict[str, Any]:
    """GetTokensFromRefreshToken; the client's secret comes as it is."""
    found = find_client(request["ClientId"])
    if found is None:
        raise CognitoError("ResourceNotFoundException", "User pool client does not exist.")
    pool, client = found
    if client.generate_secret and request.get("ClientSecret") != client.secret:
        raise not_authorized(f"Unable to verify secret for client {client.id}")
    issued = refresh(pool, client, request["RefreshToken"], request.get("ClientMetadata"))
    return {"AuthenticationResult": result(issued)}


def result(tokens: Tokens) -> dict[str, Any]:
    """An `AuthenticationResult`."""
    given = {
        "AccessToken": tokens.access_token,
        "ExpiresIn": tokens.expires_in,
        "TokenType": "Bearer",
        "IdToken": tokens.id_token,
        "RefreshToken": tokens.refresh_token,
    }
    return {name: value for name, value in given.items() if value is not None}


def _initiate(request: Request) -> dict[str, Any]:
    flow, given = request["AuthFlow"], request.get("AuthParameters") or {}
    pool, client = require_client(_hashed(request, given), given.get("USERNAME", ""))
    if flow in _REFRESH_FLOWS:
        _require_flow(client, flow, "ALLOW_REFRESH_TOKEN_AUTH")
        token = given.get("REFRESH_TOKEN", "")
        return {"AuthenticationResult": result(refresh(pool, client, token, request.get("ClientMetadata")))}
    if flow not in _PASSWORD_FLOWS:
        raise invalid_parameter(f"{flow} is not served here")
    _require_flow(client, flow, _PASSWORD_FLOWS[flow])
    missing = next((name for name in ("USERNAME", "PASSWORD") if not given.get(name)), None)
    if missing:
        raise invalid_parameter(f"Missing required parameter {missing}")
    _run_authentication_trigger(pool, client, given["USERNAME"], request, "PreAuthentication")
    user = authenticate(pool, client, given["USERNAME"], given["PASSWORD"])
    if user.status == UserStatus.FORCE_CHANGE_PASSWORD:
        return _challenge(pool, client, user)
    return _signed_in(pool, client, user, request, "TokenGeneration_Authentication")


def _challenge(
    pool: CognitoIdpUserPool, client: CognitoIdpUserPoolClient, user: CognitoIdpUser
) -> dict[str, Any]:
    session = secrets.token_urlsafe(64)
    _challenges[session] = _Challenge(pool.id, client.id, user.id, time.time() + SESSION_SECONDS)
    return {
        "ChallengeName": NEW_PASSWORD,
        "Session": session,
        "ChallengeParameters": {"USER_ID_FOR_SRP": user.username, "requiredAttributes": "[]"},
    }


def _signed_in(
    pool: CognitoIdpUserPool,
    client: CognitoIdpUserPoolClient,
    user: CognitoIdpUser,
    request: Request,
    source: str,
) -> dict[str, Any]:
    _run_authentication_trigger(pool, client, user.username, request, "PostAuthentication")
    metadata = request.get("ClientMetadata") or {}
    grant = Grant(pool, client, user, (ADMIN_SCOPE,), source, int(time.time()), client_metadata=metadata)
    return {"ChallengeParameters": {}, "AuthenticationResult": result(issue(grant))}


def _run_authentication_trigger(
    pool: CognitoIdpUserPool,
    client: CognitoIdpUserPoolClient,
    username: str,
    request: Request,
    trigger: str,
) -> None:
    """Tell the trigger before or after a sign-in; it refuses by failing."""
    user = find_user(pool, username)
    if user is None:
        return
    metadata = dict(request.get("ClientMetadata") or {})
    after = {"newDeviceUsed": False, "clientMetadata": metadata}
    before = {"validationData": metadata, "userNotFound": False}
    triggers.run(
        pool,
        trigger,
        f"{trigger}_Authentication",
        username=user.username,
        client_id=client.id,
        request={"userAttributes": attributes_of(user)} | (after if trigger.startswith("Post") else before),
        response={},
    )


def _hashed(request: Request, given: Mapping[str, str]) -> dict[str, Any]:
    """The request as other operations have it: with the secret's hash on top."""
    return {"ClientId": request["ClientId"], "SecretHash": given.get("SECRET_HASH")}


def _require_flow(client: CognitoIdpUserPoolClient, flow: str, allowed_by: str) -> None:
    allowed = client.extended_config.get("ExplicitAuthFlows") or _DEFAULT_FLOWS
    if not {allowed_by, flow} & set(allowed):
        raise invalid_parameter(f"{flow} flow not enabled for this client")


def _require_pools_client(request: Request) -> None:
    found = find_client(request["ClientId"])
    if found is None or found[0].id != request["UserPoolId"]:
        raise CognitoError(
            "ResourceNotFoundException", f"User pool client {request['ClientId']} does not exist."
        )
