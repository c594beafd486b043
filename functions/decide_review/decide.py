"""What becomes of a decision."""

from typing import Protocol

from dragons.errors import FieldError, InvalidRequestError
from dragons.review_tasks import TaskGoneError
from dragons.reviews import Decision, is_review_id
from dragons.reviews_table import Kept

DECIDED = "has been decided already"
EXPIRED = "is of a report that waits no longer: its deadline has passed, or it was stopped"


class UnknownReviewError(InvalidRequestError):
    """There is no such review."""

    def __init__(self) -> None:
        super().__init__("Review not found", [FieldError("reviewId", "is of no review")])


class NotOpenError(InvalidRequestError):
    """Nobody may decide on the review any more."""

    def __init__(self, reason: str) -> None:
        super().__init__("Review not open", [FieldError("reviewId", reason)])


class Reviews(Protocol):
    """The reviews on record."""

    def find(self, review_id: str) -> Kept | None:
        """Read a review; none if there is none."""
        ...

    def decide(self, review_id: str, decision: Decision) -> bool:
        """Write a decision down, and tell whether it is the first one on a review that waits."""
        ...

    def finish(self, review_id: str) -> None:
        """Take a review off those that wait."""
        ...

    def withdraw(self, review_id: str) -> None:
        """Likewise, and forget the decision."""
        ...


class Tasks(Protocol):
    """The workflow's tasks that wait."""

    def tell(self, token: str, decision: Decision) -> None:
        """Let the report go on, or have it refused."""
        ...


def decide(review_id: str, decision: Decision, reviews: Reviews, tasks: Tasks) -> None:
    """Write a decision down, then tell the workflow.

    In this order one decision counts, and who made it is known. If the workflow cannot be told, renew_reviews
    tells it later.

    Args:
        review_id: As the caller wrote it.
        decision: The decision.
        reviews: Where it is written.
        tasks: Who is told.

    Raises:
        UnknownReviewError: There is no such review.
        NotOpenError: It has been decided, or the report does not wait any more.
    """
    kept = reviews.find(review_id) if is_review_id(review_id) else None
    if kept is None:
        raise UnknownReviewError
    if kept.decision is not None:
        raise NotOpenError(DECIDED)
    if not kept.waiting or kept.review.deadline <= decision.at:
        raise NotOpenError(EXPIRED)
    if not reviews.decide(review_id, decision):
        raise NotOpenError(DECIDED)
    try:
        tasks.tell(kept.review.token, decision)
    except TaskGoneError:
        reviews.withdraw(review_id)
        raise NotOpenError(EXPIRED) from None
    reviews.finish(review_id)
