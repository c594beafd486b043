"""The configuration of functions and workers: the only place that reads environment variables."""

import os
from collections.abc import Callable
from dataclasses import MISSING, fields
from typing import Any

from dragons.errors import ConfigurationError


def load[S](settings: type[S], *, of: str = "environment of the function's Terraform block") -> S:
    """Make settings from environment variables.

    Args:
        settings: A dataclass. Its field `dragons_table` is the variable `DRAGONS_TABLE`: text, or an `int`,
            that the function cannot work without, or, where the field is a `tuple[str, ...]`, an optional
            list with commas between its entries. A field of the type `dragons.secrets.Secret` is decrypted,
            once for each execution environment. A field that has a default may have no variable.
        of: Where they are set, in the words of an error.

    Raises:
        ConfigurationError: A variable is not set or empty, no number where it must be one, or cannot be
            decrypted, which fails the function's init.
    """
    return settings(
        **{
            field.name: _READ.get(field.type, _secret)(field.name.upper(), of)
            for field in fields(settings)  # type: ignore[arg-type]
            if field.default is MISSING or os.environ.get(field.name.upper())
        }
    )


def _required(name: str, of: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise ConfigurationError(f"environment variable {name} is not set: add it to the {of}")
    return value


def _entries(name: str, _of: str) -> tuple[str, ...]:
    return tuple(entry.strip() for entry in os.environ.get(name, "").split(",") if entry.strip())


def _number(name: str, of: str) -> int:
    value = _required(name, of)
    if not value.isascii() or not value.isdigit():
        raise ConfigurationError(
            f"environment variable {name} is {value}: make it a whole number in the {of}"
        )
    return int(value)


def _secret(name: str, of: str) -> Any:
    """Decrypt a variable; who has no secrets imports neither boto3 nor its description of KMS."""
    from dragons.secrets import Encryption, decrypt

    return decrypt(name, _required(name, of), Encryption.of(_required("ENCRYPTION", of)))


_READ: dict[Any, Callable[[str, str], Any]] = {str: _required, int: _number, tuple[str, ...]: _entries}


def tracing_daemon() -> bool:
    """Whether Lambda offers an X-Ray daemon to this function.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
    """
    return bool(os.environ.get("AWS_XRAY_DAEMON_ADDRESS"))
