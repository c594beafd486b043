"""A function's configuration: the only place that reads environment variables."""

import os
from collections.abc import Callable
from dataclasses import fields
from typing import Any

from dragons.errors import ConfigurationError


def load[S](settings: type[S]) -> S:
    """Make a function's settings from its environment variables.

    Args:
        settings: A dataclass. Its field `dragons_table` is the variable `DRAGONS_TABLE`: text, or an `int`,
            that the function cannot work without, or, where the field is a `tuple[str, ...]`, an optional
            list with commas between its entries. A field of the type `dragons.secrets.Secret` is decrypted,
            once for each execution environment.

    Raises:
        ConfigurationError: A variable is not set or empty, no number where it must be one, or cannot be
            decrypted, which fails the function's init.
    """
    return settings(
        **{
            field.name: _READ.get(field.type, _secret)(field.name.upper())
            for field in fields(settings)  # type: ignore[arg-type]
        }
    )


def _required(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise ConfigurationError(
            f"environment variable {name} is not set: "
            "add it to the environment of the function's Terraform block"
        )
    return value


def _entries(name: str) -> tuple[str, ...]:
    return tuple(entry.strip() for entry in os.environ.get(name, "").split(",") if entry.strip())


def _number(name: str) -> int:
    value = _required(name)
    if not value.isascii() or not value.isdigit():
        raise ConfigurationError(
            f"environment variable {name} is {value}: make it a whole number in the function's block"
        )
    return int(value)


def _secret(name: str) -> Any:
    """Decrypt a variable; who has no secrets imports neither boto3 nor its description of KMS."""
    from dragons.secrets import Encryption, decrypt

    return decrypt(name, _required(name), Encryption.of(_required("ENCRYPTION")))


_READ: dict[Any, Callable[[str], Any]] = {str: _required, int: _number, tuple[str, ...]: _entries}


def tracing_daemon() -> bool:
    """Whether Lambda offers an X-Ray daemon to this function.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
    """
    return bool(os.environ.get("AWS_XRAY_DAEMON_ADDRESS"))
