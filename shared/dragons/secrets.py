"""Secrets among the environment variables: encrypted with KMS before anybody deploys them, decrypted here."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

import boto3
from botocore.exceptions import ClientError

from dragons.errors import ConfigurationError

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

_REFUSALS = {
    "InvalidCiphertextException": "was encrypted in another context, or is cut short",
    "IncorrectKeyException": "was encrypted with another key",
    "AccessDeniedException": "was encrypted with another key, or the function's role may not decrypt",
    "NotFoundException": "was encrypted with a key that is gone",
    "DisabledException": "was encrypted with a key that is disabled",
    "KMSInvalidStateException": "was encrypted with a key that is to be deleted",
}


@dataclass(frozen=True)
class Secret:
    """A text that stays out of logs and error messages.

    Attributes:
        text: The text itself.
    """

    text: str = field(repr=False)


@dataclass(frozen=True)
class Encryption:
    """How a function's secrets were encrypted.

    Attributes:
        key_arn: The key's ARN.
        context: What they were encrypted with besides the key.
    """

    key_arn: str
    context: dict[str, str]

    @classmethod
    def of(cls, text: str) -> Encryption:
        """Read it from the variable ENCRYPTION.

        Raises:
            ConfigurationError: It is not `{"key_arn", "context"}`.
        """
        try:
            return cls(**json.loads(text))
        except (ValueError, TypeError) as error:
            raise ConfigurationError(
                'environment variable ENCRYPTION is not {"key_arn", "context"}: '
                "give the function `secrets` in its Terraform block"
            ) from error


def decrypt(name: str, value: str, encryption: Encryption) -> Secret:
    """Decrypt a variable, with one call to KMS.

    Args:
        name: The variable's.
        value: What `make encrypt` printed.
        encryption: The key and the context that it was encrypted with.

    Raises:
        ConfigurationError: It is not that, or the function may not decrypt it.

    Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html
    """
    try:
        found = _kms().decrypt(
            CiphertextBlob=base64.b64decode(value, validate=True),
            KeyId=encryption.key_arn,
            EncryptionContext=encryption.context,
        )
        return Secret(found["Plaintext"].decode())
    except binascii.Error:
        why = "is not base64"
    except UnicodeDecodeError:
        why = "is not a text"
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code not in _REFUSALS:
            raise
        why = _REFUSALS[code]
    raise ConfigurationError(
        f"environment variable {name} {why}: encrypt it for this environment with `make encrypt`"
    )


@cache
def _kms() -> KMSClient:
    return boto3.client("kms")
