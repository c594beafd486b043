"""`make replay`: what happened in a period, told again from the bus's archive to one of its rules."""

import argparse
from datetime import UTC, datetime

from tasks.environment.environment import Environment
from tasks.events.replays import Archive, Period
from tasks.processes import consent
from tasks.processes.steps import say

_RULE = "sightings"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the period, the rule, and the word that approves."""
    parser.add_argument("--from", default="", dest="begin", help="when the period begins, in ISO 8601")
    parser.add_argument("--to", default="", dest="end", help="when it ends (default: now)")
    parser.add_argument("--rule", default=_RULE, help="whom to tell")
    parser.add_argument("--auto-approve", default="", help="yes: replay without asking")


def run(environment: Environment, arguments: argparse.Namespace) -> None:
    """Replay, and say what it came to.

    Raises:
        StepError: An input is wrong, nobody said yes, or it failed.
    """
    consent.require_word(arguments.auto_approve)
    now = datetime.now(UTC)
    period = Period.of(arguments.begin, arguments.end, now)
    environment.enter_tools()
    archive = Archive(environment.client("events"), environment.outputs()["event_bus"])
    archive.require_kept(period, now)
    rule = archive.rule(arguments.rule)
    if not environment.is_local and not arguments.auto_approve:
        question = f"Tell {arguments.rule} of {environment.name} again what happened since {period.begin}?"
        consent.ask(question, "nothing was replayed", remedy="AUTO_APPROVE=yes answers for you")
    say(archive.replay(period, rule, lambda line: say(f"  ... {line}")))
