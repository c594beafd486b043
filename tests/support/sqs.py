"""What functions behind a queue are given, and where they set messages aside."""

from typing import Any


class FakeDeadLetters:
    """A dead-letter queue.

    Attributes:
        messages: The body and the reason of each message, in order.
    """

    def __init__(self) -> None:
        self.messages: list[tuple[str, str]] = []

    def send(self, body: str, reason: str) -> None:
        """Set a message aside."""
        self.messages.append((body, reason))


def sqs_record(number: int, body: str) -> dict[str, Any]:
    """A message as SQS hands it to a function; its id is the number.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
    """
    return {
        "messageId": str(number),
        "receiptHandle": "r",
        "body": body,
        "attributes": {},
        "messageAttributes": {},
        "md5OfBody": "",
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:dragons-unit",
        "awsRegion": "us-east-1",
    }
