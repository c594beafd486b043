"""What a user pool's tokens say, and how the pre token generation trigger changes it.

Sources: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-id-token.html
and .../amazon-cognito-user-pools-using-the-access-token.html, .../user-pool-lambda-pre-token-generation.html

Left out: the claims of roles (`cognito:roles`, `cognito:preferred_role`) and devices.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from moto.cognitoidp.models import CognitoIdpUser, CognitoIdpUserPoolClient

from localcloud.cognito_idp.users import attributes_of

ADMIN_SCOPE = "aws.cognito.signin.user.admin"
_BY_SCOPE = {"email": ("email", "email_verified"), "phone": ("phone_number", "phone_number_verified")}
_WHO = {"aud", "azp", "client_id", "cognito:username", "identities", "iss", "sub", "token_use", "username"}
_WHEN = {"auth_time", "exp", "iat", "nbf"}
_HOW = {"acr", "amr", "at_hash", "event_id", "jti", "nonce", "origin_jti", "scope", "version"}
_RESERVED = _WHO | _WHEN | _HOW


@dataclass(frozen=True)
class Changes:
    """What a trigger wants changed in one token."""

    add: Mapping[str, Any] = field(default_factory=dict)
    suppress: frozenset[str] = frozenset()
    add_scopes: tuple[str, ...] = ()
    suppress_scopes: frozenset[str] = frozenset()

    def apply(self, claims: Mapping[str, Any]) -> dict[str, Any]:
        """The claims with what may be changed changed: those that say who and for how long stay."""
        kept = {
            name: value for name, value in claims.items() if name in _RESERVED or name not in self.suppress
        }
        return kept | {name: value for name, value in self.add.items() if name not in _RESERVED}

    def apply_to_scopes(self, scopes: Iterable[str]) -> tuple[str, ...]:
        """The scopes with some added and some taken away, none twice."""
        every = dict.fromkeys((*scopes, *self.add_scopes))
        return tuple(scope for scope in every if scope not in self.suppress_scopes)


@dataclass(frozen=True)
class Overrides:
    """A pre token generation trigger's whole response; `groups` is none where it leaves them alone."""

    identity: Changes = Changes()
    access: Changes = Changes()
    groups: list[str] | None = None


def read_overrides(response: Mapping[str, Any]) -> Overrides:
    """Read the trigger's response, of version 1 (the ID token alone) or of version 2 and 3."""
    old = response.get("claimsOverrideDetails") or {}
    new = response.get("claimsAndScopeOverrideDetails") or {}
    groups = (new or old).get("groupOverrideDetails") or {}
    return Overrides(
        _changes(new.get("idTokenGeneration") or old),
        _changes(new.get("accessTokenGeneration") or {}),
        groups.get("groupsToOverride"),
    )


def readable_attributes(
    user: CognitoIdpUser, client: CognitoIdpUserPoolClient, scopes: Iterable[str]
) -> dict[str, Any]:
    """The attributes that an ID token shows to a client, each in its type; see `readable_texts`."""
    return {name: _typed(name, value) for name, value in readable_texts(user, client, scopes).items()}


def readable_texts(
    user: CognitoIdpUser, client: CognitoIdpUserPoolClient, scopes: Iterable[str]
) -> dict[str, str]:
    """The attributes that the user info shows to a client, as they are kept.

    With no scope but `openid`, or with `profile`, everything that the client may read; with others, what they
    stand for.

    Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-define-resource-servers.html
    """
    readable = client.get_readable_fields()
    known = attributes_of(user)
    known = {f"{name}_verified": "false" for name in ("email", "phone_number") if name in known} | known
    always = ("sub", "identities")
    shown = {k: v for k, v in known.items() if k in always or not readable or k in readable}
    asked = frozenset(scopes)
    if ADMIN_SCOPE in asked or "profile" in asked or asked.isdisjoint(_BY_SCOPE):
        return shown
    named = {"sub", "identities", *(name for scope in asked for name in _BY_SCOPE.get(scope, ()))}
    return {name: value for name, value in shown.items() if name in named}


def _changes(details: Mapping[str, Any]) -> Changes:
    return Changes(
        details.get("claimsToAddOrOverride") or {},
        frozenset(details.get("claimsToSuppress") or []),
        tuple(details.get("scopesToAdd") or []),
        frozenset(details.get("scopesToSuppress") or []),
    )


def _typed(name: str, value: str) -> Any:
    """Attributes are texts; in a token a few of them are more."""
    if name in ("email_verified", "phone_number_verified"):
        return value == "true"
    return json.loads(value) if name == "identities" else value
