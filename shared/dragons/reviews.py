"""Reviews: reports of families that are new, each of which waits for a reviewer."""

import hashlib
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from dragons.fields import Dragon

_ID = re.compile(r"[0-9a-f]{32}\Z")


class ReviewError(ValueError):
    """What arrived asks for no review; the message says why, and quotes nothing of it."""


@dataclass(frozen=True)
class Review:
    """A report that waits.

    Attributes:
        review_id: By which people name it. It is a hash of the token, so that a message that comes again is
            the same review, and nobody can make a token of it.
        report_id: The report's.
        dragon: What is reported, as it would be on record.
        since: Since when it waits, as `timestamp` writes it.
        deadline: Until when somebody may decide, written likewise.
        token: Whoever has it decides on the report. It stays out of answers and logs.
    """

    review_id: str
    report_id: str
    dragon: Dragon
    since: str
    deadline: str
    token: str = field(repr=False)


@dataclass(frozen=True)
class Decision:
    """What a reviewer has decided, and who it was: the `sub` of their token, and when."""

    accept: bool
    reason: str
    by: str
    at: str


def timestamp(moment: datetime) -> str:
    """Write a moment in UTC, to the millisecond: later ones are greater texts."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"


def is_review_id(text: str) -> bool:
    """Whether a text may be the id of a review."""
    return _ID.match(text) is not None


def from_message(body: str) -> Review:
    """Read what the workflow's state `ReviewDragon` sends.

    Raises:
        ReviewError: It is something else.
    """
    try:
        message: dict[str, Any] = json.loads(body)
        token, since = message["token"], datetime.fromisoformat(message["since"])
        return Review(
            review_id=hashlib.sha256(token.encode()).hexdigest()[:32],
            report_id=_text(message["reportId"]),
            dragon={name: _text(value) for name, value in message["dragon"].items()},
            since=timestamp(since),
            deadline=timestamp(since + timedelta(seconds=message["deadlineSeconds"])),
            token=token,
        )
    except (AttributeError, KeyError, OverflowError, RecursionError, TypeError, ValueError) as error:
        raise ReviewError(f"asks for no review: {type(error).__name__}") from None


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    value.encode()  # JSON can say half a character, which no text is
    return value
