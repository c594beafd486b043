"""The tables of dragons and of tallies, on an account in memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from moto import mock_aws

from dragons import registry
from list_dragons.table import DynamoDBRegistry

DRAGONS, TALLIES, NAME_INDEX = "dragons", "tallies", "by_name"


class Registry:
    """What a test puts on record, and what the function reads of it.

    Attributes:
        dynamodb: The client.
        reader: What the function reads it by.
        asked: The operations that DynamoDB was asked for, and their parameters.
    """

    def __init__(self) -> None:
        self.dynamodb = boto3.client("dynamodb")
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.dynamodb.meta.events.register("provide-client-params.dynamodb", self._note)
        self.reader = DynamoDBRegistry(self.dynamodb, DRAGONS, NAME_INDEX, TALLIES)
        names = [_key("registry", "HASH"), _key("dragon_name_str", "RANGE")]
        self.dynamodb.create_table(
            TableName=DRAGONS,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[_key("dragon_name_str", "HASH")],
            AttributeDefinitions=[_text("dragon_name_str"), _text("registry")],
            GlobalSecondaryIndexes=[
                {"IndexName": NAME_INDEX, "KeySchema": names, "Projection": {"ProjectionType": "KEYS_ONLY"}}
            ],
        )
        self.dynamodb.create_table(
            TableName=TALLIES,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[_key("tally", "HASH")],
            AttributeDefinitions=[_text("tally")],
        )

    def put(self, name: str, family: str = "red", **fields: Any) -> None:
        """Put a dragon on record; its other fields are typed, such as `{"S": "Oslo"}`."""
        item = {"dragon_name_str": {"S": name}, "family_str": {"S": family}} | registry.ITEM
        self.dynamodb.put_item(TableName=DRAGONS, Item=item | fields)

    def put_incomplete(self, name: str) -> None:
        """Put an item on record that has no family, and so is no dragon."""
        item = {"dragon_name_str": {"S": name}} | registry.ITEM
        self.dynamodb.put_item(TableName=DRAGONS, Item=item)

    def delete(self, name: str) -> None:
        """Take a dragon off the record."""
        self.dynamodb.delete_item(TableName=DRAGONS, Key={"dragon_name_str": {"S": name}})

    def clear(self) -> None:
        """Take every dragon off the record."""
        for item in self.dynamodb.scan(TableName=DRAGONS)["Items"]:
            self.delete(item["dragon_name_str"]["S"])

    def tally(self, tally: str, dragons: int) -> None:
        """Set a tally."""
        item = {"tally": {"S": tally}, "dragons": {"N": str(dragons)}}
        self.dynamodb.put_item(TableName=TALLIES, Item=item)

    def _note(self, params: dict[str, Any], model: Any, **_: Any) -> None:
        self.asked.append((model.name, params))


@contextmanager
def in_memory() -> Iterator[Registry]:
    """A registry without dragons, on an account of its own."""
    with mock_aws(config={"core": {"service_whitelist": None}}):
        yield Registry()


def _key(name: str, kind: Any) -> Any:
    return {"AttributeName": name, "KeyType": kind}


def _text(name: str) -> Any:
    return {"AttributeName": name, "AttributeType": "S"}
