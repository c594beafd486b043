"""What was received, in its DynamoDB table."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from dragons.events import Event, detail

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoDBReceived:
    """Keeps an item for each event: `event_id` (the key), `type`, `at`, `detail` (JSON) and `message_id`.

    By the event's id and not the message's, since an event that is told again later is another message.

    Args:
        dynamodb: The client.
        table: The table's name.
        days: For how many days an item stays.
        clock: Unix time in seconds.

    Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ConditionExpressions.html
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str, days: int, clock: Callable[[], float]) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._days = days
        self._clock = clock

    def record(self, event: Event, message_id: str) -> bool:
        """Record an event, unless it is there; gives whether it is new."""
        item = {
            "event_id": {"S": event.event_id},
            "type": {"S": type(event).__name__},
            "at": {"S": event.at},
            "detail": {"S": json.dumps(detail(event), ensure_ascii=False)},
            "message_id": {"S": message_id},
            "forget_at": {"N": str(int(self._clock()) + self._days * 86400)},
        }
        try:
            self._dynamodb.put_item(
                TableName=self._table, Item=item, ConditionExpression="attribute_not_exists(event_id)"
            )
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            return False
        return True
