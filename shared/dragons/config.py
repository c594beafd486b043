"""A function's configuration: the only place that reads environment variables."""

import os
from dataclasses import fields

from dragons.errors import ConfigurationError


def load[S](settings: type[S]) -> S:
    """Make a function's settings from its environment variables.

    Args:
        settings: A dataclass. Its field `dragons_table` is the variable `DRAGONS_TABLE`: text that the
            function cannot work without, or, where the field is a `tuple[str, ...]`, an optional list
            with commas between its entries.

    Raises:
        ConfigurationError: A variable is not set or empty, which fails the function's init.
    """
    return settings(
        **{
            field.name: _required(field.name.upper()) if field.type is str else _entries(field.name.upper())
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


def tracing_daemon() -> bool:
    """Whether Lambda offers an X-Ray daemon to this function.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
    """
    return bool(os.environ.get("AWS_XRAY_DAEMON_ADDRESS"))
