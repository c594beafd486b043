"""Where a client sends a browser to have somebody signed in: `/oauth2/authorize`.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html
"""

from rolo import Request, Response

from localcloud.cognito_idp.hosted_ui import browser_sessions, federation
from localcloud.cognito_idp.hosted_ui.authorization_codes import redirect_with_code
from localcloud.cognito_idp.hosted_ui.authorization_request import read_request
from localcloud.cognito_idp.hosted_ui.domain import Domain
from localcloud.cognito_idp.hosted_ui.identity_providers import COGNITO
from localcloud.cognito_idp.hosted_ui.responses import redirect


def authorize(domain: Domain, request: Request) -> Response:
    """`GET /oauth2/authorize`: back with a code, on to an identity provider, or to the sign-in page."""
    asked = read_request(domain.pool, request.args)
    session = browser_sessions.find(domain, request)
    if session and asked.accepts(session.provider):
        return redirect_with_code(asked, session)
    if asked.provider in (None, COGNITO):
        return redirect(f"{domain.url}/login?{asked.query}")
    return federation.start(domain, asked)
