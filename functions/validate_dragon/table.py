"""The registry in its DynamoDB table."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoDBRegistry:
    """Reads the table of dragons, consistently: what was written a moment ago counts.

    Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.ReadConsistency.html
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def report_of(self, dragon_name: str) -> str | None:
        """The id of the report that recorded a dragon; empty for a dragon put there without one."""
        found = self._dynamodb.get_item(
            TableName=self._table,
            Key={"dragon_name_str": {"S": dragon_name}},
            ProjectionExpression="report_id",
            ConsistentRead=True,
        )
        if "Item" not in found:
            return None
        return found["Item"].get("report_id", {}).get("S", "")
