"""SQS: messages that are moved back from a dead-letter queue.

One that was sent there, and not put there by SQS, has no source to be moved to. A FIFO queue's dead letter
has an id of its own for deduplication, and comes back as a new message: else LocalStack takes it for a
repeated one, and drops it.

Sources: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html
and .../troubleshooting-dlq-redrive.html
Left out: new ids of messages that go back to a standard queue.
"""

import uuid
from collections.abc import Callable
from typing import Any

from localstack.aws.api import CommonServiceException
from localstack.services.sqs.models import FifoQueue
from localstack.services.sqs.provider import MessageMoveTaskManager
from localstack.utils.patch import patch

_SOURCE = "DeadLetterQueueSourceArn"
_OF_ITS_FORMER_LIFE = {_SOURCE, "ApproximateReceiveCount", "ApproximateFirstReceiveTimestamp"}


def require_source(original: Callable[..., Any], self: MessageMoveTaskManager, arn: str | None) -> Any:
    """Find a queue.

    Raises:
        CommonServiceException: The message has no source; its code is the task's failure.
    """
    if arn is None:
        raise CommonServiceException("CouldNotDetermineMessageSource", "The message has no source queue.")
    return original(self, arn)


def put(original: Callable[..., Any], self: FifoQueue, message: Any, **options: Any) -> Any:
    """Put a message into a FIFO queue."""
    attributes = message.get("Attributes") or {}
    source = attributes.get(_SOURCE)
    if source == self.arn:
        kept = {name: value for name, value in attributes.items() if name not in _OF_ITS_FORMER_LIFE}
        message = {**message, "MessageId": str(uuid.uuid4()), "Attributes": kept}
    elif source:
        message = {**message, "Attributes": dict(attributes)}
        options["message_deduplication_id"] = message["MessageId"]
    return original(self, message, **options)


def apply() -> None:
    """Correct LocalStack's service."""
    patch(MessageMoveTaskManager._get_queue_by_arn)(require_source)  # type: ignore[no-untyped-call]
    patch(FifoQueue.put)(put)  # type: ignore[no-untyped-call]
