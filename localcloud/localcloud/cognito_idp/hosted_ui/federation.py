"""Signing in by another OpenID Connect provider: the way there, and back at `/oauth2/idpresponse`.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-oidc-flow.html
"""

import hmac
import secrets
from dataclasses import dataclass

from rolo import Request, Response

from localcloud.cognito_idp.authentication import App
from localcloud.cognito_idp.errors import CognitoError
from localcloud.cognito_idp.expiring import Expiring
from localcloud.cognito_idp.hosted_ui.authorization_codes import complete_sign_in
from localcloud.cognito_idp.hosted_ui.authorization_request import AuthorizationRequest
from localcloud.cognito_idp.hosted_ui.domain import Domain
from localcloud.cognito_idp.hosted_ui.errors import UntrustedRequestError
from localcloud.cognito_idp.hosted_ui.federated_users import sign_in
from localcloud.cognito_idp.hosted_ui.identity_providers import OidcProvider, find_provider
from localcloud.cognito_idp.hosted_ui.provider_claims import ProviderError, fetch_claims
from localcloud.cognito_idp.hosted_ui.responses import redirect
from localcloud.tokens.discovery import IssuerUnavailableError

SECONDS = 300
COOKIE = "csrf-state"


@dataclass(frozen=True)
class _Departure:
    """Somebody who was sent to a provider: for which request, and from which browser."""

    request: AuthorizationRequest
    provider: OidcProvider
    nonce: str
    browser: str


_departures: Expiring[_Departure] = Expiring(SECONDS)


def start(domain: Domain, asked: AuthorizationRequest) -> Response:
    """Send the browser to the identity provider that a request names.

    Raises:
        AuthorizationError: The provider cannot be asked where to.
    """
    provider = _require_provider(asked)
    try:
        endpoint = provider.endpoints()["authorization_endpoint"]
    except (IssuerUnavailableError, KeyError):
        raise asked.error("invalid_request", f"{provider.name} cannot be reached") from None
    departure = _Departure(asked, provider, secrets.token_urlsafe(32), secrets.token_urlsafe(32))
    parameters = {
        "client_id": provider.details["client_id"],
        "redirect_uri": _callback(domain),
        "response_type": "code",
        "scope": provider.details["authorize_scopes"],
        "state": _departures.keep(departure),
        "nonce": departure.nonce,
    }
    answer = redirect(endpoint, parameters)
    domain.set_cookie(answer, COOKIE, departure.browser, SECONDS)
    return answer


def arrive(domain: Domain, request: Request) -> Response:
    """`GET /oauth2/idpresponse`: the provider sends the browser back.

    Raises:
        UntrustedRequestError: Nobody was sent there with this state, from this browser, in these minutes.
        AuthorizationError: The provider, a trigger or the user's account refuses.
    """
    departure = _departures.take(request.args.get("state", ""))
    browser = request.cookies.get(COOKIE, "")
    if departure is None or departure.request.pool is not domain.pool:
        raise UntrustedRequestError("This sign-in has expired, or was never begun. Go back and try again.")
    if not hmac.compare_digest(browser.encode(), departure.browser.encode()):
        raise UntrustedRequestError("This sign-in was begun in another browser. Go back and try again.")
    answer = _sign_in(domain, request, departure)
    domain.drop_cookie(answer, COOKIE)
    return answer


def _sign_in(domain: Domain, request: Request, departure: _Departure) -> Response:
    asked, provider = departure.request, departure.provider
    code, refused = request.args.get("code"), request.args.get("error")
    if not code:
        raise asked.error("invalid_request", f"{provider.name} Error - {refused or 'no code'}")
    try:
        claims = fetch_claims(provider, code, _callback(domain), departure.nonce)
        user = sign_in(App(domain.pool, asked.client), provider, claims)
    except ProviderError as error:
        raise asked.error("invalid_request", str(error)) from None
    except CognitoError as error:
        raise asked.error("invalid_request", error.message) from None
    return complete_sign_in(domain, asked, user, provider.name)


def _require_provider(asked: AuthorizationRequest) -> OidcProvider:
    provider = find_provider(asked.pool, asked.provider or "")
    if provider is None:
        raise asked.error("invalid_request", "the app client has no such identity provider")
    return provider


def _callback(domain: Domain) -> str:
    return f"{domain.url}/oauth2/idpresponse"
