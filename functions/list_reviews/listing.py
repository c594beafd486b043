"""What is asked of the open reviews, and how they are told."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from dragons.paging import from_token, to_token
from dragons.query_string import MAX_LIMIT, read_page_request
from dragons.reviews_table import Kept

_CONTINUED = {"reviews": "open"}
"""What a token is good for: no other route's query looks like it."""


@dataclass(frozen=True)
class Query:
    """What a caller asks for.

    Attributes:
        limit: How many reviews a page holds at most.
        after: Since when the last review of the page before waits, and its id; none for the first page.
    """

    limit: int
    after: tuple[str, str] | None


def read_query(event: Mapping[str, Any]) -> Query:
    """Read the limit and the token of GET /reviews.

    Args:
        event: A proxy event of payload format 1.0 or 2.0.

    Raises:
        InvalidRequestError: An unknown or repeated parameter, a bad limit, a bad token.
    """
    asked = read_page_request(event, [], "is not a parameter of this route", default_limit=MAX_LIMIT)
    if asked.token is None:
        return Query(asked.limit, None)
    since, review_id = from_token(asked.token, _CONTINUED, fits=lambda position: len(position) == 2)
    return Query(asked.limit, (since, review_id))


def next_token(last: tuple[str, str]) -> str:
    """Make the token that continues the list behind a review."""
    return to_token(last, _CONTINUED)


def listing(waiting: Iterable[Kept], now: str) -> list[dict[str, Any]]:
    """Tell those reviews that somebody may decide on, without their tokens.

    Args:
        waiting: What the table says is waiting.
        now: The time, as `dragons.reviews.timestamp` writes it.
    """
    return [
        {
            "reviewId": kept.review.review_id,
            "reportId": kept.review.report_id,
            "dragon": kept.review.dragon,
            "since": kept.review.since,
        }
        for kept in waiting
        if kept.decision is None and kept.review.deadline > now
    ]
