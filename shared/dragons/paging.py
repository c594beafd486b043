"""The paging token: opaque to callers, bound to the query that it continues.

A token is base64url (RFC 4648, section 5, without padding) of a JSON array: the texts of the position, and a
checksum. The checksum covers the position and the query, so that a token that was changed, or is used with
another query, is refused. It keeps callers from mistakes, not from secrets: whoever may ask a query may read
all of its pages.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping, Sequence

from dragons.errors import FieldError, InvalidRequestError

_REASON = "is not a token of this query: start again without it"


def to_token(position: Sequence[str], query: Mapping[str, str]) -> str:
    """Make the token that continues a query behind a position."""
    content = json.dumps([*position, sorted(query.items())])
    checksum = hashlib.sha256(content.encode()).hexdigest()[:32]
    parts = [*position, checksum]
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def from_token(token: str, query: Mapping[str, str]) -> list[str]:
    """Read the position of a token back.

    Raises:
        InvalidRequestError: It was changed, cut, made up, or belongs to another query.
    """
    try:
        padded = token.encode("ascii") + b"=" * (-len(token) % 4)
        *parts, _checksum = json.loads(base64.urlsafe_b64decode(padded))
        position = [str(part) for part in parts]
        if token == to_token(position, query):
            return position
    except (binascii.Error, RecursionError, TypeError, ValueError):
        pass  # not a token at all: refused in the same words
    raise InvalidRequestError("Invalid nextToken", [FieldError("nextToken", _REASON)])
