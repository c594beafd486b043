"""The reviews in their DynamoDB table."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from dragons.attributes import plain
from dragons.reviews import Decision, Review

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef, QueryInputTypeDef

INDEX = "waiting"
"""The index of what waits, by since when."""


@dataclass(frozen=True)
class Kept:
    """A review as it is kept.

    Attributes:
        review: What was asked. Its token is empty once it is of no more use.
        waiting: Whether the workflow waits for what comes of it.
        decision: What was decided, as soon as it is.
    """

    review: Review
    waiting: bool
    decision: Decision | None


@dataclass(frozen=True)
class WaitingPage:
    """Reviews that wait, oldest first.

    Attributes:
        reviews: The reviews.
        next_after: Set where there are more: since when the last one waits, and its id.
    """

    reviews: list[Kept]
    next_after: tuple[str, str] | None


class DynamoDBReviews:
    """Keeps an item for each review: by `review_id`, with the attributes of `Review`, and later `decision`.

    What waits has the attribute `waiting`, and so is in the index.
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def open(self, review: Review, forget_at: int) -> None:
        """Put a review on record, unless it is there, whatever has become of it.

        Args:
            review: The review.
            forget_at: From when on nobody asks for it again, in seconds of Unix time.
        """
        item: dict[str, AttributeValueTypeDef] = {
            "review_id": {"S": review.review_id},
            "report_id": {"S": review.report_id},
            "dragon": {"S": json.dumps(review.dragon)},
            "since": {"S": review.since},
            "deadline": {"S": review.deadline},
            "token": {"S": review.token},
            "waiting": {"S": "yes"},
            "forget_at": {"N": str(forget_at)},
        }
        try:
            self._dynamodb.put_item(
                TableName=self._table, Item=item, ConditionExpression="attribute_not_exists(review_id)"
            )
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            return

    def find(self, review_id: str) -> Kept | None:
        """Read a review, consistently; none if there is none."""
        found = self._dynamodb.get_item(TableName=self._table, Key=_key(review_id), ConsistentRead=True)
        return _kept(found["Item"]) if "Item" in found else None

    def decide(self, review_id: str, decision: Decision) -> bool:
        """Write a decision down, and tell whether it is the first one on a review that waits."""
        try:
            self._dynamodb.update_item(
                TableName=self._table,
                Key=_key(review_id),
                UpdateExpression="SET decision = :decision",
                ConditionExpression="attribute_exists(waiting) AND attribute_not_exists(decision)",
                ExpressionAttributeValues={":decision": {"M": _attributes(decision)}},
            )
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def finish(self, review_id: str) -> None:
        """Take a review off those that wait, and its token with it. What was decided stays."""
        self._remove(review_id, "waiting, #token")

    def withdraw(self, review_id: str) -> None:
        """Likewise, for a decision that came too late: it stays out of the record."""
        self._remove(review_id, "waiting, #token, decision")

    def waiting(self, limit: int = 100, after: tuple[str, str] | None = None) -> WaitingPage:
        """Read reviews that wait, oldest first: those that are decided and not yet told, too.

        Args:
            limit: How many at most. There are fewer where DynamoDB has read 1 MB before.
            after: Since when one waits and its id, behind which the page begins; none for the first.

        Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html
        """
        query: QueryInputTypeDef = {
            "TableName": self._table,
            "IndexName": INDEX,
            "KeyConditionExpression": "waiting = :yes",
            "ExpressionAttributeValues": {":yes": {"S": "yes"}},
            "Limit": limit,
        }
        if after is not None:
            since, review_id = after
            query["ExclusiveStartKey"] = _key(review_id) | {"waiting": {"S": "yes"}, "since": {"S": since}}
        found = self._dynamodb.query(**query)
        last = found.get("LastEvaluatedKey")
        return WaitingPage(
            [_kept(item) for item in found["Items"]],
            (last["since"]["S"], last["review_id"]["S"]) if last else None,
        )

    def all_waiting(self) -> Iterator[Kept]:
        """Read every review that waits."""
        page = self.waiting()
        yield from page.reviews
        while page.next_after is not None:
            page = self.waiting(after=page.next_after)
            yield from page.reviews

    def _remove(self, review_id: str, attributes: str) -> None:
        try:
            self._dynamodb.update_item(
                TableName=self._table,
                Key=_key(review_id),
                UpdateExpression=f"REMOVE {attributes}",
                ExpressionAttributeNames={"#token": "token"},  # a reserved word
                ConditionExpression="attribute_exists(review_id)",
            )
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            return  # it was forgotten meanwhile


def _key(review_id: str) -> dict[str, AttributeValueTypeDef]:
    return {"review_id": {"S": review_id}}


def _attributes(decision: Decision) -> dict[str, AttributeValueTypeDef]:
    return {
        name: {"BOOL": value} if isinstance(value, bool) else {"S": value}
        for name, value in asdict(decision).items()
    }


def _kept(item: Mapping[str, Any]) -> Kept:
    told = {name: plain(value) for name, value in item.items()}
    review = Review(
        review_id=told["review_id"],
        report_id=told["report_id"],
        dragon=json.loads(told["dragon"]),
        since=told["since"],
        deadline=told["deadline"],
        token=told.get("token", ""),
    )
    return Kept(review, "waiting" in told, Decision(**told["decision"]) if "decision" in told else None)
