"""SNS as a receiver meets it: a key, its certificate, and messages that are signed by it."""

import base64
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.x509.oid import NameOID

URL = "https://sns.us-east-1.amazonaws.com"
TOPIC = "arn:aws:sns:us-east-1:123456789012:dragons-unit-sightings"
CERTIFICATE = f"{URL}/SimpleNotificationService-{'0a' * 16}.pem"
SUBSCRIBE = f"{URL}/?Action=ConfirmSubscription&TopicArn={TOPIC}&Token=2336412f"
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)

_HASHES = {"1": hashes.SHA1(), "2": hashes.SHA256()}


class Signer:
    """A key with a certificate.

    Args:
        since: From when the certificate is valid, in days from NOW.
        until: Until when.
    """

    def __init__(self, since: int = -1, until: int = 30) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
        self.certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self.key.public_key())
            .serial_number(1)
            .not_valid_before(NOW + timedelta(since))
            .not_valid_after(NOW + timedelta(until))
            .sign(self.key, hashes.SHA256())
        )

    def signed(self, message: Mapping[str, Any], to_sign: Callable[[Any], bytes]) -> dict[str, Any]:
        """Sign a message.

        Args:
            message: All of it but its signature.
            to_sign: Writes what is signed.
        """
        version = message["SignatureVersion"]
        signature = self.key.sign(to_sign(message), PKCS1v15(), _HASHES[version])
        return {**message, "Signature": base64.b64encode(signature).decode()}


def message(type_: str = "Notification", **fields: Any) -> dict[str, Any]:
    """A message that is not signed yet."""
    confirmation = {"Token": "2336412f", "SubscribeURL": SUBSCRIBE}
    return {
        "Type": type_,
        "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
        "TopicArn": TOPIC,
        "Message": "text",
        "Timestamp": "2026-11-28T11:59:00.000Z",
        "SignatureVersion": "2",
        "SigningCertURL": CERTIFICATE,
        **({} if type_ == "Notification" else confirmation),
        **fields,
    }
