"""Authorizes with the token of a user pool, authorizers of type COGNITO_USER_POOLS.

Sources: https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-enable-cognito-user-pool.html
and https://docs.aws.amazon.com/apigateway/latest/api/API_Authorizer.html

A method without scopes wants an ID token, one with scopes an access token that has any of them; both with or
without `Bearer `. No app client is checked, but by `identityValidationExpression`, which an ID token's `aud`
has to match. Every refusal is UNAUTHORIZED; that an expired token's message differs, and how claims look as
text, is as seen of AWS.

Left out: `authorizerResultTtlInSeconds`. Each request's token is verified, so none outlives its `exp`.
"""

import json
import re
import time
from collections.abc import Callable, Mapping
from typing import Any

from localstack.services.apigateway.next_gen.execute_api.gateway_response import UnauthorizedError
from localstack.services.apigateway.next_gen.execute_api.helpers import render_uri_with_stage_variables

from localcloud.apigateway.authorization import AuthorizerConfigurationError
from localcloud.apigateway.identity_sources import (
    UnknownIdentitySourceError,
    read_identity_sources,
)
from localcloud.apigateway.java_regex import compile_java
from localcloud.cognito_idp import pools
from localcloud.tokens.verifier import InvalidTokenError, Reason

type Verify = Callable[..., dict[str, Any]]
"""Verifies a token of any of the issuers named after it; returns its claims or raises InvalidTokenError."""


def find_issuer(pool_id: str) -> str | None:
    """The issuer of a user pool's tokens; none if there is no such pool."""
    pool = pools.find_pool(pool_id)
    return pools.issuer(pool) if pool else None


class CognitoAuthorizer:
    """Authorizes invocations.

    Args:
        verify: Verifies a token.
        find_issuer: Finds a user pool's issuer.
    """

    def __init__(self, verify: Verify, find_issuer: Callable[[str], str | None] = find_issuer) -> None:
        self._verify = verify
        self._find_issuer = find_issuer

    def __call__(self, context: Any, authorizer: Mapping[str, Any]) -> None:
        """Verify the token and pass its claims on as `$context.authorizer.claims`.

        Args:
            context: The invocation.
            authorizer: The API's definition of it.

        Raises:
            UnauthorizedError: No token, or none that will do.
            AuthorizerConfigurationError: The definition is malformed.
        """
        try:
            claims = self._verify(_token(context, authorizer), *self._issuers(context, authorizer))
            suits = _suits(claims, context.resource_method.get("authorizationScopes"), authorizer)
        except InvalidTokenError as error:
            expired = error.reason is Reason.EXPIRED
            raise UnauthorizedError("The incoming token has expired" if expired else "Unauthorized") from None
        except (UnknownIdentitySourceError, re.error) as error:
            raise AuthorizerConfigurationError(str(error), context) from error
        if not suits:
            raise UnauthorizedError("Unauthorized")
        context.context_variables["authorizer"] = {"claims": render_claims(claims)}

    def _issuers(self, context: Any, authorizer: Mapping[str, Any]) -> list[str]:
        """The issuers behind `providerARNs`, which may name a stage variable."""
        arns = authorizer.get("providerARNs") or []
        rendered = [render_uri_with_stage_variables(arn, context.stage_variables) or "" for arn in arns]
        return [issuer for arn in rendered if (issuer := self._find_issuer(arn.rpartition("/")[2]))]


def render_claims(claims: Mapping[str, Any]) -> dict[str, str]:
    """Claims as templates and functions get them: all texts, lists joined by commas, times as Java's Date."""
    texts = {name: _render(value) for name, value in claims.items() if value is not None}
    dates = {name: _date(claims[name]) for name in ("exp", "iat") if name in claims}
    return texts | dates


def _token(context: Any, authorizer: Mapping[str, Any]) -> str:
    identity = read_identity_sources(authorizer.get("identitySource"), context)
    if not identity:
        raise UnauthorizedError("Unauthorized")
    return identity[0].removeprefix("Bearer ")


def _suits(claims: Mapping[str, Any], scopes: list[str] | None, authorizer: Mapping[str, Any]) -> bool:
    """Whether a valid token is of the kind that the method wants, and has what it wants."""
    if scopes:
        return claims.get("token_use") == "access" and not set(scopes).isdisjoint(
            str(claims.get("scope", "")).split()
        )
    expression = authorizer.get("identityValidationExpression")
    return claims.get("token_use") == "id" and (
        not expression or compile_java(expression).fullmatch(str(claims.get("aud", ""))) is not None
    )


def _render(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(map(_render, value))
    return value if isinstance(value, str) else json.dumps(value)


def _date(seconds: float) -> str:
    return time.strftime("%a %b %d %H:%M:%S UTC %Y", time.gmtime(seconds))
