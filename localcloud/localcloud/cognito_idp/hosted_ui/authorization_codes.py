"""The codes that a client exchanges for tokens: one use, five minutes, and for who asked alone.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html
"""

from dataclasses import dataclass

from moto.cognitoidp.models import CognitoIdpUser
from rolo import Response

from localcloud.cognito_idp.expiring import Expiring
from localcloud.cognito_idp.hosted_ui.authorization_request import AuthorizationRequest, proves
from localcloud.cognito_idp.hosted_ui.browser_sessions import BrowserSession, remember
from localcloud.cognito_idp.hosted_ui.domain import Domain
from localcloud.cognito_idp.hosted_ui.responses import redirect

SECONDS = 300


@dataclass(frozen=True)
class AuthorizationCode:
    """What a code stands for: a client's request, and the sign-in for it."""

    request: AuthorizationRequest
    session: BrowserSession

    def is_for(self, client_id: str, redirect_uri: str | None, verifier: str | None) -> bool:
        """Whether who exchanges it is who asked for it."""
        asked = self.request
        mine = (asked.client.id, asked.redirect_uri) == (client_id, redirect_uri)
        return mine and proves(verifier, asked.challenge)


CODES: Expiring[AuthorizationCode] = Expiring(SECONDS)
"""The local cloud's."""


def redirect_with_code(request: AuthorizationRequest, session: BrowserSession) -> Response:
    """Send the browser back to the client, with the code it asked for."""
    code = CODES.keep(AuthorizationCode(request, session))
    return redirect(request.redirect_uri, {"code": code, "state": request.state})


def complete_sign_in(
    domain: Domain, request: AuthorizationRequest, user: CognitoIdpUser, provider: str
) -> Response:
    """Redirect after a sign-in by an identity provider, and remember the browser."""
    session = BrowserSession(domain.pool.id, user.id, provider)
    response = redirect_with_code(request, session)
    remember(domain, session, response)
    return response
