"""Halts a function and lets it go on.

Lambda calls nothing whose reserved concurrency is 0. A mapping would still take messages off its queue, and
one that is refused has been received: after a few times it is a dead letter. So the mappings are disabled,
too; a stream's goes on later from where it was.

Sources: https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html and
https://docs.aws.amazon.com/lambda/latest/api/API_UpdateEventSourceMapping.html
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tasks.code.named import require_alias
from tasks.processes.steps import StepError
from tasks.stopping.parameters import Before

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_lambda import LambdaClient

    from tasks.stopping.parameters import HaltedParameters

_SETTLED = {"Enabled", "Disabled"}
_ENABLED = {"Creating", "Enabling", "Enabled"}
_POLL_SECONDS = 0.5
_SETTLE_SECONDS = 180.0


class StopSwitch:
    """The switch of each function of an environment.

    Every step can be done again: a run that was killed is finished by the next one.

    Args:
        client: A client of Lambda.
        parameters: What says which are halted.
        functions: The ARN of each function's `live` alias, by the name of its folder.
    """

    def __init__(
        self, client: LambdaClient, parameters: HaltedParameters, functions: Mapping[str, str]
    ) -> None:
        self._client = client
        self._parameters = parameters
        self._functions = functions

    def require(self, name: str) -> None:
        """Make sure that a function is deployed.

        Raises:
            StepError: It is not, or runs at the edge; says which may be named.
        """
        require_alias(self._functions, name)

    def is_noted(self, name: str) -> bool:
        """Whether a parameter says that a function is halted."""
        return self._parameters.read(name) is not None

    def runs_nothing(self, name: str) -> bool:
        """Whether nothing runs of a function, and nothing takes anything for it."""
        mappings = self._mappings(name)
        return self._reserved(name) == 0 and not any(state in _ENABLED for state in mappings.values())

    def halt(self, name: str) -> None:
        """Halt a function: the parameter first, so that an apply meanwhile goes the same way."""
        if self._parameters.read(name) is None:
            self._parameters.write(name, self._before(name))
        arn = self._arn(name)
        for qualifier in self._provisioned(name):  # Lambda reserves no less than what is provisioned
            self._client.delete_provisioned_concurrency_config(FunctionName=arn, Qualifier=qualifier)
        self._client.put_function_concurrency(FunctionName=arn, ReservedConcurrentExecutions=0)
        self._switch(name, dict.fromkeys(self._mappings(name), False))

    def resume(self, name: str) -> Before:
        """Take back what was there: the parameter goes last, so that until then it can be done again.

        Returns:
            What was there.

        Raises:
            StepError: It is not halted.
        """
        before = self._parameters.read(name)
        if before is None:
            raise StepError(f"{name} is not halted")
        arn = self._arn(name)
        if before.reserved is None:
            self._client.delete_function_concurrency(FunctionName=arn)
        else:
            self._client.put_function_concurrency(
                FunctionName=arn, ReservedConcurrentExecutions=before.reserved
            )
        for qualifier, number in before.provisioned.items():
            self._client.put_provisioned_concurrency_config(
                FunctionName=arn, Qualifier=qualifier, ProvisionedConcurrentExecutions=number
            )
        wanted = [mapping for mapping in self._mappings(name) if mapping not in before.disabled]
        self._switch(name, dict.fromkeys(wanted, True))
        self._parameters.delete(name)
        return before

    def _before(self, name: str) -> Before:
        disabled = [mapping for mapping, state in self._mappings(name).items() if state not in _ENABLED]
        return Before(self._reserved(name), self._provisioned(name), disabled)

    def _arn(self, name: str) -> str:
        return self._functions[name].rpartition(":")[0]

    def _reserved(self, name: str) -> int | None:
        found = self._client.get_function_concurrency(FunctionName=self._arn(name))
        return found.get("ReservedConcurrentExecutions")

    def _provisioned(self, name: str) -> dict[str, int]:
        pages = self._client.get_paginator("list_provisioned_concurrency_configs")
        return {
            each["FunctionArn"].rpartition(":")[2]: each["RequestedProvisionedConcurrentExecutions"]
            for page in pages.paginate(FunctionName=self._arn(name))
            for each in page["ProvisionedConcurrencyConfigs"]
        }

    def _mappings(self, name: str) -> dict[str, str]:
        """The state of each event source mapping that calls what is live, by its id."""
        pages = self._client.get_paginator("list_event_source_mappings")
        return {
            each["UUID"]: each["State"]
            for page in pages.paginate(FunctionName=self._functions[name])
            for each in page["EventSourceMappings"]
        }

    def _switch(self, name: str, wanted: Mapping[str, bool]) -> None:
        """Enable or disable mappings, and wait until they are; one that is being changed takes no change.

        Raises:
            StepError: One does not become what it is to be.
        """
        deadline = time.monotonic() + _SETTLE_SECONDS
        while True:
            states = self._mappings(name)
            waiting = {
                mapping: enabled
                for mapping, enabled in wanted.items()
                if mapping in states and states[mapping] != ("Enabled" if enabled else "Disabled")
            }
            if not waiting:
                return
            if time.monotonic() > deadline:
                raise StepError(f"the event source mappings {', '.join(waiting)} of {name} do not settle")
            for mapping, enabled in waiting.items():
                if states[mapping] in _SETTLED:
                    self._client.update_event_source_mapping(UUID=mapping, Enabled=enabled)
            time.sleep(_POLL_SECONDS)
