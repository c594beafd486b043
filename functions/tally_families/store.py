"""The tallies in their DynamoDB table."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

_PAUSES = (0.05, 0.1, 0.2, 0.4)
"""Seconds, at most, before each further try."""


class DynamoDBTallies:
    """Keeps how many dragons each family, each country and the registry has, by its `tally` (the key).

    The number is `dragons`. With its `kind`, what is before the `#`, a tally is in the table's index.

    An event is counted once: one transaction shifts the tallies and writes the item `event#<its id>`, which
    must not be there. That is in the same table, so that whoever empties it can have all counted again.

    Every dragon that comes or goes shifts the tally of the registry, so transactions meet there. DynamoDB
    cancels one of them, which is tried again after a moment: the queue would, too, but gives up after five.

    Source: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def shift(self, event_id: str, shifts: Mapping[str, int], forget_at: int) -> None:
        """Shift the tallies by an event, unless it has been counted.

        Args:
            event_id: The event's.
            shifts: The tallies, and by how many dragons each shifts.
            forget_at: From when on nobody will tell the event again, in seconds of Unix time.

        Raises:
            TransactionCanceledException: Others were being counted there at each try.
        """
        for pause in _PAUSES:
            try:
                self._try(event_id, shifts, forget_at)
            except self._dynamodb.exceptions.TransactionCanceledException:
                time.sleep(random.uniform(0, pause))  # noqa: S311 - so that they part
            else:
                return
        self._try(event_id, shifts, forget_at)

    def _try(self, event_id: str, shifts: Mapping[str, int], forget_at: int) -> None:
        try:
            self._dynamodb.transact_write_items(
                TransactItems=[self._counted(event_id, forget_at), *map(self._shifted, shifts.items())]
            )
        except self._dynamodb.exceptions.TransactionCanceledException as error:
            if error.response["CancellationReasons"][0]["Code"] != "ConditionalCheckFailed":
                raise

    def _counted(self, event_id: str, forget_at: int) -> TransactWriteItemTypeDef:
        return {
            "Put": {
                "TableName": self._table,
                "Item": {"tally": {"S": f"event#{event_id}"}, "forget_at": {"N": str(forget_at)}},
                "ConditionExpression": "attribute_not_exists(tally)",
            }
        }

    def _shifted(self, shift: tuple[str, int]) -> TransactWriteItemTypeDef:
        tally, dragons = shift
        return {
            "Update": {
                "TableName": self._table,
                "Key": {"tally": {"S": tally}},
                "UpdateExpression": "SET kind = :kind ADD dragons :dragons",
                "ExpressionAttributeValues": {
                    ":kind": {"S": tally.partition("#")[0]},
                    ":dragons": {"N": str(dragons)},
                },
            }
        }
