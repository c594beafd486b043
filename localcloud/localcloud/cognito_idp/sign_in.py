"""How users sign in through the API: by SRP, a password, the challenges after it, or a refresh token.

Sources: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_InitiateAuth.html and
.../API_RespondToAuthChallenge.html, .../API_AdminInitiateAuth.html

Left out, and refused: custom challenges, choice-based sign-in, devices.
"""

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from moto.cognitoidp.models import CognitoIdpUser

from localcloud.cognito_idp import authentication, password_verifier, software_token
from localcloud.cognito_idp.authentication import NEW_PASSWORD, App
from localcloud.cognito_idp.claims import ADMIN_SCOPE
from localcloud.cognito_idp.errors import CognitoError, invalid_parameter, not_authorized
from localcloud.cognito_idp.pools import find_client, require_client
from localcloud.cognito_idp.tokens import Grant, Tokens, issue, refresh
from localcloud.cognito_idp.users import require_writable, set_attributes

type Request = Mapping[str, Any]

_ALLOWED_BY = {
    "ADMIN_NO_SRP_AUTH": "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    "ADMIN_USER_PASSWORD_AUTH": "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    "REFRESH_TOKEN": "ALLOW_REFRESH_TOKEN_AUTH",
    "REFRESH_TOKEN_AUTH": "ALLOW_REFRESH_TOKEN_AUTH",
    "USER_PASSWORD_AUTH": "ALLOW_USER_PASSWORD_AUTH",
    "USER_SRP_AUTH": "ALLOW_USER_SRP_AUTH",
}
_DEFAULT_FLOWS = ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH"]
_AUTHENTICATED = "TokenGeneration_Authentication"


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
    """RespondToAuthChallenge."""
    if request["ChallengeName"] not in _CHALLENGES:
        raise invalid_parameter(f"{request['ChallengeName']} is no challenge that was given here")
    responses = request.get("ChallengeResponses") or {}
    return _CHALLENGES[request["ChallengeName"]](
        _app(request, responses), request.get("Session") or "", responses
    )


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
    app = _app(request, given)
    if flow not in _ALLOWED_BY:
        raise invalid_parameter(f"{flow} is not served here")
    if {flow, _ALLOWED_BY[flow]}.isdisjoint(
        app.client.extended_config.get("ExplicitAuthFlows") or _DEFAULT_FLOWS
    ):
        raise invalid_parameter(f"{flow} flow not enabled for this client")
    if flow.startswith("REFRESH"):
        token = given.get("REFRESH_TOKEN", "")
        return {"AuthenticationResult": result(refresh(app.pool, app.client, token, app.metadata))}
    if flow == "USER_SRP_AUTH":
        asked = password_verifier.ask(app, *_required(given, "USERNAME", "SRP_A"))
        return {"ChallengeName": password_verifier.NAME, "ChallengeParameters": asked}
    return _continue(app, authentication.check_password(app, *_required(given, "USERNAME", "PASSWORD")))


def _verify_password(app: App, _session: str, responses: Mapping[str, str]) -> dict[str, Any]:
    return _continue(app, password_verifier.check(app, responses))


def _take_password(app: App, session: str, responses: Mapping[str, str]) -> dict[str, Any]:
    prefix = "userAttributes."
    given = {k.removeprefix(prefix): v for k, v in responses.items() if k.startswith(prefix)}
    require_writable(given)
    user = authentication.choose_password(app, session, responses.get("NEW_PASSWORD", ""))
    set_attributes(user, given)
    return _continue(app, user, "TokenGeneration_NewPasswordChallenge")


def _take_code(app: App, session: str, responses: Mapping[str, str]) -> dict[str, Any]:
    code = responses.get(f"{software_token.NAME}_CODE", "")
    return _signed_in(app, authentication.give_code(app, session, code))


_CHALLENGES: dict[str, Callable[[App, str, Mapping[str, str]], dict[str, Any]]] = {
    password_verifier.NAME: _verify_password,
    NEW_PASSWORD: _take_password,
    software_token.NAME: _take_code,
}


def _continue(app: App, user: CognitoIdpUser, source: str = _AUTHENTICATED) -> dict[str, Any]:
    """Ask what is to be asked, or sign the user in."""
    challenge = authentication.challenge_after(app, user)
    if challenge is None:
        return _signed_in(app, user, source)
    name, session = challenge
    parameters = {"USER_ID_FOR_SRP": user.username}
    if name == NEW_PASSWORD:
        known = {name: value for name, value in user.attribute_lookup.items() if name != "sub"}
        parameters |= {"requiredAttributes": "[]", "userAttributes": json.dumps(known)}
    return {"ChallengeName": name, "Session": session, "ChallengeParameters": parameters}


def _signed_in(app: App, user: CognitoIdpUser, source: str = _AUTHENTICATED) -> dict[str, Any]:
    authentication.run_post_authentication(app, user)
    now = int(time.time())
    grant = Grant(app.pool, app.client, user, (ADMIN_SCOPE,), source, now, client_metadata=app.metadata)
    return {"ChallengeParameters": {}, "AuthenticationResult": result(issue(grant))}


def _required(given: Mapping[str, str], *names: str) -> list[str]:
    if missing := next((name for name in names if not given.get(name)), None):
        raise invalid_parameter(f"Missing required parameter {missing}")
    return [given[name] for name in names]


def _app(request: Request, given: Mapping[str, str]) -> App:
    """The app that asks; the hash of its secret is among what is given."""
    hashed = {"ClientId": request["ClientId"], "SecretHash": given.get("SECRET_HASH")}
    pool, client = require_client(hashed, given.get("USERNAME", ""))
    return App(pool, client, request.get("ClientMetadata") or {})


def _require_pools_client(request: Request) -> None:
    client_id = request["ClientId"]
    found = find_client(client_id)
    if found is None or found[0].id != request["UserPoolId"]:
        raise CognitoError("ResourceNotFoundException", f"User pool client {client_id} does not exist.")
