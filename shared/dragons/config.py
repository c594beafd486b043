"""A function's configuration: the only place that reads environment variables."""

import os

from dragons.errors import ConfigurationError


def required(name: str) -> str:
    """Read an environment variable that the function cannot work without.

    Raises:
        ConfigurationError: It is not set or empty, which fails the function's init.
    """
    value = os.environ.get(name, "")
    if not value:
        raise ConfigurationError(
            f"environment variable {name} is not set: "
            "add it to the environment of the function's Terraform block"
        )
    return value


def words(name: str) -> tuple[str, ...]:
    """Read an optional environment variable that holds a comma-separated list."""
    return tuple(word.strip() for word in os.environ.get(name, "").split(",") if word.strip())


def tracing_daemon() -> bool:
    """Whether Lambda offers an X-Ray daemon to this function.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
    """
    return bool(os.environ.get("AWS_XRAY_DAEMON_ADDRESS"))
