"""Authorizes with a JSON Web Token of any OpenID Connect issuer.

Sources: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html and
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-jwt.html

How claims look as text, and that `scopes` is null on a route that wants none, is as seen of AWS. Of the
`error_description` texts, those for the audience, for the end of a token's time and for what is no token are
AWS's; the others say the same in our own words.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from localcloud.apigatewayv2.errors import HttpApiError
from localcloud.apigatewayv2.identity_sources import find_authorizer, read_identity_sources
from localcloud.apigatewayv2.invocation import Invocation
from localcloud.tokens.verifier import InvalidTokenError, Reason

_WRONG_AUDIENCE = "the token does not have a valid audience"
_NO_TOKEN = "token contains an invalid number of segments"  # noqa: S105 - a description
_DESCRIPTIONS = {
    Reason.MALFORMED: "the token is malformed",
    Reason.ALGORITHM: "the signing method is invalid",
    Reason.ISSUER: "the token does not have a valid issuer",
    Reason.KEY: "the token's key is not one of its issuer's",
    Reason.SIGNATURE: "the token's signature is invalid",
    Reason.EXPIRED: "the token has expired",
    Reason.NOT_YET_VALID: "the token is not valid yet",
}


class JwtAuthorizer:
    """Authorizes invocations.

    Args:
        verify: Verifies a token of an issuer; returns its claims or raises InvalidTokenError.
    """

    def __init__(self, verify: Callable[[str, str], dict[str, Any]]) -> None:
        self._verify = verify

    def __call__(self, invocation: Invocation, route: Mapping[str, Any]) -> dict[str, Any]:
        """Verify the token.

        Returns:
            dict[str, Any]: `{"jwt": {"claims": ..., "scopes": ...}}`.

        Raises:
            HttpApiError: 401 without a valid token, 403 if it has none of the route's scopes.
        """
        wanted = route.get("authorizationScopes") or []
        authorizer = find_authorizer(invocation, route)
        sources = read_identity_sources(invocation, authorizer)
        if not sources:
            raise HttpApiError(401, "Unauthorized", {"www-authenticate": "Bearer"})
        claims = self._claims(sources[0].removeprefix("Bearer "), authorizer["jwtConfiguration"], wanted)
        scopes = _scopes(claims)
        if wanted and set(wanted).isdisjoint(scopes):
            raise HttpApiError(403, "Forbidden", _challenge(wanted, "insufficient_scope"))
        return {"jwt": {"claims": render_claims(claims), "scopes": scopes if wanted else None}}

    def _claims(self, token: str, settings: Mapping[str, Any], wanted: list[str]) -> dict[str, Any]:
        try:
            claims = self._verify(token, settings["issuer"])
        except InvalidTokenError as error:
            description = _DESCRIPTIONS[error.reason] if token.count(".") == 2 else _NO_TOKEN
        else:
            if _audience(claims) & set(settings.get("audience") or []):
                return claims
            description = _WRONG_AUDIENCE
        raise HttpApiError(401, "Unauthorized", _challenge(wanted, "invalid_token", description))


def render_claims(claims: Mapping[str, Any]) -> dict[str, str]:
    """Claims as integrations get them: all texts, lists as `[a b]`, nothing for null."""
    return {name: _render(value) for name, value in claims.items() if value is not None}


def _render(value: Any) -> str:
    if isinstance(value, list):
        return f"[{' '.join(map(_render, value))}]"
    return value if isinstance(value, str) else json.dumps(value)


def _audience(claims: Mapping[str, Any]) -> set[str]:
    """Whom the token is for: `client_id` counts where there is no `aud`."""
    return set(_texts(claims["aud"] if "aud" in claims else claims.get("client_id")))


def _scopes(claims: Mapping[str, Any]) -> list[str]:
    scopes = claims.get("scope") or claims.get("scp")
    return scopes.split() if isinstance(scopes, str) else _texts(scopes)


def _texts(value: Any) -> list[str]:
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str)]


def _challenge(scopes: list[str], error: str, description: str = "") -> dict[str, str]:
    """RFC 6750's challenge, with AWS's spaces in place of commas."""
    reason = f' error_description="{description}"' if description else ""
    return {"www-authenticate": f'Bearer scope="{" ".join(scopes)}" error="{error}"{reason}'}
