"""Reviews for tests: the workflow's message, their table and the workflow's tasks in memory."""

import json
from typing import Any

from dragons.review_tasks import TaskGoneError
from dragons.reviews import Decision, Review, from_message

DRAGON = {"dragon_name_str": "Cinder", "family_str": "new", "location_city_str": "Oslo"}
SINCE = "2026-11-28T12:00:00.000Z"
HOUR = 3600


def message(token: str, **fields: Any) -> str:
    """What the state `ReviewDragon` sends, with an hour until the deadline."""
    told = {"token": token, "reportId": f"report-{token}", "since": SINCE, "deadlineSeconds": HOUR}
    return json.dumps(told | {"dragon": DRAGON} | fields)


def review(token: str, **fields: Any) -> Review:
    """The review that such a message asks for."""
    return from_message(message(token, **fields))


class ConditionalCheckFailed(Exception):  # noqa: N818 - AWS's name, nearly
    """The error that a client of DynamoDB raises when a condition does not hold."""


class FakeReviewsTable:
    """DynamoDB with the table of reviews and its index, by the requests that the reviews make.

    Attributes:
        items: Id to item.
    """

    table = "dragons-unit-reviews"

    class exceptions:  # noqa: N801 - as on a client
        """The client's own errors."""

        ConditionalCheckFailedException = ConditionalCheckFailed

    def __init__(self) -> None:
        self.items: dict[str, dict[str, Any]] = {}

    def put_item(self, TableName: str, Item: dict[str, Any], ConditionExpression: str) -> None:
        """Put an item that is not there; the token `throttled` is not taken."""
        assert (TableName, ConditionExpression) == (self.table, "attribute_not_exists(review_id)")
        if Item["token"]["S"] == "throttled":
            raise RuntimeError("ThrottlingException")
        if Item["review_id"]["S"] in self.items:
            raise ConditionalCheckFailed
        self.items[Item["review_id"]["S"]] = dict(Item)

    def get_item(self, TableName: str, Key: dict[str, Any], ConsistentRead: bool) -> dict[str, Any]:
        """Find an item."""
        assert TableName == self.table
        assert ConsistentRead
        found = self.items.get(Key["review_id"]["S"])
        return {} if found is None else {"Item": found}

    def update_item(
        self,
        TableName: str,
        Key: dict[str, Any],
        UpdateExpression: str,
        ConditionExpression: str,
        **more: Any,
    ) -> None:
        """Write a decision, or take attributes away."""
        assert TableName == self.table
        item = self.items.get(Key["review_id"]["S"])
        if item is None:
            raise ConditionalCheckFailed
        if UpdateExpression == "SET decision = :decision":
            assert ConditionExpression == "attribute_exists(waiting) AND attribute_not_exists(decision)"
            if "waiting" not in item or "decision" in item:
                raise ConditionalCheckFailed
            item["decision"] = more["ExpressionAttributeValues"][":decision"]
            return
        assert ConditionExpression == "attribute_exists(review_id)"
        for name in UpdateExpression.removeprefix("REMOVE ").split(", "):
            item.pop(more["ExpressionAttributeNames"].get(name, name), None)

    def query(
        self, TableName: str, IndexName: str, Limit: int, ExclusiveStartKey: Any = None, **_: Any
    ) -> dict[str, Any]:
        """Find what waits, in order; as on AWS, there may be more wherever the limit was reached."""
        assert (TableName, IndexName) == (self.table, "waiting")
        after = ("", "")
        if ExclusiveStartKey is not None:
            after = (ExclusiveStartKey["since"]["S"], ExclusiveStartKey["review_id"]["S"])
        waiting = [item for item in self.items.values() if "waiting" in item]
        behind = sorted(item for item in map(_place, waiting) if item > after)[:Limit]
        found: dict[str, Any] = {"Items": [self.items[review_id] for _, review_id in behind]}
        if len(behind) == Limit:
            last = self.items[behind[-1][1]]
            found["LastEvaluatedKey"] = {name: last[name] for name in ("since", "review_id", "waiting")}
        return found


def _place(item: dict[str, Any]) -> tuple[str, str]:
    return item["since"]["S"], item["review_id"]["S"]


class FakeTasks:
    """The workflow's tasks, each of which is told once.

    Attributes:
        open: The tokens of those that wait.
        told: What each was told.
        beats: The tokens that were beaten for.
    """

    def __init__(self, *tokens: str) -> None:
        self.open = set(tokens)
        self.told: dict[str, Decision] = {}
        self.beats: list[str] = []

    def tell(self, token: str, decision: Decision) -> None:
        """Tell a task that waits."""
        self.beat(token)
        self.open.remove(token)
        self.told[token] = decision

    def beat(self, token: str) -> None:
        """Beat for a task that waits."""
        if token not in self.open:
            raise TaskGoneError
        self.beats.append(token)
