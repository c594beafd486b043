"""The stop switch around Terraform: whose functions it is for, and what its state says afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks.environment.build import build
from tasks.processes.steps import step

if TYPE_CHECKING:
    from tasks.environment.environment import Environment
    from tasks.stopping.switch import StopSwitch


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


def bring_state_up_to_date(environment: Environment) -> None:
    """Bring Terraform's state and outputs up to date, so that no plan sees a difference.

    Raises:
        StepError: It failed; the next apply does it.
    """
    with step("terraform state"):
        build()  # Terraform reads the manifest
        environment.root.refresh()
