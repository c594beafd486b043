"""`make plan`: what an apply of what is here now would change."""

import argparse

from tasks.environment.build import buildable
from tasks.environment.environment import Environment


def run(environment: Environment, _arguments: argparse.Namespace) -> None:
    """Build, and have Terraform say what would change.

    Raises:
        StepError: A domain is a placeholder, or it failed.
    """
    if not environment.is_local:
        environment.settings.require_own_domains()
    buildable(environment).hand_over("plan")
