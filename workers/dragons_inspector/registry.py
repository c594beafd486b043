"""The dragons in their DynamoDB table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dragons.attributes import plain

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoDBRegistry:
    """Reads the table of dragons, consistently: what was written a moment ago counts."""

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def record(self, dragon_name: str) -> dict[str, Any] | None:
        """A dragon's record as JSON; none if there is no such dragon."""
        found = self._dynamodb.get_item(
            TableName=self._table, Key={"dragon_name_str": {"S": dragon_name}}, ConsistentRead=True
        )
        if "Item" not in found:
            return None
        return {field: plain(value) for field, value in found["Item"].items()}
