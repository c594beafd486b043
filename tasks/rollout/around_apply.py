"""A release around Terraform: the canary before an apply, and the outputs after a promotion."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tasks.environment.build import build
from tasks.processes.steps import StepError, say, step
from tasks.rollout.moves import MACHINES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tasks.environment.environment import Environment
    from tasks.rollout.actions import Release


def require_percent(text: str) -> None:
    """Make sure that a canary's share is a percentage.

    Raises:
        StepError: It is none.
    """
    try:
        if 0 <= float(text) <= 100:
            return
    except ValueError:
        pass  # no number: refused in the same words
    raise StepError(f"CANARY_PERCENT={text} is not a percentage: take a number from 0 to 100")


def read(environment: Environment, outputs: Mapping[str, Any]) -> Release:
    """What serves in an environment now.

    Raises:
        StepError: A function, a state machine or a parameter is not as it must be.
    """
    return reader(environment, outputs)()


def reader(environment: Environment, outputs: Mapping[str, Any]) -> Callable[[], Release]:
    """What reads it again and again, as `read` does once."""
    from tasks.code.named import with_alias
    from tasks.rollout.actions import Release
    from tasks.rollout.aliases import DeployedAliases
    from tasks.rollout.lambda_function import LambdaFunction
    from tasks.rollout.parameters import ReleaseParameters
    from tasks.rollout.stage import Stage
    from tasks.rollout.state_machine import StateMachine

    stage = Stage(environment.client("apigateway"), outputs["rest_api_id"], outputs["rest_api_stage"])
    parameters = ReleaseParameters(environment.client("ssm"), outputs["parameter_path"])
    functions, machines = environment.client("lambda"), environment.client("stepfunctions")
    deployed = {
        name: LambdaFunction(functions, arn.rpartition(":")[0])
        for name, arn in with_alias(outputs["functions"]).items()
    } | {
        f"{MACHINES}/{name}": StateMachine(machines, arn)
        for name, arn in outputs.get("state_machines", {}).items()  # an earlier apply made none
    }
    return lambda: Release(DeployedAliases(deployed), parameters, stage)


@contextmanager
def canary(percent: str | None, environment: Environment) -> Iterator[None]:
    """Prepare a canary for the apply inside; take it back if that apply deploys nothing.

    Args:
        percent: What the new versions get of the API's calls. 0 ends a canary; without it, nothing changes.
        environment: Its root is initialised.

    Raises:
        StepError: Nothing is deployed yet that could serve the other calls.
    """
    outputs = {} if percent is None else environment.root.outputs()
    deployed = "rest_api_id" in outputs
    if percent is None or (float(percent) == 0 and not deployed):
        yield
        return
    if not deployed:
        raise StepError(
            f"CANARY_PERCENT={percent}: nothing is deployed that could serve the other calls",
            "deploy once without CANARY_PERCENT",
        )
    before = read(environment, outputs).system
    say(read(environment, outputs).canary(float(percent)))
    try:
        yield
    except (StepError, KeyboardInterrupt):
        say(read(environment, outputs).restore(before.routing, before.newest))
        raise


def move(environment: Environment, action: Callable[[Release], str]) -> None:
    """Promote or roll back; then bring the outputs in Terraform's state up to date, so that a plan is clean.

    Raises:
        StepError: Nothing was moved; or the aliases are where they should be, and the outputs are not.
    """
    outputs = environment.outputs()
    build()  # Terraform, which brings the outputs up to date, reads the manifest
    say(action(read(environment, outputs)))
    with step("terraform outputs"):
        environment.initialised_root().refresh()


def tell_held(outputs: Mapping[str, Any]) -> None:
    """Say what an apply left behind the newest versions, or halted, and how to go on."""
    if outputs["canary_percent"]:
        say(f"canary: {outputs['canary_percent']:g} % of the REST API's calls go to the newest versions")
    pinned = outputs["pinned"] | {
        f"{MACHINES}/{name}": version for name, version in outputs["pinned_state_machines"].items()
    }
    if pinned:
        pins = ", ".join(f"{name} at {version}" for name, version in pinned.items())
        say(f"pinned: {pins}; `make promote` goes on to the newest versions")
    if outputs["halted"]:
        say(f"halted: {', '.join(outputs['halted'])}; `make resume` lets them go on, one by one")
