"""Keeping the reviews and the workflow of one mind."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol

from dragons.review_tasks import TaskGoneError
from dragons.reviews import Decision, timestamp
from dragons.reviews_table import Kept

TELLING = timedelta(minutes=1)
"""How long decide_review is left to tell a decision by itself: longer than it may run."""


class Reviews(Protocol):
    """The reviews on record."""

    def all_waiting(self) -> Iterable[Kept]:
        """Read every review that waits."""
        ...

    def finish(self, review_id: str) -> None:
        """Take a review off those that wait."""
        ...


class Tasks(Protocol):
    """The workflow's tasks that wait."""

    def tell(self, token: str, decision: Decision) -> None:
        """Let the report go on, or have it refused."""
        ...

    def beat(self, token: str) -> None:
        """Say that the review is still open."""
        ...


def renew(reviews: Reviews, tasks: Tasks, now: datetime) -> None:
    """Beat for what is open, tell what was decided and never told, and close what the workflow has given up.

    Args:
        reviews: Where they are kept.
        tasks: The workflow's tasks.
        now: The time, in UTC.
    """
    for kept in reviews.all_waiting():
        review_id, token = kept.review.review_id, kept.review.token
        try:
            if kept.decision is None:
                tasks.beat(token)
            elif kept.decision.at < timestamp(now - TELLING):
                tasks.tell(token, kept.decision)
                reviews.finish(review_id)
        except TaskGoneError:
            reviews.finish(review_id)
