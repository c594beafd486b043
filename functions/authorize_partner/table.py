"""The partners in their DynamoDB table."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoDBPartners:
    """Reads the table of partners, consistently: a token made or revoked a moment ago counts.

    An item is `token_sha256` (the key), `partner` (its name) and, once revoked, `revoked` (true). No
    token is in it.

    Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.ReadConsistency.html
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def partner_of(self, token_sha256: str) -> str | None:
        """The name of the partner that a token was given to; none if it is unknown or revoked."""
        found = self._dynamodb.get_item(
            TableName=self._table, Key={"token_sha256": {"S": token_sha256}}, ConsistentRead=True
        ).get("Item")
        if found is None or found.get("revoked", {}).get("BOOL", False):
            return None
        return found["partner"]["S"]
