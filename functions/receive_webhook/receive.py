"""What becomes of what is posted to the webhook."""

from datetime import datetime
from typing import Protocol

from dragons.errors import FieldError
from dragons.events import Event, EventError, from_text
from receive_webhook.message import NOTIFICATION, SUBSCRIPTION, read_message
from receive_webhook.refusals import malformed
from receive_webhook.trust import Certificates, Trust


class Sns(Certificates, Protocol):
    """SNS, which also takes confirmations."""

    def confirm(self, url: str) -> None:
        """Confirm a subscription."""
        ...


class Received(Protocol):
    """What was received."""

    def record(self, event: Event, message_id: str) -> bool:
        """Record an event, unless it is there; gives whether it is new."""
        ...


def receive(body: bytes, trust: Trust, sns: Sns, received: Received, now: datetime) -> str:
    """Record a notification, or confirm a subscription, once it is certain that SNS sent it for our topic.

    Args:
        body: What was posted.
        trust: Whom to believe.
        sns: Where certificates are fetched, and subscriptions confirmed.
        received: Where events are recorded.
        now: The time, in UTC.

    Returns:
        What was done: `recorded`, `recorded before`, `confirmed`, or `noted` for the end of a subscription.

    Raises:
        NotBelievedError: It is well-formed, and not believed.
        InvalidRequestError: It is no message of SNS, or no event that is known here.
    """
    message = read_message(body)
    trust.verify(message, sns, now)
    if message["Type"] == SUBSCRIPTION:
        sns.confirm(message["SubscribeURL"])
        return "confirmed"
    if message["Type"] == NOTIFICATION:
        return (
            "recorded"
            if received.record(_event(message["Message"]), message["MessageId"])
            else "recorded before"
        )
    return "noted"  # the subscription has ended; to visit SubscribeURL would begin it again


def _event(text: str) -> Event:
    try:
        return from_text(text)
    except EventError as error:
        raise malformed(FieldError("Message", str(error))) from error
