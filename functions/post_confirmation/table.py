"""The reporters in their DynamoDB table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoDBProfiles:
    """Writes the table of reporters: `sub` (the key), `email` and `created_at`, and nothing more of anybody.

    Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ConditionExpressions.html
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def add(self, sub: str, email: str, created_at: str) -> str:
        """Record a reporter; one on record keeps the record of the first time.

        Args:
            sub: The user's id in the pool.
            email: The user's address.
            created_at: Now, in ISO 8601 and UTC.

        Returns:
            `created_at` as it is on record.
        """
        try:
            self._dynamodb.put_item(
                TableName=self._table,
                Item={"sub": {"S": sub}, "email": {"S": email}, "created_at": {"S": created_at}},
                ConditionExpression="attribute_not_exists(#sub)",
                ExpressionAttributeNames={"#sub": "sub"},
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self._dynamodb.exceptions.ConditionalCheckFailedException as error:
            on_record: Any = error.response  # with the item, which the type does not name
            return str(on_record["Item"]["created_at"]["S"])
        return created_at
