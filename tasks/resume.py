"""`make resume`: lets a function that was halted go on, with what waited for it."""

import argparse

from tasks.environment.environment import Environment
from tasks.processes import consent
from tasks.processes.steps import StepError, say
from tasks.stopping.around import bring_state_up_to_date, stop_switch


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the function, and the word that approves."""
    parser.add_argument("--function", default="", help="which to let go on")
    parser.add_argument("--auto-approve", default="", help="yes: let it go on without asking")


def run(environment: Environment, arguments: argparse.Namespace) -> None:
    """Take back what was there before the halt; then have Terraform's state say so.

    Raises:
        StepError: It is none, its environment halts it, nobody said yes, or it failed; run again, it goes on.
    """
    environment.enter_tools()
    consent.require_word(arguments.auto_approve)
    name: str = arguments.function
    switch = stop_switch(environment)
    switch.require(name)
    if environment.outputs()["halted"].get(name) == "input":
        raise StepError(
            f"{name} is halted by the input `halted`",
            f"take it out there, in {environment.settings.shown}, and `make apply{_of(environment)}`",
        )
    if not switch.is_noted(name):
        say(f"{name} is not halted")
        return
    if not environment.is_local and not arguments.auto_approve:
        question = f"Let {name} of {environment.name} go on?"
        consent.ask(question, "it stays halted", remedy="AUTO_APPROVE=yes answers for you")
    before = switch.resume(name)
    reserved = "none" if before.reserved is None else before.reserved
    say(f"{name} goes on, with what waited for it; its reserved concurrency is what it was: {reserved}")
    bring_state_up_to_date(environment, name if "live" in before.provisioned else "")


def _of(environment: Environment) -> str:
    return "" if environment.is_local else f" ENV={environment.name}"
