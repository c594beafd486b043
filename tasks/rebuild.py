"""`make rebuild`: the dataset compared with the table, and what differs mended."""

import argparse

from tasks.environment.environment import Environment
from tasks.events.rebuilds import Rebuild
from tasks.processes import consent
from tasks.processes.steps import StepError, say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the word that approves."""
    parser.add_argument("--auto-approve", default="", help="yes: rebuild without asking")


def run(environment: Environment, arguments: argparse.Namespace) -> None:
    """Rebuild, with a line whenever it got on, and say what it came to.

    Raises:
        StepError: Nobody said yes, the environment has no such machine yet, or it failed.
    """
    consent.require_word(arguments.auto_approve)
    environment.enter_tools()
    machine = environment.outputs()["state_machines"].get("compact_dataset")
    if machine is None:
        raise StepError(f"{environment.name} has no machine compact_dataset", "`make apply` makes it")
    if not environment.is_local and not arguments.auto_approve:
        question = f"Compare the dataset of {environment.name} with its table, dragon by dragon?"
        consent.ask(question, "nothing was compared", remedy="AUTO_APPROVE=yes answers for you")
    say(Rebuild(environment.client("stepfunctions"), machine).follow(lambda line: say(f"  ... {line}")))
