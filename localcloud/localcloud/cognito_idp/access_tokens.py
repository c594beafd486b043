"""Whose access token it is, for the operations and endpoints that ask for one.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from moto.cognitoidp.models import CognitoIdpUser, CognitoIdpUserPool

from localcloud.cognito_idp.claims import ADMIN_SCOPE
from localcloud.cognito_idp.errors import no_such_user, not_authorized
from localcloud.cognito_idp.pools import all_pools, issuer
from localcloud.cognito_idp.sessions import SESSIONS
from localcloud.cognito_idp.users import find_user
from localcloud.tokens.verifier import InvalidTokenError, Reason, verify


@dataclass(frozen=True)
class Owner:
    """Whose access token it is, and what it says."""

    pool: CognitoIdpUserPool
    user: CognitoIdpUser
    claims: Mapping[str, Any]


def owner_of(access_token: str, scope: str = ADMIN_SCOPE) -> Owner:
    """Whose access token it is.

    Args:
        access_token: The token.
        scope: What it has to have.

    Raises:
        CognitoError: NotAuthorizedException.
    """
    issuers = {issuer(pool): pool for pool in all_pools()}
    try:
        claims = verify(access_token, *issuers)
    except InvalidTokenError as error:
        expired = error.reason is Reason.EXPIRED
        raise not_authorized("Access Token has expired" if expired else "Invalid Access Token") from None
    if claims.get("token_use") != "access":
        raise not_authorized("Invalid Access Token")
    if SESSIONS.is_revoked(claims.get("origin_jti", "")):
        raise not_authorized("Access Token has been revoked")
    if scope not in claims.get("scope", "").split():
        raise not_authorized("Access Token does not have required scopes")
    pool = issuers[claims["iss"]]
    user = find_user(pool, claims["sub"])
    if user is None or not user.enabled:
        raise not_authorized("User is disabled.") if user else no_such_user()
    return Owner(pool, user, claims)
