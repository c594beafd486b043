"""Reading a decision out of an event of an HTTP API."""

import base64
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dragons.errors import FieldError, InvalidRequestError
from dragons.reviews import Decision, timestamp

REASON_LENGTH = 500
"""How many characters a reason has at most: a reporter may be told it by text message."""

_TEXT = f"must be a text of at most {REASON_LENGTH} characters"


def read_request(event: Mapping[str, Any], now: datetime) -> tuple[str, Decision]:
    """Read which review is decided, how, and by whom.

    Args:
        event: Of payload format 2.0, behind the JWT authorizer.
        now: The time, in UTC.

    Raises:
        InvalidRequestError: The body is not `{"accept": true|false, "reason": "..."}`, or refuses
            without a reason.

    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
    """
    body = _body(event)
    errors = [
        FieldError(name, "is not a field of a decision") for name in body if name not in ("accept", "reason")
    ]
    accept, reason = body.get("accept"), body.get("reason", "")
    if not isinstance(accept, bool):
        errors.append(FieldError("accept", "must be true or false" if "accept" in body else "is required"))
    if not _is_text(reason) or len(reason) > REASON_LENGTH:
        errors.append(FieldError("reason", _TEXT))
    elif accept is False and not reason.strip():
        errors.append(FieldError("reason", "is required where accept is false: the reporter is told it"))
    if errors:
        raise _invalid(*errors)
    reviewer: str = event["requestContext"]["authorizer"]["jwt"]["claims"]["sub"]
    return event["pathParameters"]["reviewId"], Decision(accept is True, reason, reviewer, timestamp(now))


def _body(event: Mapping[str, Any]) -> dict[str, Any]:
    text: str = event.get("body") or ""
    try:
        body = json.loads(base64.b64decode(text) if event.get("isBase64Encoded") else text)
    except (RecursionError, ValueError):
        raise _invalid(FieldError("body", "is not JSON")) from None
    if not isinstance(body, dict):
        raise _invalid(FieldError("body", "must be an object"))
    return body


def _is_text(value: Any) -> bool:
    """Whether it is text; JSON can say half a character, which no text is."""
    return isinstance(value, str) and not any("\ud800" <= each <= "\udfff" for each in value)


def _invalid(*errors: FieldError) -> InvalidRequestError:
    return InvalidRequestError("Invalid request body", list(errors))
