"""Who a partner's token belongs to, and what it allows."""

import hashlib
import re
from typing import Any, Protocol

ROUTE = "GET/partners/dragons"
_BEARER = re.compile(r"(?i:Bearer) +([A-Za-z0-9._~+/-]+=*)")


class Unauthorized(Exception):  # noqa: N818 - the word that API Gateway looks for
    """A caller who is not a partner; it never says which token came, or why it is refused."""

    def __init__(self) -> None:
        super().__init__("Unauthorized")


class Partners(Protocol):
    """The partners on record."""

    def partner_of(self, token_sha256: str) -> str | None:
        """The name of the partner that a token was given to; none if it is unknown or revoked.

        Args:
            token_sha256: The token's SHA-256, in hexadecimal digits.
        """
        ...


def authorize(authorization: str, method_arn: str, partners: Partners) -> dict[str, Any]:
    """Let a partner call the partners' route of the API and stage that it called, and nothing else.

    The policy names the route and not the method that was called: API Gateway keeps it for the token, and
    asks it again for other methods.

    Args:
        authorization: The header's value, `Bearer <token>` as RFC 6750 has it.
        method_arn: `arn:<partition>:execute-api:<region>:<account>:<api>/<stage>/<method>/<path>`.
        partners: Where tokens are looked up.

    Raises:
        Unauthorized: The header is malformed, or the token unknown or revoked.

    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html
    """
    bearer = _BEARER.fullmatch(authorization)
    partner = partners.partner_of(_sha256(bearer[1])) if bearer else None
    if partner is None:
        raise Unauthorized
    api, stage, _ = method_arn.split("/", 2)
    statement = {"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": f"{api}/{stage}/{ROUTE}"}
    return {
        "principalId": partner,
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "context": {"partner": partner},
    }


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode("ascii")).hexdigest()
