"""`make halt`: stops a function at once; what waits for it waits until `make resume`."""

import argparse

from tasks.environment.environment import Environment
from tasks.processes import consent
from tasks.processes.steps import say
from tasks.stopping.around import bring_state_up_to_date, stop_switch


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the function, and the word that approves."""
    parser.add_argument("--function", default="", help="which to stop")
    parser.add_argument("--auto-approve", default="", help="yes: stop it without asking")


def run(environment: Environment, arguments: argparse.Namespace) -> None:
    """Halt a function, unless it is; then have Terraform's state say so.

    Raises:
        StepError: It is none, nobody said yes, or it failed; run again, it goes on.
    """
    environment.enter_tools()
    consent.require_word(arguments.auto_approve)
    name: str = arguments.function
    switch = stop_switch(environment)
    switch.require(name)
    noted = switch.is_noted(name)
    if (noted or name in environment.outputs()["halted"]) and switch.runs_nothing(name):
        say(f"{name} is halted already")
        return
    if not environment.is_local and not arguments.auto_approve:
        question = f"Halt {name} of {environment.name}? Its callers are refused."
        consent.ask(question, "nothing was halted", remedy="AUTO_APPROVE=yes answers for you")
    switch.halt(name)
    say(f"{name} is halted: callers get 429, queues and streams wait; `make resume` lets it go on")
    bring_state_up_to_date(environment)
