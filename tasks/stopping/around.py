"""The stop switch around Terraform: whose functions it is for, and what its state says afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks.environment.build import build
from tasks.processes.steps import step

if TYPE_CHECKING:
    from tasks.environment.environment import Environment
    from tasks.stopping.switch import StopSwitch

_PROVISIONED = "module.dragons.module.{}.aws_lambda_provisioned_concurrency_config.live[0]"


def stop_switch(environment: Environment) -> StopSwitch:
    """The switch of an environment's functions.

    Raises:
        StepError: It is not deployed.
    """
    from tasks.stopping.parameters import HaltedParameters
    from tasks.stopping.switch import StopSwitch

    outputs = environment.outputs()
    parameters = HaltedParameters(environment.client("ssm"), outputs["parameter_path"])
    return StopSwitch(environment.client("lambda"), parameters, outputs["functions"])


def bring_state_up_to_date(environment: Environment, provisioned: str = "") -> None:
    """Bring Terraform's state and outputs up to date, so that no plan sees a difference.

    Args:
        environment: Whose.
        provisioned: The function whose provisioned concurrency is there again.

    Raises:
        StepError: It failed; the next apply does it.
    """
    with step("terraform state"):
        build()  # Terraform reads the manifest
        root = environment.initialised_root()
        if provisioned:
            alias = environment.outputs()["functions"][provisioned]
            root.take_over(_PROVISIONED.format(provisioned), ",".join(alias.split(":")[-2:]))
        root.refresh()
