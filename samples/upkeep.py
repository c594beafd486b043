"""Bring the sample dragons of a table up to date, and leave alone what anybody else has written.

A sample carries the digest of how it was loaded. As long as its item has that digest, it is replaced, or
removed once it is not a sample any more: what somebody reported, put there or changed stays as it is.

The attribute by which the registry's names are in order is no part of a digest: what was loaded by an earlier
release lacks it, and gets it.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any, Literal

from boto3.dynamodb.types import TypeSerializer

from dragons import registry

MARK = "sample_sha256"
"""The attribute with the digest; no field of a dragon, so the dataset leaves it out."""

_OWN = {MARK, registry.ATTRIBUTE}
"""What an item has besides the sample's fields."""

Dragon = dict[str, Any]
Item = dict[str, Any]
Outcome = Literal["added", "updated", "removed", "unchanged", "kept"]
"""What became of a sample; `kept` is one that is not as the samples have it, since somebody else wrote it."""


class Samples:
    """The samples in a table.

    Args:
        dynamodb: A DynamoDB client.
        table: The table's name.
    """

    def __init__(self, dynamodb: Any, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._refused = dynamodb.exceptions.ConditionalCheckFailedException

    def bring_up_to_date(self, dragons: list[Dragon]) -> dict[Outcome, list[str]]:
        """Make the table's samples these.

        Args:
            dragons: Records by the schema `dragon`.

        Returns:
            The dragons' names by what became of them.
        """
        outcomes: dict[Outcome, list[str]] = defaultdict(list)
        before = {item["dragon_name_str"]["S"]: item for item in self._loaded_before()}
        for dragon in dragons:
            old = before.pop(dragon["dragon_name_str"], None)
            outcome = self._add(to_item(dragon)) if old is None else self._update(to_item(dragon), old)
            outcomes[outcome].append(dragon["dragon_name_str"])
        for name, old in before.items():
            outcomes[self._remove(name, old)].append(name)
        return outcomes

    def _loaded_before(self) -> Iterator[Item]:
        """What is marked as a sample, whatever became of it since."""
        pages = self._dynamodb.get_paginator("scan").paginate(
            TableName=self._table, FilterExpression=f"attribute_exists({MARK})", ConsistentRead=True
        )
        for page in pages:
            yield from page["Items"]

    def _add(self, item: Item) -> Outcome:
        try:
            self._dynamodb.put_item(
                TableName=self._table,
                Item=item,
                ConditionExpression="attribute_not_exists(dragon_name_str)",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self._refused as error:
            return self._of_somebody_else(error.response["Item"], item)
        return "added"

    def _update(self, item: Item, old: Item) -> Outcome:
        if digest(old) == digest(item):
            return self._as_it_should_be(old)
        if self._write(self._dynamodb.put_item, old, Item=item):
            return "updated"
        return self._of_somebody_else(old, item)

    def _of_somebody_else(self, found: Item, item: Item) -> Outcome:
        """Leave an item alone, which may be as the sample all the same, whatever else it has."""
        same = all(found.get(name) == value for name, value in item.items() if name not in _OWN)
        return self._as_it_should_be(found) if same else "kept"

    def _as_it_should_be(self, found: Item) -> Outcome:
        """Enter a sample in the registry, if it is not there."""
        if found.items() >= registry.ITEM.items():
            return "unchanged"
        try:
            self._dynamodb.update_item(
                TableName=self._table,
                Key={"dragon_name_str": found["dragon_name_str"]},
                UpdateExpression="SET #registry = :registry",
                ConditionExpression="attribute_exists(dragon_name_str)",
                ExpressionAttributeNames={"#registry": registry.ATTRIBUTE},
                ExpressionAttributeValues={":registry": {"S": registry.VALUE}},
            )
        except self._refused:
            return "kept"  # somebody took it away a moment ago
        return "updated"

    def _remove(self, name: str, old: Item) -> Outcome:
        key = {"dragon_name_str": {"S": name}}
        return "removed" if self._write(self._dynamodb.delete_item, old, Key=key) else "kept"

    def _write(self, operation: Callable[..., Any], old: Item, **what: Any) -> bool:
        """Write over an item if it is as it was loaded."""
        if digest(old) != old[MARK].get("S"):
            return False
        try:
            operation(TableName=self._table, **what, **_unless_changed(old))
        except self._refused:
            return False  # somebody changed it a moment ago
        return True


def to_item(dragon: Dragon) -> Item:
    """A sample as the table has it."""
    serialize = TypeSerializer().serialize
    item = {name: serialize(value) for name, value in dragon.items()} | registry.ITEM
    return item | {MARK: {"S": digest(item)}}


def digest(item: Item) -> str:
    """The SHA-256 of an item's own fields."""
    content = {name: value for name, value in item.items() if name not in _OWN}
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=repr).encode()).hexdigest()


def _unless_changed(item: Item) -> dict[str, Any]:
    """The condition that the attributes of an item are as they were read."""
    return {
        "ConditionExpression": " AND ".join(f"#{n} = :{n}" for n in range(len(item))),
        "ExpressionAttributeNames": {f"#{n}": name for n, name in enumerate(item)},
        "ExpressionAttributeValues": {f":{n}": value for n, value in enumerate(item.values())},
    }
