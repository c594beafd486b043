"""The paging token: opaque to callers, bound to the query that it continues, and good for an hour.

A token is base64url (RFC 4648, section 5, without padding) of a JSON array: the texts of the position, the
Unix time at which it was made, and a checksum. The checksum covers the position, the time and the query, so
that a token that was changed, or is used with another query, is refused. It keeps callers from mistakes, not
from secrets: whoever may ask a query may read all of its pages.
"""

import base64
import binascii
import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence

from dragons.errors import FieldError, InvalidRequestError

LIFETIME_SECONDS = 3600
CLOCK_SKEW_SECONDS = 60
"""How far the clocks of two execution environments may be apart."""

_EXPIRED = "has expired after an hour: start again without it"
_REASON = "is not a token of this query: start again without it"


def to_token(
    position: Sequence[str], query: Mapping[str, str], clock: Callable[[], float] = time.time
) -> str:
    """Make the token that continues a query behind a position.

    Args:
        position: The texts that the query's adapter goes on from.
        query: What the token is good for.
        clock: Seconds of Unix time.
    """
    return _encode(position, int(clock()), query)


def from_token(
    token: str,
    query: Mapping[str, str],
    fits: Callable[[Sequence[str]], bool] = bool,
    clock: Callable[[], float] = time.time,
) -> list[str]:
    """Read the position of a token back.

    Args:
        token: What a caller gave.
        query: What it has to be good for.
        fits: Whether a position is one that the query can have: anybody can compute a checksum.
        clock: Seconds of Unix time.

    Raises:
        InvalidRequestError: It has expired, or it was changed, cut, made up, or belongs to another query.
    """
    try:
        padded = token.encode("ascii") + b"=" * (-len(token) % 4)
        *parts, made, _checksum = json.loads(base64.urlsafe_b64decode(padded))
        position = [str(part) for part in parts]
        if isinstance(made, int) and token == _encode(position, made, query) and fits(position):
            age = clock() - made
            if age > LIFETIME_SECONDS:
                raise _refused(_EXPIRED)
            if age >= -CLOCK_SKEW_SECONDS:
                return position
    except (binascii.Error, OverflowError, RecursionError, TypeError, ValueError):
        pass  # not a token at all: refused in the same words
    raise _refused(_REASON)


def _encode(position: Sequence[str], made: int, query: Mapping[str, str]) -> str:
    content = json.dumps([*position, made, sorted(query.items())])
    checksum = hashlib.sha256(content.encode()).hexdigest()[:32]
    parts = [*position, made, checksum]
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def _refused(reason: str) -> InvalidRequestError:
    return InvalidRequestError("Invalid nextToken", [FieldError("nextToken", reason)])
