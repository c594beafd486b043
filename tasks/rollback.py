"""`make rollback`: takes the canary back, or else goes back to the versions before."""

import argparse

from tasks.environment.environment import Environment
from tasks.rollout.around_apply import move


def run(environment: Environment, _arguments: argparse.Namespace) -> None:
    """Pin functions and state machines at what served before.

    Raises:
        StepError: There is nothing to go back to, or it failed.
    """
    environment.enter_tools()
    move(environment, lambda release: release.rollback())
