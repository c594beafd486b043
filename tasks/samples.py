"""`make samples`: the sample dragons, brought up to date; again: nothing changes."""

import argparse

from tasks.environment import sample_dragons, tools
from tasks.environment.environment import Environment
from tasks.processes import consent
from tasks.processes.steps import say, step


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the word that approves."""
    parser.add_argument("--auto-approve", default="", help="yes: load without asking")


def run(environment: Environment, arguments: argparse.Namespace) -> None:
    """Load them, once somebody has said yes to it where it is not the local cloud.

    Raises:
        StepError: Nobody said yes, or it failed.
    """
    consent.require_word(arguments.auto_approve)
    outputs = environment.outputs()
    if not environment.is_local and not arguments.auto_approve:
        consent.ask(
            f"Load the sample dragons into {outputs['dragons_table']}? What others wrote stays.",
            "nothing was loaded",
            remedy="AUTO_APPROVE=yes answers for you",
        )
    tools.install("dev")
    with step("sample dragons") as note:
        note(sample_dragons.load(outputs, environment.variables, environment.endpoint))
    say(f"next:  curl '{outputs['rest_api_url']}/dragons?family=red&limit=2'")
