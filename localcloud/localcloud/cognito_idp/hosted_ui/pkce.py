"""Proof that who exchanges a code is who asked for it (PKCE), by S256 alone.

Sources: https://docs.aws.amazon.com/cognito/latest/developerguide/using-pkce-in-authorization-code.html and
RFC 7636.
"""

import hashlib
import hmac
import re

from joserfc.util import urlsafe_b64encode

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


def is_challenge(text: str) -> bool:
    """Whether a text can be an S256 challenge."""
    return _CHALLENGE.fullmatch(text) is not None


def proves(verifier: str | None, challenge: str | None) -> bool:
    """Whether a verifier is the one behind a challenge.

    Where there was no challenge there must be no verifier: somebody may have taken the challenge away.
    """
    if verifier is None or challenge is None:
        return verifier is challenge
    if not _VERIFIER.fullmatch(verifier):
        return False
    digest = urlsafe_b64encode(hashlib.sha256(verifier.encode("ascii")).digest())
    return hmac.compare_digest(digest, challenge.encode("ascii"))
