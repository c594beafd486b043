"""`make promote`: the newest versions serve everybody."""

import argparse

from tasks.environment.environment import Environment
from tasks.rollout.around_apply import move


def run(environment: Environment, _arguments: argparse.Namespace) -> None:
    """Take the canary and the pins away.

    Raises:
        StepError: There is nothing to promote, or it failed.
    """
    environment.enter_tools()
    move(environment, lambda release: release.promote())
