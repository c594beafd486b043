"""The parameters of the functions that are halted, in SSM."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from tasks.processes.steps import StepError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mypy_boto3_ssm import SSMClient


@dataclass(frozen=True)
class Before:
    """How a function was before it was halted.

    Attributes:
        reserved: Its reserved concurrency; none if it had none.
        provisioned: Environments that were kept ready, by alias or version.
        disabled: The ids of its event source mappings that took nothing anyway.
    """

    reserved: int | None = None
    provisioned: Mapping[str, int] = field(default_factory=dict)
    disabled: Sequence[str] = ()


class HaltedParameters:
    """The parameters `<path>/halted/<function>`; they are written here and read by Terraform.

    Args:
        client: A client of SSM.
        path: What their names begin with, such as /dragons/dev.
    """

    def __init__(self, client: SSMClient, path: str) -> None:
        self._client = client
        self._path = f"{path}/halted"

    def read(self, name: str) -> Before | None:
        """How a function was before it was halted; none if it is not.

        Raises:
            StepError: The parameter is not what `write` has written.
        """
        try:
            text = self._client.get_parameter(Name=f"{self._path}/{name}")["Parameter"]["Value"]
        except self._client.exceptions.ParameterNotFound:
            return None
        try:
            return Before(**json.loads(text))
        except (ValueError, TypeError) as error:
            raise StepError(
                f"{self._path}/{name}: {text!r} is not what `make halt` writes",
                f"write {json.dumps(asdict(Before()))}, or the number that it reserved",
            ) from error

    def write(self, name: str, before: Before) -> None:
        """Note that a function is halted."""
        value = json.dumps(asdict(before))
        self._client.put_parameter(Name=f"{self._path}/{name}", Value=value, Type="String", Overwrite=True)

    def delete(self, name: str) -> None:
        """Note that a function is not halted; no error if there is nothing to delete."""
        self._client.delete_parameters(Names=[f"{self._path}/{name}"])
