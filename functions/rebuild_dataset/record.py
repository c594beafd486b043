"""The table, as the record of truth that the dataset is compared with."""

from __future__ import annotations

from itertools import batched
from typing import TYPE_CHECKING, Any

from dragons.images import read_dragon

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mypy_boto3_dynamodb import DynamoDBClient

    from dragons.fields import Dragon

_A_GET = 100
"""As many items as a BatchGetItem request takes."""


class Record:
    """Reads the dragons on record, and has the stream tell of one again.

    Args:
        dynamodb: A client of DynamoDB.
        table: The table of dragons.
        family_index: Its index by family.
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str, family_index: str) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._index = family_index

    def families(self, after: dict[str, Any] | None) -> tuple[list[str], dict[str, Any] | None]:
        """The families in a part of the table, 1 MiB of it at most, and where the next part begins."""
        begin: Any = {} if after is None else {"ExclusiveStartKey": after}
        found = self._dynamodb.scan(
            TableName=self._table, IndexName=self._index, ProjectionExpression="family_str", **begin
        )
        families = {item["family_str"]["S"] for item in found["Items"]}
        return sorted(families), found.get("LastEvaluatedKey")

    def of_family(self, family: str) -> dict[str, Dragon]:
        """The dragons of a family by name, as the dataset is to have them."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            IndexName=self._index,
            KeyConditionExpression="family_str = :family",
            ExpressionAttributeValues={":family": {"S": family}},
        )
        names = [item["dragon_name_str"]["S"] for page in pages for item in page["Items"]]
        found = self.named(names)  # the index may be behind
        return {name: dragon for name, dragon in found.items() if dragon["family_str"] == family}

    def named(self, names: Iterable[str]) -> dict[str, Dragon]:
        """The dragons of these names that are on record; those that cannot be listed are left out."""
        return {
            dragon["dragon_name_str"]: dragon
            for some in batched(names, _A_GET, strict=False)
            for dragon in self._get(some)
        }

    def tell_again(self, name: str, at: str) -> None:
        """Have the stream tell of a dragon, by an attribute that is no field of it; none if it is gone."""
        try:
            self._dynamodb.update_item(
                TableName=self._table,
                Key={"dragon_name_str": {"S": name}},
                UpdateExpression="SET touched_at = :at",
                ConditionExpression="attribute_exists(dragon_name_str)",
                ExpressionAttributeValues={":at": {"S": at}},
            )
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            return

    def _get(self, names: Iterable[str]) -> Iterator[Dragon]:
        keys = [{"dragon_name_str": {"S": name}} for name in names]
        asked: dict[str, Any] = {self._table: {"Keys": keys, "ConsistentRead": True}}
        while asked:
            found = self._dynamodb.batch_get_item(RequestItems=asked)
            for item in found["Responses"][self._table]:
                try:
                    dragon = read_dragon(item)
                except ValueError:
                    continue  # the stream sets it aside, too
                if dragon is not None:
                    yield dragon
            asked = dict(found["UnprocessedKeys"])
