"""A queue of messages that no retry mends, each with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

REASON_LENGTH = 1000  # characters: an attribute counts against the message's size


class DeadLetters:
    """Sends messages to a dead-letter queue.

    SQS moves what was received too often by itself, but says no reason.

    Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
    """

    def __init__(self, sqs: SQSClient, url: str) -> None:
        self._sqs = sqs
        self._url = url

    def send(self, body: str, reason: str) -> None:
        """Send a message as it came, with the reason as its attribute `reason`."""
        self._sqs.send_message(
            QueueUrl=self._url,
            MessageBody=body,
            MessageAttributes={"reason": {"DataType": "String", "StringValue": reason[:REASON_LENGTH]}},
        )
