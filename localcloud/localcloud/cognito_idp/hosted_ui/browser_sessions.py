"""The sessions of browsers: for an hour after a sign-in, the next one asks for nothing.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-managed-login.html

As on AWS, GlobalSignOut ends no browser's session: `/logout` does.
"""

import time
from dataclasses import dataclass, field

from rolo import Request, Response

from localcloud.cognito_idp.expiring import Expiring
from localcloud.cognito_idp.hosted_ui.domain import Domain
from localcloud.cognito_idp.users import find_user

SECONDS = 3600
COOKIE = "cognito"


@dataclass(frozen=True)
class BrowserSession:
    """One browser's sign-in.

    Attributes:
        pool_id: In which pool.
        user_id: The user's `sub`.
        provider: Which identity provider signed them in.
        auth_time: When, in seconds since 1970.
    """

    pool_id: str
    user_id: str
    provider: str
    auth_time: int = field(default_factory=lambda: int(time.time()))


BROWSERS: Expiring[BrowserSession] = Expiring(SECONDS)
"""The local cloud's, by cookie."""


def remember(domain: Domain, session: BrowserSession, response: Response) -> None:
    """Sign a browser in, under a new key: one that was there before may be somebody else's."""
    domain.set_cookie(response, COOKIE, BROWSERS.keep(session), SECONDS)


def find(domain: Domain, request: Request) -> BrowserSession | None:
    """The browser's session; None if its user may no longer sign in."""
    session = BROWSERS.find(request.cookies.get(COOKIE, ""))
    if session is None or session.pool_id != domain.pool.id:
        return None
    user = find_user(domain.pool, session.user_id)
    return session if user and user.enabled else None


def end(domain: Domain, request: Request, response: Response) -> None:
    """Sign the browser out."""
    BROWSERS.take(request.cookies.get(COOKIE, ""))
    domain.drop_cookie(response, COOKIE)
