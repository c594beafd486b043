"""A message as SNS posts it to an HTTP or HTTPS endpoint.

Source: https://docs.aws.amazon.com/sns/latest/dg/http-notification-json.html
"""

import json
from collections.abc import Mapping
from typing import Any

from dragons.errors import FieldError
from receive_webhook.refusals import malformed

LARGEST = 1024 * 1024
"""Bytes of a body: a message has 256 KiB at most, which JSON may double, and its envelope."""

NOTIFICATION = "Notification"
SUBSCRIPTION = "SubscriptionConfirmation"
UNSUBSCRIPTION = "UnsubscribeConfirmation"

_CONFIRMATION = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")
SIGNED = {
    NOTIFICATION: ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    SUBSCRIPTION: _CONFIRMATION,
    UNSUBSCRIPTION: _CONFIRMATION,
}
"""The fields that a signature covers, in its order, by the type of the message."""
OPTIONAL = "Subject"
SIGNATURE = ("SignatureVersion", "Signature", "SigningCertURL")

Message = Mapping[str, str]
"""The fields that are signed, and those of the signature: who wrote any other, nobody knows."""


def read_message(body: bytes) -> Message:
    """Read a message, whoever sent it.

    Raises:
        InvalidRequestError: It is too large, no JSON, of an unknown type, or lacks a field.
    """
    posted = _posted(body)
    signed = SIGNED.get(str(posted.get("Type")))
    if signed is None:
        raise malformed(FieldError("Type", f"must be one of {', '.join(SIGNED)}"))
    names = [name for name in (*signed, *SIGNATURE) if name != OPTIONAL or posted.get(name) is not None]
    errors = [FieldError(name, reason) for name in names if (reason := _wrong(name, posted.get(name)))]
    if errors:
        raise malformed(*errors)
    return {name: posted[name] for name in names}


def string_to_sign(message: Message) -> bytes:
    r"""Write what SNS signs: each field's name and value, each with a line break behind it.

    No two messages of `read_message` have the same one: only the first field, the text, may have line breaks,
    so nobody can shift anything from one signed field into another.

    Source: https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
    """
    names = [name for name in SIGNED[message["Type"]] if name in message]
    return "".join(f"{name}\n{message[name]}\n" for name in names).encode()


def _posted(body: bytes) -> dict[str, Any]:
    if len(body) > LARGEST:
        raise malformed(FieldError("body", f"must be {LARGEST} bytes at most"))
    try:
        posted = json.loads(body)
    except (ValueError, RecursionError):
        raise malformed(FieldError("body", "is not JSON")) from None
    if not isinstance(posted, dict):
        raise malformed(FieldError("body", "must be an object"))
    return posted


def _wrong(name: str, value: Any) -> str | None:
    if value is None:
        return "is required"
    if not isinstance(value, str):
        return "must be a string"
    if any("\ud800" <= character <= "\udfff" for character in value):
        return "must be text: it has half of a surrogate pair"
    if name != "Message" and "\n" in value:
        return "must be one line"
    return None
