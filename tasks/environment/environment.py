"""The environment that a command is about: its root module, its outputs, and where its services answer."""

import argparse
import sys
from collections.abc import Mapping
from typing import Any

from tasks import commands
from tasks.environment import terraform, tools, variables
from tasks.environment.cloud import DEFAULT_PORT, Cloud
from tasks.environment.paths import ROOT
from tasks.processes import children
from tasks.processes.steps import StepError


def root_of(arguments: argparse.Namespace) -> terraform.Root:
    """The environment's root module, with the inputs that the command line gives it."""
    root = terraform.environment_root(arguments.env)
    if arguments.env == "local" and arguments.port != DEFAULT_PORT:
        root.variables["endpoint"] = Cloud(arguments.port).endpoint
    return root


def endpoint_of(arguments: argparse.Namespace) -> str | None:
    """The URL of the local cloud's services; none for AWS itself."""
    return Cloud(arguments.port).endpoint if arguments.env == "local" else None


def variables_for(endpoint: str | None) -> dict[str, str]:
    """The environment variables of what talks to the services at an endpoint; none is AWS itself."""
    return variables.for_aws() if endpoint is None else variables.for_local_cloud()


def hand_over(command: commands.Command, env: Mapping[str, str], *, after_signal: bool = False) -> None:
    """Run a command on this terminal; one that fails has said why, and its exit code is ours.

    Args:
        command: The program and its arguments.
        env: Its environment variables.
        after_signal: Whether it tidies up, and so runs though a signal came.
    """
    code = children.run_to_end(command, foreground=True, after_signal=after_signal, cwd=ROOT, env=env)
    if code != 0:
        sys.exit(code)


def require_cloud(arguments: argparse.Namespace) -> None:
    """Make sure that the local cloud runs, where the environment is on it.

    Raises:
        StepError: It does not.
    """
    if arguments.env == "local" and not Cloud(arguments.port).running():
        raise StepError(f"the local cloud is not running on port {arguments.port}", "make up")


def fetch_outputs(arguments: argparse.Namespace) -> dict[str, Any]:
    """The outputs of an environment, from whichever machine it was deployed.

    Raises:
        StepError: It is not deployed.
    """
    tools.install("dev")
    root = root_of(arguments)
    root.init()
    return outputs_of(arguments, root)


def outputs_of(arguments: argparse.Namespace, root: terraform.Root) -> dict[str, Any]:
    """The outputs of a root module that is initialised.

    Raises:
        StepError: It is not deployed.
    """
    outputs = root.outputs()
    if not outputs.keys() >= commands.OUTPUTS:
        first = "make up" if arguments.env == "local" else f"make apply ENV={arguments.env}"
        raise StepError(f"{arguments.env} is not deployed, or was before this command existed", first)
    return outputs
