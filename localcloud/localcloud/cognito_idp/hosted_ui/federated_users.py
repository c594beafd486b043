"""Users whom another identity provider signs in: made at the first time, brought up to date at the next.

Source:
https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-specifying-attribute-mapping.html

As Cognito is seen to do, the first sign-in runs the pre sign-up and the post confirmation trigger, the next
ones those before and after an authentication. Left out: linked accounts, and the group that AWS makes of each
provider's users.
"""

import json
import time
from collections.abc import Mapping
from typing import Any

from moto.cognitoidp.models import CognitoIdpUser

from localcloud.cognito_idp.authentication import App, run_post_authentication, run_pre_authentication
from localcloud.cognito_idp.confirmation import SIGNED_UP, announce
from localcloud.cognito_idp.errors import CognitoError, not_authorized
from localcloud.cognito_idp.hosted_ui.identity_providers import OidcProvider
from localcloud.cognito_idp.new_users import add_user, apply_decision, ask_pre_sign_up
from localcloud.cognito_idp.users import EXTERNAL, set_attributes, status_of


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
