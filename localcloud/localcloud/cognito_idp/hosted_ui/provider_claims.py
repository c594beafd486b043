"""What another identity provider says of a person: by its ID token, which is verified, and its user info.

Sources: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-oidc-idp.html (the
secret goes in the body) and OpenID Connect Core 1.0, sections 3.1.3.7 and 5.3.2.
"""

import hmac
from collections.abc import Mapping
from typing import Any

import requests

from localcloud.cognito_idp.hosted_ui.identity_providers import OidcProvider
from localcloud.tokens.discovery import IssuerUnavailableError
from localcloud.tokens.verifier import InvalidTokenError, verify

TIMEOUT_SECONDS = 5


class ProviderError(Exception):
    """The provider does not sign the person in; the message is for the client, and holds no secret."""


def fetch_claims(provider: OidcProvider, code: str, redirect_uri: str, nonce: str) -> dict[str, Any]:
    """Exchange a code for what the provider says of the person.

    Args:
        provider: The provider.
        code: What it sent the browser back with.
        redirect_uri: Where it sent the browser back to.
        nonce: What the ID token has to repeat.

    Returns:
        The claims of the ID token and of the user info.

    Raises:
        ProviderError: It cannot be reached, refuses, or its answers are not to be believed.
    """
    try:
        endpoints = provider.endpoints()
    except IssuerUnavailableError:
        raise ProviderError(f"{provider.name} cannot be reached") from None
    exchange = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "client_id": provider.details["client_id"],
        "client_secret": provider.details.get("client_secret", ""),
    }
    tokens = _ask(provider, "POST", endpoints.get("token_endpoint"), "token", data=exchange)
    claims = _verified(provider, tokens.get("id_token"), nonce)
    if "userinfo_endpoint" not in endpoints:
        return claims
    return claims | _user_info(provider, endpoints["userinfo_endpoint"], tokens.get("access_token"), claims)


def _verified(provider: OidcProvider, id_token: Any, nonce: str) -> dict[str, Any]:
    """The claims of an ID token that is for us, and for this sign-in."""
    try:
        claims = verify(str(id_token), provider.issuer)
    except InvalidTokenError:
        raise ProviderError("Bad id_token issued by the identity provider") from None
    client_id = provider.details["client_id"]
    audience = claims.get("aud")
    meant = audience == client_id or (
        isinstance(audience, list) and client_id in audience and claims.get("azp") == client_id
    )
    fresh = hmac.compare_digest(str(claims.get("nonce")).encode(), nonce.encode())
    if not meant or not fresh or not isinstance(claims.get("sub"), str):
        raise ProviderError("Bad id_token issued by the identity provider")
    return claims


def _user_info(
    provider: OidcProvider, endpoint: str, access_token: Any, claims: Mapping[str, Any]
) -> dict[str, Any]:
    """The user info, which has to be of the same person."""
    method = provider.details.get("attributes_request_method", "GET")
    headers = {"Authorization": f"Bearer {access_token}"}
    found = _ask(provider, method, endpoint, "attributes", headers=headers)
    if found.get("sub") != claims["sub"]:
        raise ProviderError(f"{provider.name} Error - attributes of somebody else")
    return found


def _ask(provider: OidcProvider, method: str, url: str | None, what: str, **request: Any) -> dict[str, Any]:
    """Ask one of the provider's endpoints for a JSON object."""
    if not url:
        raise ProviderError(f"{provider.name} Error - no endpoint for {what}")
    try:
        answer = requests.request(method, url, timeout=TIMEOUT_SECONDS, allow_redirects=False, **request)
    except requests.Timeout:
        raise ProviderError(f"Timeout occurred in calling IdP {what} endpoint") from None
    except requests.RequestException:
        raise ProviderError(f"{provider.name} cannot be reached") from None
    if answer.status_code != 200:
        raise ProviderError(f"{provider.name} Error - {answer.status_code} error getting {what}")
    try:
        found = answer.json()
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise ProviderError(f"{provider.name} Error - no JSON from the endpoint for {what}")
    return found
