"""`make site`: what `site/` holds, published as what everybody sees, or as what testers see."""

import argparse

from tasks.environment.environment import Environment
from tasks.processes import consent
from tasks.processes.steps import StepError, say
from tasks.publishing.publisher import RELEASES, Publisher, require_site


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take which release it is to be, and the word that approves."""
    parser.add_argument("--release", default="live", help="live, or next for testers alone")
    parser.add_argument("--auto-approve", default="", help="yes: publish without asking")


def run(environment: Environment, arguments: argparse.Namespace) -> None:
    """Publish, once somebody has said yes to it where it is not the local cloud.

    Raises:
        StepError: An input is wrong, nobody said yes, or it failed; running it again goes on.
    """
    consent.require_word(arguments.auto_approve)
    if arguments.release not in RELEASES:
        raise StepError(f"RELEASE={arguments.release} is no release: choose live or next")
    environment.enter_tools()
    outputs = environment.outputs()
    require_site(outputs)
    if not environment.is_local and not arguments.auto_approve:
        question = f"Publish the site of this checkout at {outputs['site_url']}, as {arguments.release}?"
        consent.ask(question, "nothing was published", remedy="AUTO_APPROVE=yes answers for you")
    publisher = Publisher(environment.client, outputs)
    say(publisher.publish(arguments.release, lambda line: say(f"  ... {line}")))
    look = "" if arguments.release == "live" else "/?release=next"
    say(f"next:  open {outputs['site_url']}{look}")
