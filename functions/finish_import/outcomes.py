"""The table in which the workflow notes what came of each report."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from finish_import.result import Noted, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_dynamodb import DynamoDBClient


class Outcomes:
    """Reads what was noted, page by page."""

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def of(self, import_id: str) -> Iterator[Noted]:
        """What was noted of an import, in the order of its lines.

        Source: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html
        """
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="import_id = :id",
            ExpressionAttributeValues={":id": {"S": import_id}},
            ConsistentRead=True,
        )
        for page in pages:
            for item in page["Items"]:
                outcome = cast("Outcome", item["outcome"]["S"])
                yield Noted(item["position"]["S"], outcome, item["reason"]["S"])
