"""`make apply`: deploys what is here now, to everybody or as a canary."""

import argparse
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from tasks.environment import tools
from tasks.environment.bring_up import applying
from tasks.environment.build import buildable
from tasks.environment.cloud import FOLDER
from tasks.environment.environment import Environment
from tasks.environment.terraform import Root
from tasks.processes import consent
from tasks.processes.alone import alone
from tasks.processes.steps import step
from tasks.rollout import around_apply


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the share of a canary, and the word that approves."""
    parser.add_argument("--canary-percent", help="what the new versions get of the REST API's calls")
    parser.add_argument("--auto-approve", default="", help="yes: apply without asking")


def run(environment: Environment, arguments: argparse.Namespace) -> None:
    """Build and apply; on AWS what is applied is the plan that was shown, once somebody has said yes to it.

    Raises:
        StepError: An input is wrong, a domain is a placeholder, nobody said yes, or it failed.
    """
    percent: str | None = arguments.canary_percent
    if percent is not None:
        around_apply.require_percent(percent)
    consent.require_word(arguments.auto_approve)
    if not environment.is_local:
        environment.settings.require_own_domains()
    if percent is not None:
        environment.enter_tools()
    tools.install("dev")
    root = buildable(environment)
    with ExitStack() as around:
        if environment.is_local:
            around.enter_context(alone(FOLDER.name))
            around.enter_context(applying(environment.cloud))
        around.enter_context(around_apply.canary(percent, environment))
        if environment.is_local:
            root.hand_over("apply", "-input=false", "-auto-approve", foreground=False)
        else:
            _apply_what_was_shown(environment, root, approved=arguments.auto_approve == "yes")
    if not environment.is_local:
        with step("terraform state, with what AWS added by itself"):
            root.refresh()  # else the first `make drift` takes that for drift
    around_apply.tell_held(environment.deployed())


def _apply_what_was_shown(environment: Environment, root: Root, *, approved: bool) -> None:
    """Show a plan, ask, and apply that very plan; what keeps data is asked about by its name."""
    with TemporaryDirectory() as folder:  # nobody else's to read: a plan holds secrets
        plan = Path(folder) / "apply.tfplan"
        if not root.plan(plan):
            return
        if not approved:
            word = environment.name if environment.settings.protects_data else "yes"
            question = f"Apply this plan to {environment.name}?"
            consent.ask(question, "nothing was applied", word=word, remedy="AUTO_APPROVE=yes answers for you")
        root.apply_plan(plan)
