"""The journal in its DynamoDB table."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dragons.journal import Entry, told

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import QueryInputTypeDef


@dataclass(frozen=True)
class JournalPage:
    """Entries of a dragon's journal, oldest first; `next_after` is set where there are more."""

    entries: list[dict[str, Any]]
    next_after: str | None


class DynamoDBJournal:
    """Keeps an item for each entry: by `dragon_name_str` and `position`, what readers get as JSON in `entry`.

    An entry that comes again is the same item again, and the sort key puts a late one where it belongs.
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def write(self, entry: Entry) -> None:
        """Write an entry, if it is not there yet."""
        self._dynamodb.put_item(
            TableName=self._table,
            Item={
                "dragon_name_str": {"S": entry.dragon_name},
                "position": {"S": entry.position},
                "entry": {"S": json.dumps(told(entry), ensure_ascii=False)},
            },
        )

    def page(self, dragon_name: str, limit: int, after: str | None) -> JournalPage:
        """Read entries of a dragon's journal, one more than wanted to know whether it is the last page.

        Args:
            dragon_name: The dragon's, which need not be on record.
            limit: How many entries at most. There are fewer where DynamoDB has read 1 MB before.
            after: The position behind which the page begins; none for the first.

        Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html
        """
        query: QueryInputTypeDef = {
            "TableName": self._table,
            "KeyConditionExpression": "dragon_name_str = :name",
            "ExpressionAttributeValues": {":name": {"S": dragon_name}},
            "Limit": limit + 1,
        }
        if after is not None:
            query["ExclusiveStartKey"] = {"dragon_name_str": {"S": dragon_name}, "position": {"S": after}}
        found = self._dynamodb.query(**query)
        items = found["Items"]
        if len(items) <= limit and "LastEvaluatedKey" not in found:
            return JournalPage([_entry(item) for item in items], None)
        # the last one found is where the next page begins
        *items, _ = items
        return JournalPage([_entry(item) for item in items], items[-1]["position"]["S"])


def _entry(item: dict[str, Any]) -> dict[str, Any]:
    entry: dict[str, Any] = json.loads(item["entry"]["S"])
    return entry
