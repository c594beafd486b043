"""Signing in by another OpenID Connect provider: the way there, back at `/oauth2/idpresponse`, and the user.

Sources: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-oidc-flow.html and
https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-specifying-attribute-mapping.html

A user is made at the first sign-in and brought up to date at the next. As Cognito is seen to do, the first
runs the pre sign-up and the post confirmation trigger, the next ones those before and after an
authentication. Left out: linked accounts, and the group that AWS makes of each provider's users.
"""

import hmac
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from moto.cognitoidp.models import CognitoIdpUser
from rolo import Request, Response

from localcloud.cognito_idp.authentication import App, run_post_authentication, run_pre_authentication
from localcloud.cognito_idp.confirmation import SIGNED_UP, announce
from localcloud.cognito_idp.errors import CognitoError, not_authorized
from localcloud.cognito_idp.expiring import Expiring
from localcloud.cognito_idp.hosted_ui.authorization_codes import complete_sign_in
from localcloud.cognito_idp.hosted_ui.authorization_request import AuthorizationRequest
from localcloud.cognito_idp.hosted_ui.domain import Domain
from localcloud.cognito_idp.hosted_ui.identity_providers import (
    OidcProvider,
    ProviderError,
    fetch_claims,
    find_provider,
)
from localcloud.cognito_idp.hosted_ui.responses import UntrustedRequestError, redirect
from localcloud.cognito_idp.sign_up import add_user, apply_decision, ask_pre_sign_up
from localcloud.cognito_idp.users import EXTERNAL, set_attributes, status_of
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
    response = redirect(endpoint, parameters)
    domain.set_cookie(response, COOKIE, departure.browser, SECONDS)
    return response


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
    response = _sign_in(domain, request, departure)
    domain.drop_cookie(response, COOKIE)
    return response


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


def sign_in(app: App, provider: OidcProvider, claims: Mapping[str, Any]) -> CognitoIdpUser:
    """The user of a person whom a provider has signed in.

    Args:
        app: Which app they sign in to.
        provider: Who signed them in.
        claims: What it says of them; `sub` is who they are.

    Raises:
        CognitoError: A trigger refuses, the user is disabled, or the name is a local user's.
    """
    username = f"{provider.name}_{claims['sub']}"
    attributes = map_attributes(provider.attribute_mapping, claims)
    user = app.pool.users.get(username)
    if user is None:
        return _join(app, provider, username, claims["sub"], attributes)
    if status_of(user) != EXTERNAL:
        raise CognitoError("UsernameExistsException", "User already exists")
    if not user.enabled:
        raise not_authorized("User is disabled.")
    run_pre_authentication(app, user)
    set_attributes(user, attributes)
    run_post_authentication(app, user)
    return user


def map_attributes(mapping: Mapping[str, str], claims: Mapping[str, Any]) -> dict[str, str]:
    """The user's attributes, of the claims that a provider's attribute mapping names."""
    return {
        attribute: _text(claims[claim])
        for attribute, claim in mapping.items()
        if attribute not in ("username", "sub", "identities") and claims.get(claim) is not None
    }


def _join(
    app: App, provider: OidcProvider, username: str, subject: str, attributes: dict[str, str]
) -> CognitoIdpUser:
    listed = [{"Name": name, "Value": value} for name, value in attributes.items()]
    user = CognitoIdpUser(app.pool.id, username, None, EXTERNAL, listed)
    decided = ask_pre_sign_up(app.pool, user, "PreSignUp_ExternalProvider", app.client.id, {})
    apply_decision(decided, user, confirms=False)
    set_attributes(user, {"identities": _identities(provider, subject)})
    add_user(app.pool, user, username)
    announce(app.pool, user, SIGNED_UP, app.client.id, None)
    return user


def _identities(provider: OidcProvider, subject: str) -> str:
    identity = {
        "userId": subject,
        "providerName": provider.name,
        "providerType": "OIDC",
        "issuer": None,
        "primary": "true",
        "dateCreated": str(int(time.time() * 1000)),
    }
    return json.dumps([identity])


def _text(value: Any) -> str:
    """Attributes are texts: those that are more become JSON."""
    return value if isinstance(value, str) else json.dumps(value)
