"""A queue of messages that no retry mends, each with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageAttributeValueTypeDef, SendMessageRequestTypeDef

REASON_LENGTH = 1000
"""How many characters a reason has at most."""
SIZE = 256 * 1024
"""How many bytes a message has at most, its attributes with their names and types included."""
NAMES_AND_TYPES = 50
"""How many bytes of it are kept for the latter, and for the number of bytes left out."""


class DeadLetters:
    """Sends messages to a dead-letter queue.

    SQS moves what was received too often by itself, but says no reason.

    Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
    """

    def __init__(self, sqs: SQSClient, url: str) -> None:
        self._sqs = sqs
        self._url = url

    def send(self, body: str, reason: str, *, group_id: str = "", deduplication_id: str = "") -> None:
        """Send a message as it came, with the reason as its attribute `reason`.

        A message that leaves no room for it loses its end; the attribute `left_out` says how many bytes.

        Args:
            body: The message's.
            reason: Why no retry mends it.
            group_id: What a FIFO queue keeps in order.
            deduplication_id: By which a FIFO queue drops what comes again. Not the one that the message was
                sent with: its own queue would drop it when it is moved back.
        """
        told, content = _readable(reason), body.encode()
        attributes: dict[str, MessageAttributeValueTypeDef] = {
            "reason": {"DataType": "String", "StringValue": told}
        }
        room = SIZE - NAMES_AND_TYPES - len(told.encode())
        if len(content) > room:
            body = content[:room].decode(errors="ignore")
            attributes["left_out"] = {"DataType": "Number", "StringValue": str(len(content) - room)}
        message: SendMessageRequestTypeDef = {
            "QueueUrl": self._url,
            "MessageBody": body,
            "MessageAttributes": attributes,
        }
        if group_id:
            message |= {"MessageGroupId": group_id, "MessageDeduplicationId": deduplication_id}
        self._sqs.send_message(**message)


def _readable(reason: str) -> str:
    """What SQS takes of a reason, which may quote a message: no control character."""
    return "".join(each if each.isprintable() else "?" for each in reason[:REASON_LENGTH])
