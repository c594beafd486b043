"""The identity providers behind a user pool, and what they say of a person.

Sources: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-oidc-idp.html (the
secret goes in the body) and OpenID Connect Core 1.0, sections 3.1.3.7 and 5.3.2.

Left out: SAML and the social providers, whose people cannot sign in here; `jwks_uri` (keys are always
discovered).
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests
from moto.cognitoidp.models import (
    CognitoIdpIdentityProvider,
    CognitoIdpUserPool,
    CognitoIdpUserPoolClient,
)

from localcloud.tokens.discovery import IssuerUnavailableError, discover
from localcloud.tokens.verifier import InvalidTokenError, verify

COGNITO = "COGNITO"
"""The name of the pool itself among the identity providers of an app client."""

_ENDPOINTS = {
    "authorization_endpoint": "authorize_url",
    "token_endpoint": "token_url",
    "userinfo_endpoint": "attributes_url",
}
TIMEOUT_SECONDS = 5


@dataclass(frozen=True)
class OidcProvider:
    """An OpenID Connect provider; `details` are its `ProviderDetails`, in AWS's words."""

    name: str
    details: Mapping[str, str]
    attribute_mapping: Mapping[str, str]

    @property
    def issuer(self) -> str:
        """Who issues its ID tokens."""
        return self.details["oidc_issuer"]

    def endpoints(self) -> dict[str, str]:
        """Its endpoints, by the names of OpenID Connect discovery, which is asked where settings lack one.

        Raises:
            IssuerUnavailableError: It has no discovery document that could be read.
        """
        known = {name: self.details[key] for name, key in _ENDPOINTS.items() if self.details.get(key)}
        return known if len(known) == len(_ENDPOINTS) else discover(self.issuer) | known


def supported(client: CognitoIdpUserPoolClient) -> list[str]:
    """The names of the identity providers whose people may sign in to an app, `COGNITO` among them."""
    return client.extended_config.get("SupportedIdentityProviders") or []


def find_provider(pool: CognitoIdpUserPool, name: str) -> OidcProvider | None:
    """The OpenID Connect provider of a name."""
    found = pool.identity_providers.get(name)
    if found is None or found.extended_config.get("ProviderType") != "OIDC":
        return None
    settings: dict[str, Any] = found.extended_config
    return OidcProvider(name, settings["ProviderDetails"], settings["AttributeMapping"])


def describe(provider: CognitoIdpIdentityProvider, extended: bool = False) -> dict[str, Any]:
    """A provider as the operations return it; to an OIDC provider's details, Cognito adds what it finds.

    Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateIdentityProvider.html
    """
    said = provider._base_json() | (provider.extended_config if extended else {})
    if extended and said["ProviderType"] == "OIDC":
        details = {"attributes_url_add_attributes": "false"} | said["ProviderDetails"]
        try:
            found = discover(details["oidc_issuer"])
        except IssuerUnavailableError:
            found = {}
        urls = {
            key: found[name] for name, key in (_ENDPOINTS | {"jwks_uri": "jwks_uri"}).items() if name in found
        }
        said["ProviderDetails"] = urls | details
    return said


def name_of_identifier(pool: CognitoIdpUserPool, identifier: str) -> str | None:
    """The name of the provider that has an identifier, such as a company's domain."""
    for provider in pool.identity_providers.values():
        if identifier in (provider.extended_config.get("IdpIdentifiers") or []):
            return str(provider.name)
    return None


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
        ProviderError: It cannot be reached, refuses, or its responses cannot be trusted.
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
        response = requests.request(method, url, timeout=TIMEOUT_SECONDS, allow_redirects=False, **request)
    except requests.Timeout:
        raise ProviderError(f"Timeout occurred in calling IdP {what} endpoint") from None
    except requests.RequestException:
        raise ProviderError(f"{provider.name} cannot be reached") from None
    if response.status_code != 200:
        raise ProviderError(f"{provider.name} Error - {response.status_code} error getting {what}")
    try:
        found = response.json()
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise ProviderError(f"{provider.name} Error - no JSON from the endpoint for {what}")
    return found
