"""`make redrive`: a queue's dead letters, back to the queue."""

import argparse
from collections.abc import Mapping
from typing import Any

from tasks.environment.environment import Environment
from tasks.events.dead_letters import DeadLetters
from tasks.processes import consent
from tasks.processes.steps import StepError, say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the queue, and the word that approves."""
    parser.add_argument("--queue", default="", help="whose dead letters to move back")
    parser.add_argument("--auto-approve", default="", help="yes: move them without asking")


def run(environment: Environment, arguments: argparse.Namespace) -> None:
    """Move them, and say how many were moved and how many are left.

    Raises:
        StepError: It is no queue that has dead letters of its own, nobody said yes, or the move failed.
    """
    environment.enter_tools()
    consent.require_word(arguments.auto_approve)
    name: str = arguments.queue
    require_queue(name, environment.outputs())
    letters = DeadLetters(environment.client("sqs"), environment.outputs()["queues"][name])
    number = letters.count()
    if not number:
        say(f"{name} has no dead letters")
        return
    if not environment.is_local and not arguments.auto_approve:
        question = f"Move {messages(number)} of {environment.name} back to {name}?"
        consent.ask(question, "nothing was moved", remedy="AUTO_APPROVE=yes answers for you")
    done = letters.move(lambda moved, expected: say(f"  ... {moved} of {max(moved, expected)} moved"))
    say(f"{name}: {messages(done.moved)} moved back, {done.left} left in the dead-letter queue")
    if done.came_back:
        say(f"some came back at once, so the move was ended: mend {name} first", error=True)


def require_queue(name: str, outputs: Mapping[str, Any]) -> None:
    """Make sure that a name is a queue's, whose dead letters can be moved back to it.

    Raises:
        StepError: It is none; says what is possible.
    """
    known = f"choose one of {', '.join(outputs['queues'])}"
    if not name:
        raise StepError("QUEUE=<name> is missing", known)
    if name in outputs["queues"]:
        return
    if name in outputs["dead_letter_queues"]:
        raise StepError(
            f"QUEUE={name}: what its dead-letter queue holds comes from no queue, so SQS cannot move it back",
            "`make replay FROM= TO=` tells events again, and docs/runbook.md has the rest; "
            f"of queues, {known}",
        )
    raise StepError(f"QUEUE={name} is not a queue that is deployed", known)


def messages(number: int) -> str:
    """A number of messages, in words."""
    return f"{number} message{'' if number == 1 else 's'}"
