"""Issues the tokens of user pools.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-with-identity-providers.html

Left out: refresh token rotation; the refresh token is random, where AWS encrypts.
"""

import base64
import hashlib
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from joserfc import jwt
from moto.cognitoidp.models import CognitoIdpUser, CognitoIdpUserPool, CognitoIdpUserPoolClient

from localcloud.cognito_idp import triggers
from localcloud.cognito_idp.claims import Overrides, read_overrides, readable_attributes
from localcloud.cognito_idp.errors import not_authorized
from localcloud.cognito_idp.pools import issuer, signing_key
from localcloud.cognito_idp.sessions import SESSIONS, Session
from localcloud.cognito_idp.users import attributes_of, find_user, groups_of, status_of

HOSTED = "TokenGeneration_HostedAuth"
_UNIT_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86_400}
_DEFAULTS = {"AccessToken": (1, "hours"), "IdToken": (1, "hours"), "RefreshToken": (30, "days")}


@dataclass(frozen=True)
class Grant:
    """Why tokens are issued.

    Attributes:
        pool: Whose tokens.
        client: To which app client.
        user: For whom.
        scopes: What the access token would have, before the trigger.
        trigger_source: The sign-in's, such as `TokenGeneration_Authentication`.
        auth_time: When the user signed in, in seconds since 1970.
        nonce: The sign-in request's, if it had one.
        client_metadata: What the app passes on to triggers.
    """

    pool: CognitoIdpUserPool
    client: CognitoIdpUserPoolClient
    user: CognitoIdpUser
    scopes: tuple[str, ...]
    trigger_source: str
    auth_time: int
    nonce: str | None = None
    client_metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Tokens:
    """What is issued; `expires_in` is the access token's, in seconds."""

    access_token: str
    expires_in: int
    id_token: str | None = None
    refresh_token: str | None = None


def issue(grant: Grant) -> Tokens:
    """Issue tokens after a sign-in.

    Raises:
        CognitoError: The pre token generation trigger refuses.
    """
    session = Session(
        grant.pool.id,
        grant.client.id,
        grant.user.id,
        grant.scopes,
        grant.auth_time,
        time.time() + lifetime(grant.client, "RefreshToken"),
        with_id_token=grant.trigger_source != HOSTED or "openid" in grant.scopes,
    )
    issued = _sign(grant, session)
    return Tokens(issued.access_token, issued.expires_in, issued.id_token, SESSIONS.open(session))


def refresh(
    pool: CognitoIdpUserPool,
    client: CognitoIdpUserPoolClient,
    refresh_token: str,
    client_metadata: Mapping[str, str] | None = None,
) -> Tokens:
    """Issue new ID and access tokens for a refresh token.

    Raises:
        CognitoError: NotAuthorizedException if the token is not this client's, or no longer valid.
    """
    session = SESSIONS.find(refresh_token)
    if session is None or (session.pool_id, session.client_id) != (pool.id, client.id):
        raise not_authorized("Invalid Refresh Token")
    user = find_user(pool, session.user_id)
    if user is None or not user.enabled:
        raise not_authorized("User is disabled." if user else "Invalid Refresh Token")
    source, metadata = "TokenGeneration_RefreshTokens", client_metadata or {}
    grant = Grant(pool, client, user, session.scopes, source, session.auth_time, client_metadata=metadata)
    return _sign(grant, session)


def client_credentials(
    pool: CognitoIdpUserPool, client: CognitoIdpUserPoolClient, scopes: tuple[str, ...]
) -> Tokens:
    """Issue an access token to an app client for itself; no trigger below version 3 is asked."""
    now, seconds = int(time.time()), lifetime(client, "AccessToken")
    claims = _common(pool, now, now + seconds, now) | {
        "sub": client.id,
        "client_id": client.id,
        "token_use": "access",
        "scope": " ".join(scopes),
        "version": 2,
    }
    return Tokens(_signed(pool, claims), seconds)


def lifetime(client: CognitoIdpUserPoolClient, kind: str) -> int:
    """How many seconds a client's tokens last; `kind` is `AccessToken`, `IdToken` or `RefreshToken`."""
    count, unit = _DEFAULTS[kind]
    settings = client.extended_config
    unit = (settings.get("TokenValidityUnits") or {}).get(kind) or unit
    return int(settings.get(f"{kind}Validity") or count) * _UNIT_SECONDS[unit]


def _sign(grant: Grant, session: Session) -> Tokens:
    overrides = _ask_trigger(grant)
    groups = groups_of(grant.user) if overrides.groups is None else overrides.groups
    scopes = overrides.access.apply_to_scopes(grant.scopes)
    now, seconds = int(time.time()), lifetime(grant.client, "AccessToken")
    common = {"origin_jti": session.origin_jti, "event_id": str(uuid.uuid4()), "sub": grant.user.id} | (
        {"cognito:groups": groups} if groups else {}
    )
    access = overrides.access.apply(
        _common(grant.pool, now, now + seconds, grant.auth_time)
        | common
        | {
            "client_id": grant.client.id,
            "username": grant.user.username,
            "token_use": "access",
            "scope": " ".join(scopes),
            "version": 2,
        }
    )
    access_token = _signed(grant.pool, access)
    if not session.with_id_token:
        return Tokens(access_token, seconds)
    until = now + lifetime(grant.client, "IdToken")
    identity = overrides.identity.apply(
        readable_attributes(grant.user, grant.client, grant.scopes)
        | _common(grant.pool, now, until, grant.auth_time)
        | common
        | {"aud": grant.client.id, "cognito:username": grant.user.username, "token_use": "id"}
        | ({"nonce": grant.nonce} if grant.nonce else {})
        | ({"at_hash": _half_hash(access_token)} if grant.trigger_source == HOSTED else {})
    )
    return Tokens(access_token, seconds, _signed(grant.pool, identity))


def _ask_trigger(grant: Grant) -> Overrides:
    user, basic = grant.user, triggers.is_basic(grant.pool)
    request = {
        "userAttributes": attributes_of(user) | {"cognito:user_status": status_of(user)},
        "groupConfiguration": {
            "groupsToOverride": groups_of(user),
            "iamRolesToOverride": [],
            "preferredRole": None,
        },
        "clientMetadata": dict(grant.client_metadata),
    } | ({} if basic else {"scopes": list(grant.scopes)})
    details = "claimsOverrideDetails" if basic else "claimsAndScopeOverrideDetails"
    response = triggers.run(
        grant.pool,
        "PreTokenGeneration",
        grant.trigger_source,
        username=user.username,
        client_id=grant.client.id,
        request=request,
        response={details: None},
    )
    return read_overrides({details: response.get(details)})


def _common(pool: CognitoIdpUserPool, now: int, until: int, auth_time: int) -> dict[str, Any]:
    return {"iss": issuer(pool), "auth_time": auth_time, "iat": now, "exp": until, "jti": str(uuid.uuid4())}


def _signed(pool: CognitoIdpUserPool, claims: dict[str, Any]) -> str:
    key = signing_key(pool.id)
    return jwt.encode({"kid": key.kid, "alg": "RS256"}, claims, key, default_type=None)


def _half_hash(token: str) -> str:
    """The `at_hash` of an access token (OpenID Connect Core 1.0, section 3.1.3.6)."""
    left = hashlib.sha256(token.encode("ascii")).digest()[:16]
    return base64.urlsafe_b64encode(left).decode().rstrip("=")
