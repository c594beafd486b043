"""The identity providers behind a user pool, as its settings name them.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-oidc-idp.html

Left out: SAML and the social providers, whose people cannot sign in here; `jwks_uri` (keys are always
discovered).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from moto.cognitoidp.models import CognitoIdpUserPool, CognitoIdpUserPoolClient

from localcloud.tokens.discovery import discover

COGNITO = "COGNITO"
"""The name of the pool itself among the identity providers of an app client."""

_ENDPOINTS = {
    "authorization_endpoint": "authorize_url",
    "token_endpoint": "token_url",
    "userinfo_endpoint": "attributes_url",
}


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


def name_of_identifier(pool: CognitoIdpUserPool, identifier: str) -> str | None:
    """The name of the provider that has an identifier, such as a company's domain."""
    for provider in pool.identity_providers.values():
        if identifier in (provider.extended_config.get("IdpIdentifiers") or []):
            return str(provider.name)
    return None
