"""Whether a message is one that SNS sent, for our topic, and lately."""

import base64
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.x509 import Certificate

from receive_webhook.message import Message, string_to_sign
from receive_webhook.refusals import NotBelievedError

LATEST = timedelta(hours=1)
"""How old a message may be. SNS's own retries take less: see the webhooks' delivery policy in Terraform."""

# Version 1 is the default of a topic. What would break SHA-1 is a second message for a signature of SNS's.
_HASHES = {"1": SHA1(), "2": SHA256()}  # noqa: S303


class Certificates(Protocol):
    """Where the certificates of SNS are."""

    def certificate(self, url: str) -> Certificate:
        """Give the certificate of a URL.

        Raises:
            NotBelievedError: There is none.
        """
        ...


@dataclass(frozen=True)
class Trust:
    """Whom to believe.

    Attributes:
        topic: The ARN of the one topic.
        sns_url: Where SNS answers in the topic's region, such as `https://sns.us-east-1.amazonaws.com`:
            nothing is fetched from elsewhere.
    """

    topic: str
    sns_url: str

    def verify(self, message: Message, certificates: Certificates, now: datetime) -> None:
        """Make sure of a message; a certificate is fetched only once everything else is right.

        Raises:
            NotBelievedError: It is of another topic, too old, or its signature is not SNS's.

        Source: https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
        """
        if message["TopicArn"] != self.topic:
            raise NotBelievedError("TopicArn", "is another topic's")
        if abs(now - _time(message["Timestamp"])) > LATEST:
            raise NotBelievedError("Timestamp", "must be within an hour of now")
        if "SubscribeURL" in message and not self.is_subscription(message["SubscribeURL"]):
            raise NotBelievedError("SubscribeURL", "is not SNS's")
        if message["SignatureVersion"] not in _HASHES:
            raise NotBelievedError("SignatureVersion", f"must be one of {', '.join(_HASHES)}")
        if not self.is_certificate(message["SigningCertURL"]):
            raise NotBelievedError("SigningCertURL", "is not SNS's")
        _verify_signature(message, certificates.certificate(message["SigningCertURL"]), now)

    def is_certificate(self, url: str) -> bool:
        """Whether a URL, the whole of it, is that of one of SNS's own certificates."""
        return self._matches(r"/SimpleNotificationService-[0-9a-f]{32}\.pem", url)

    def is_subscription(self, url: str) -> bool:
        """Whether a URL is one that confirms a subscription."""
        return self._matches(r"/\?Action=ConfirmSubscription&[A-Za-z0-9%&=:._~-]+", url)

    def _matches(self, pattern: str, url: str) -> bool:
        return re.fullmatch(re.escape(self.sns_url) + pattern, url) is not None


def _time(timestamp: str) -> datetime:
    try:
        return datetime.strptime(timestamp, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
    except ValueError:
        raise NotBelievedError("Timestamp", "must be a time such as 2026-11-28T12:00:00.000Z") from None


def _verify_signature(message: Message, certificate: Certificate, now: datetime) -> None:
    key = certificate.public_key()
    if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc or not isinstance(
        key, RSAPublicKey
    ):
        raise NotBelievedError("SigningCertURL", "has no certificate that is valid now")
    try:
        signature = base64.b64decode(message["Signature"], validate=True)
        key.verify(signature, string_to_sign(message), PKCS1v15(), _HASHES[message["SignatureVersion"]])
    except (InvalidSignature, ValueError):  # or no Base64
        raise NotBelievedError("Signature", "is not SNS's for this message") from None
