"""Verifies a JSON Web Token: who signed it, for how long, and that nothing about it is odd.

Sources: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html,
https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html
and RFC 8725 (one kind of algorithm, keys from the issuer alone).

AWS documents no leeway for clocks, so there is none. Audience, use and scopes are for the caller to check:
each API has its own rule. Stricter than documented: a token without `exp`, and one that repeats a JSON key,
are refused.
"""

import re
import time
from collections.abc import Callable
from enum import Enum
from typing import Any

from joserfc import jws
from joserfc.errors import BadSignatureError, JoseError
from joserfc.jwk import RSAKey
from joserfc.util import urlsafe_b64decode

from localcloud.gateway.json_text import parse_request_json
from localcloud.tokens.keys import KeySource

ALGORITHMS = ("RS256", "RS384", "RS512")
MAX_LENGTH = 10_240
"""Characters; API Gateway takes no longer headers."""

_SEGMENTS = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]+")


class Reason(Enum):
    """Why a token is refused."""

    MALFORMED = "malformed"
    ALGORITHM = "algorithm"
    ISSUER = "issuer"
    KEY = "key"
    SIGNATURE = "signature"
    EXPIRED = "expired"
    NOT_YET_VALID = "not yet valid"


class InvalidTokenError(Exception):
    """The token is refused. The message never quotes it.

    Attributes:
        reason: Why.
    """

    def __init__(self, reason: Reason) -> None:
        super().__init__(f"invalid token: {reason.value}")
        self.reason = reason


class Verifier:
    """Verifies tokens with the keys that a source finds.

    Args:
        keys: Finds an issuer's keys.
        clock: The time, in seconds since 1970.
    """

    def __init__(self, keys: KeySource, clock: Callable[[], float] = time.time) -> None:
        self._keys = keys
        self._clock = clock

    def verify(self, token: str, *issuers: str) -> dict[str, Any]:
        """Verify a signed token in its compact form.

        Args:
            token: The token alone, without `Bearer`.
            issuers: Who may have issued it: `iss` is one of them, character for character.

        Returns:
            dict[str, Any]: Its claims.

        Raises:
            InvalidTokenError: Anything at all is wrong with it.
        """
        header, claims = _take_apart(token)
        key = self._find_key(header, claims, issuers)
        _check_signature(token, key)
        _check_times(claims, self._clock())
        return claims

    def _find_key(self, header: dict[str, Any], claims: dict[str, Any], issuers: tuple[str, ...]) -> RSAKey:
        """Find the key by the issuer that the token claims to be from; its signature then proves that."""
        if header.get("alg") not in ALGORITHMS:
            raise InvalidTokenError(Reason.ALGORITHM)
        issuer, key_id = claims.get("iss"), header.get("kid")
        if not isinstance(issuer, str) or issuer not in issuers:
            raise InvalidTokenError(Reason.ISSUER)
        key = self._keys.find(issuer, key_id) if isinstance(key_id, str) else None
        if key is None:
            raise InvalidTokenError(Reason.KEY)
        return key


verify = Verifier(KeySource()).verify
"""The local cloud's own verifier; its keys are shared by all who ask."""


class _Registry(jws.JWSRegistry):
    """The algorithms; of lengths, `MAX_LENGTH` is the only limit."""

    max_header_length = max_payload_length = max_signature_length = MAX_LENGTH


_REGISTRY = _Registry(algorithms=list(ALGORITHMS), strict_check_header=False)


def _take_apart(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The header and the claims, neither of them to be believed yet."""
    segments = _SEGMENTS.fullmatch(token) if len(token) <= MAX_LENGTH else None
    if segments is None:
        raise InvalidTokenError(Reason.MALFORMED)
    header, claims = (_read_object(segment) for segment in segments.groups())
    if "crit" in header:  # extensions that must be understood: none is
        raise InvalidTokenError(Reason.MALFORMED)
    return header, claims


def _read_object(segment: str) -> dict[str, Any]:
    try:
        value = parse_request_json(urlsafe_b64decode(segment.encode()))
    except ValueError:
        raise InvalidTokenError(Reason.MALFORMED) from None
    if not isinstance(value, dict):
        raise InvalidTokenError(Reason.MALFORMED)
    return value


def _check_signature(token: str, key: RSAKey) -> None:
    try:
        jws.deserialize_compact(token, key, registry=_REGISTRY)
    except BadSignatureError:
        raise InvalidTokenError(Reason.SIGNATURE) from None
    except JoseError:
        raise InvalidTokenError(Reason.MALFORMED) from None


def _check_times(claims: dict[str, Any], now: float) -> None:
    times = {name: claims[name] for name in ("exp", "nbf", "iat") if name in claims}
    if "exp" not in times or any(type(value) not in (int, float) for value in times.values()):
        raise InvalidTokenError(Reason.MALFORMED)
    if times["exp"] <= now:
        raise InvalidTokenError(Reason.EXPIRED)
    if max(times.get("nbf", now), times.get("iat", now)) > now:
        raise InvalidTokenError(Reason.NOT_YET_VALID)
