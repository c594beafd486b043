"""`make plan`: what an apply of what is here now would change."""

import argparse

from tasks.environment.build import buildable
from tasks.environment.environment import Environment


def run(environment: Environment, _arguments: argparse.Namespace) -> None:
    """Build, and have Terraform say what would change.

    Raises:
        StepError: It failed.
    """
    buildable(environment).hand_over("plan")
