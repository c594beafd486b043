"""The table, as the record of truth that the dataset is compared with."""

from __future__ import annotations

from itertools import batched
from typing import TYPE_CHECKING, Any, NamedTuple

from dragons import registry
from dragons.images import read_dragon

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mypy_boto3_dynamodb import DynamoDBClient

    from dragons.fields import Dragon

_A_GET = 100
"""As many items as a BatchGetItem request takes."""
_RANGE_KEY_BYTES = 1024


class Recorded(NamedTuple):
    """A dragon on record.

    Attributes:
        dragon: As the dataset is to have it.
        registered: Whether it has the attribute by which it is in the index by name.
    """

    dragon: Dragon
    registered: bool


class Record:
    """Reads the dragons on record, enters one in the registry, and has the stream tell of one again.

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

    def of_family(self, family: str) -> dict[str, Recorded]:
        """The dragons of a family, by name."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            IndexName=self._index,
            KeyConditionExpression="family_str = :family",
            ExpressionAttributeValues={":family": {"S": family}},
        )
        names = [item["dragon_name_str"]["S"] for page in pages for item in page["Items"]]
        found = self._named(names)  # the index may be behind
        return {name: each for name, each in found.items() if each.dragon["family_str"] == family}

    def named(self, names: Iterable[str]) -> dict[str, Dragon]:
        """The dragons of these names that are on record; those that cannot be listed are left out."""
        return {name: each.dragon for name, each in self._named(names).items()}

    def _named(self, names: Iterable[str]) -> dict[str, Recorded]:
        return {
            found.dragon["dragon_name_str"]: found
            for some in batched(names, _A_GET, strict=False)
            for found in self._get(some)
        }

    def register(self, name: str) -> None:
        """Enter a dragon in the registry; none if it is gone, or if its name is too long for a range key.

        Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
        """
        if len(name.encode()) <= _RANGE_KEY_BYTES:
            self._set(name, registry.ATTRIBUTE, registry.VALUE)

    def tell_again(self, name: str, at: str) -> None:
        """Have the stream tell of a dragon, by an attribute that is no field of it; none if it is gone."""
        self._set(name, "touched_at", at)

    def _set(self, name: str, attribute: str, value: str) -> None:
        try:
            self._dynamodb.update_item(
                TableName=self._table,
                Key={"dragon_name_str": {"S": name}},
                UpdateExpression="SET #attribute = :value",
                ConditionExpression="attribute_exists(dragon_name_str)",
                ExpressionAttributeNames={"#attribute": attribute},
                ExpressionAttributeValues={":value": {"S": value}},
            )
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            return

    def _get(self, names: Iterable[str]) -> Iterator[Recorded]:
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
                    yield Recorded(dragon, item.items() >= registry.ITEM.items())
            asked = dict(found["UnprocessedKeys"])
