"""The dragons in their DynamoDB table, and how many there are in the table of the tallies."""

from __future__ import annotations

import time
from itertools import batched
from typing import TYPE_CHECKING, Any

from dragons import registry
from dragons.images import read_dragon
from list_dragons.encoding import NAME_BYTES, SORTED_NAME_BYTES, fits
from list_dragons.unavailable import QueryUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import QueryInputTypeDef

    from dragons.fields import Dragon
    from dragons.images import Image

_A_GET = 100
"""As many items as a BatchGetItem request takes."""
_WAITS = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)
"""Seconds between requests of which DynamoDB answered nothing."""


class DynamoDBRegistry:
    """Reads single dragons, dragons by their names' order, and tallies.

    What the dataset would not list, an item without a name or a family as text, is not found here either.

    Args:
        dynamodb: A client of DynamoDB.
        table: The table of dragons.
        name_index: Its index of all names in their order.
        tallies_table: The table of the tallies.
        sleep: Waits for seconds.
    """

    def __init__(
        self,
        dynamodb: DynamoDBClient,
        table: str,
        name_index: str,
        tallies_table: str,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._index = name_index
        self._tallies = tallies_table
        self._sleep = sleep

    def get(self, name: str) -> Dragon | None:
        """Read a dragon, consistently; none if there is none of this name."""
        if not name or not fits(name, NAME_BYTES):
            return None  # DynamoDB refuses to look for what it cannot hold
        found = self._dynamodb.get_item(TableName=self._table, Key=_key(name), ConsistentRead=True)
        return _dragon(found.get("Item"))

    def names(self, prefix: str, after: str | None, limit: int) -> tuple[list[str], str | None]:
        """Read names in their order; the index may be behind the table.

        Args:
            prefix: How they begin; empty for all.
            after: The name behind which to begin, which need not exist any more.
            limit: How many at most; 1 MB is read at most.

        Returns:
            The names, and the one to go on from: there may be no more behind it.

        Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html
        """
        if not fits(prefix, SORTED_NAME_BYTES):
            return [], None
        query: QueryInputTypeDef = {
            "TableName": self._table,
            "IndexName": self._index,
            "KeyConditionExpression": f"{registry.ATTRIBUTE} = :all",
            "ExpressionAttributeValues": {":all": {"S": registry.VALUE}},
            "Limit": limit,
        }
        if prefix:  # DynamoDB takes no empty value of a key
            query["KeyConditionExpression"] += " AND begins_with(dragon_name_str, :prefix)"
            query["ExpressionAttributeValues"] = {":all": {"S": registry.VALUE}, ":prefix": {"S": prefix}}
        if after is not None:
            query["ExclusiveStartKey"] = _key(after) | registry.ITEM
        found = self._dynamodb.query(**query)
        last = found.get("LastEvaluatedKey")
        names = [item["dragon_name_str"]["S"] for item in found["Items"]]
        return names, last["dragon_name_str"]["S"] if last else None

    def dragons(self, names: Iterable[str]) -> dict[str, Dragon]:
        """Read dragons, consistently, by name; those that there are not are left out.

        Raises:
            QueryUnavailableError: DynamoDB did not answer for some of them.
        """
        return {
            dragon["dragon_name_str"]: dragon
            for some in batched(names, _A_GET, strict=False)
            for dragon in self._batch(some)
        }

    def count(self, tally: str) -> int:
        """Read how many dragons a tally has, such as `family#red`; 0 if it never had one."""
        if not fits(tally, NAME_BYTES):
            return 0
        found = self._dynamodb.get_item(
            TableName=self._tallies, Key={"tally": {"S": tally}}, ConsistentRead=True
        )
        # a removal may be counted before what it removes
        return max(0, int(found["Item"]["dragons"]["N"])) if "Item" in found else 0

    def _batch(self, names: Iterable[str]) -> Iterator[Dragon]:
        """Source: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html."""
        asked: Any = {self._table: {"Keys": [_key(name) for name in names], "ConsistentRead": True}}
        waits = iter(_WAITS)
        while True:
            found = self._dynamodb.batch_get_item(RequestItems=asked)
            items = found["Responses"].get(self._table, [])
            yield from filter(None, map(_dragon, items))
            asked = found["UnprocessedKeys"]
            if not asked:
                return
            if items:  # the rest did not fit into the 16 MB of a response
                waits = iter(_WAITS)
                continue
            self._wait(waits)

    def _wait(self, waits: Iterator[float]) -> None:
        seconds = next(waits, None)
        if seconds is None:
            raise QueryUnavailableError("The table of dragons is throttled: try again later", retry_after=1)
        self._sleep(seconds)


def _key(name: str) -> dict[str, Any]:
    return {"dragon_name_str": {"S": name}}


def _dragon(item: Image | None) -> Dragon | None:
    try:
        return read_dragon(item)
    except ValueError:
        return None
