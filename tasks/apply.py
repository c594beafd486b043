"""`make apply`: deploys what is here now, to everybody or as a canary."""

import argparse
from contextlib import ExitStack

from tasks.environment import tools
from tasks.environment.bring_up import applying
from tasks.environment.build import buildable
from tasks.environment.cloud import FOLDER
from tasks.environment.environment import Environment
from tasks.processes.alone import alone
from tasks.processes.steps import StepError
from tasks.rollout import around_apply


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the share of a canary, and the word that approves."""
    parser.add_argument("--canary-percent", help="what the new versions get of the REST API's calls")
    parser.add_argument("--auto-approve", default="", help="yes: apply without asking")


def run(environment: Environment, arguments: argparse.Namespace) -> None:
    """Build and apply; Terraform asks first, but for `local` or where the caller has approved.

    Raises:
        StepError: An input is wrong, or it failed.
    """
    percent: str | None = arguments.canary_percent
    if percent is not None:
        around_apply.require_percent(percent)
    if arguments.auto_approve not in ("", "yes"):
        raise StepError(
            f"AUTO_APPROVE={arguments.auto_approve} is not valid: say AUTO_APPROVE=yes, or leave it out"
        )
    if percent is not None:
        environment.enter_tools()
    approved = environment.is_local or arguments.auto_approve == "yes"
    words = ["-input=false", "-auto-approve"] if approved else []
    tools.install("dev")
    root = buildable(environment)
    with ExitStack() as around:
        if environment.is_local:
            around.enter_context(alone(FOLDER.name))
            around.enter_context(applying(environment.cloud))
        around.enter_context(around_apply.canary(percent, environment))
        root.hand_over("apply", *words, foreground=not approved)
    around_apply.tell_pinned(environment.deployed())
