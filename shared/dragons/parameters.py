"""Parameters that may change while a function lives: AWS Systems Manager's Parameter Store."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from dragons.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_ssm import SSMClient

LIFETIME_SECONDS = 30.0


class Parameters:
    """A few parameters, fetched in one call and kept for half a minute; a SecureString is decrypted.

    Args:
        ssm: A client of the Systems Manager.
        names: The parameters' names, ten at most.
        clock: Seconds that never go back.

    Source: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html
    """

    def __init__(self, ssm: SSMClient, *names: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._ssm = ssm
        self._names = names
        self._clock = clock
        self._values: dict[str, str] = {}
        self._expires = 0.0

    def __getitem__(self, name: str) -> str:
        """The value of one of the parameters.

        Raises:
            ConfigurationError: A parameter does not exist.
        """
        if not self._values or self._clock() >= self._expires:
            self._fetch()
        return self._values[name]

    def _fetch(self) -> None:
        found = self._ssm.get_parameters(Names=list(self._names), WithDecryption=True)
        if missing := found["InvalidParameters"]:
            raise ConfigurationError(f"SSM parameters do not exist: {', '.join(missing)}")
        self._values = {each["Name"]: each["Value"] for each in found["Parameters"]}
        self._expires = self._clock() + LIFETIME_SECONDS
