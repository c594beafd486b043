"""Who is signed in: refresh tokens, what became of those that were revoked, and whose an access token is.

Sources: https://docs.aws.amazon.com/cognito/latest/developerguide/token-revocation.html and
https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
"""

import secrets
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from moto.cognitoidp.models import CognitoIdpUser, CognitoIdpUserPool

from localcloud.cognito_idp.claims import ADMIN_SCOPE
from localcloud.cognito_idp.errors import no_such_user, not_authorized
from localcloud.cognito_idp.pools import all_pools, issuer
from localcloud.cognito_idp.users import find_user
from localcloud.tokens.verifier import InvalidTokenError, Reason, verify


@dataclass(frozen=True)
class Session:
    """One sign-in of a user; it lasts as long as its refresh token.

    Attributes:
        scopes: What was asked for at sign-in, before any trigger.
        auth_time: When, in seconds since 1970; `expires` likewise.
        with_id_token: Whether it gives ID tokens; one of the hosted UI without the scope `openid` does not.
        origin_jti: What every token of this session carries.
    """

    pool_id: str
    client_id: str
    user_id: str
    scopes: tuple[str, ...]
    auth_time: int
    expires: float
    with_id_token: bool = True
    origin_jti: str = field(default_factory=lambda: str(uuid.uuid4()))


class Sessions:
    """The sessions of every pool, by refresh token. Safe between threads."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._open: dict[str, Session] = {}
        self._revoked: dict[str, float] = {}  # origin_jti, and until when it matters

    def open(self, session: Session) -> str:
        """Keep a session, and give it a refresh token."""
        token = secrets.token_urlsafe(64)
        with self._lock:
            self._open[token] = session
        return token

    def find(self, refresh_token: str) -> Session | None:
        """The session of a refresh token; none if it is unknown, revoked or at its end."""
        session = self._open.get(refresh_token)
        return session if session and session.expires > self._clock() else None

    def revoke(self, refresh_token: str) -> None:
        """End a session, and with it the access tokens that it gave."""
        with self._lock:
            if session := self._open.pop(refresh_token, None):
                self._revoked[session.origin_jti] = session.expires

    def sign_out(self, pool: CognitoIdpUserPool, user: CognitoIdpUser) -> None:
        """End every session of a user."""
        owner = (pool.id, user.id)
        for token, session in list(self._open.items()):
            if (session.pool_id, session.user_id) == owner:
                self.revoke(token)

    def is_revoked(self, origin_jti: str) -> bool:
        """Whether a session was ended before its time."""
        return self._revoked.get(origin_jti, 0.0) > self._clock()


SESSIONS = Sessions()
"""The local cloud's."""


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
