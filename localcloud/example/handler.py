"""Greets whoever the token is of."""

from typing import Any


def handler(event: dict[str, Any], _context: Any) -> dict[str, str]:
    """Answer with the user's name, from the claims that the API has verified."""
    return {"hello": event["requestContext"]["authorizer"]["jwt"]["claims"]["username"]}
