"""`make drift`: where what is deployed is no longer as Terraform left it; nothing is changed.

`python3 -m tasks --env dev drift` ends with 0 if nothing differs, 2 if something does, and 1 if it failed.
`make` itself ends with 2 for each of the latter.
"""

import argparse
import sys

from tasks.environment.build import buildable
from tasks.environment.environment import Environment
from tasks.processes.steps import say, step

DIFFERS = 2  # as of `terraform plan -detailed-exitcode`


def run(environment: Environment, _arguments: argparse.Namespace) -> None:
    """Have Terraform compare its state with what is there.

    Raises:
        StepError: It failed.
        SystemExit: Something differs.
    """
    root = buildable(environment)
    with step("terraform plan -refresh-only"):
        found = root.drift()
    if found:
        print(found)
        say(f"{environment.name} differs from what the last apply left, as shown above", error=True)
        say(f"next:  `make plan ENV={environment.name}` shows what an apply would make of it", error=True)
        sys.exit(DIFFERS)
    say(f"{environment.name} is as the last apply left it")
