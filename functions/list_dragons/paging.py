"""The paging token: opaque to callers, bound to the query that it continues.

A token is base64url (RFC 4648, section 5, without padding) of a JSON array: object key, dragon name,
checksum. The checksum covers the position and the filters, so that a token that was changed, or is used
with other filters, is refused. It keeps callers from mistakes, not from secrets: all that a token can
reach is public.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping

from dragons.errors import FieldError, InvalidRequestError
from list_dragons.query import Position

_REASON = "is not a token of this query: start again without it"


def to_token(position: Position, filters: Mapping[str, str]) -> str:
    """Make the token that continues a query behind a position."""
    content = json.dumps([position.key, position.name, sorted(filters.items())])
    checksum = hashlib.sha256(content.encode()).hexdigest()[:32]
    parts = [position.key, position.name, checksum]
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def from_token(token: str, filters: Mapping[str, str]) -> Position:
    """Read a token back.

    Raises:
        InvalidRequestError: It was changed, cut, made up, or belongs to other filters.
    """
    try:
        padded = token.encode("ascii") + b"=" * (-len(token) % 4)
        key, name, _checksum = json.loads(base64.urlsafe_b64decode(padded))
        position = Position(str(key), str(name))
        if token == to_token(position, filters):
            return position
    except (binascii.Error, RecursionError, TypeError, ValueError):
        pass  # not a token at all: refused in the same words
    raise InvalidRequestError("Invalid nextToken", [FieldError("nextToken", _REASON)])
