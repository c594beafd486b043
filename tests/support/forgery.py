"""Tokens that no issuer would give: made of real ones, or signed with the local cloud's own key."""

import base64
import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from support.people import claims_of


def issuers_key(token: str) -> RSAKey:
    """The private key of the local cloud's user pool that issued a token; AWS gives its own to nobody."""
    log = os.environ.get("DRAGONS_CLOUD_LOG")
    if log is None:
        pytest.skip("the target keeps its signing key to itself")
    pool_id = claims_of(token)["iss"].rpartition("/")[2]
    [where] = Path(log).parent.rglob(f"{pool_id}.jwk")
    return RSAKey.import_key(json.loads(where.read_text()))


def forged(token: str, **changes: Any) -> str:
    """The token with other claims, signed as the pool signs; a claim of None is left out."""
    return signed(token, issuers_key(token), **changes)


def signed(token: str, key: RSAKey, **changes: Any) -> str:
    """The token with other claims and somebody's signature."""
    claims = claims_of(token) | {"jti": os.urandom(8).hex()} | changes
    kept = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(_header(token), kept, key)


def expired(token: str) -> str:
    """The token of an hour ago, at the end of its life."""
    now = int(time.time())
    return forged(token, iat=now - 3600, auth_time=now - 3600, exp=now - 60)


def not_yet_valid(token: str) -> str:
    """The token of the next hour."""
    return forged(token, nbf=int(time.time()) + 3600)


def tampered(token: str) -> str:
    """The token as somebody else's, under its old signature."""
    header, _, signature = token.split(".")
    return f"{header}.{_encoded(claims_of(token) | {'sub': 'somebody-else'})}.{signature}"


def unsigned(token: str) -> str:
    """The token under `alg: none` (RFC 7519, section 6)."""
    return f"{_encoded(_header(token) | {'alg': 'none'})}.{token.split('.')[1]}."


def signed_with_the_public_key(token: str, public: dict[str, Any]) -> str:
    """The token under HS256, with the issuer's public key for a secret (RFC 8725, section 2.1)."""
    secret = OctKey.import_key(RSAKey.import_key(public).as_pem(private=False))
    return jwt.encode(_header(token) | {"alg": "HS256"}, claims_of(token), secret, algorithms=["HS256"])


def _header(token: str) -> dict[str, Any]:
    head = token.split(".")[0]
    header: dict[str, Any] = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    return header


def _encoded(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
