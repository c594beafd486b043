"""Functions and layers, packaged before Terraform reads their manifest."""

import sys

from tasks.environment import variables
from tasks.environment.environment import Environment
from tasks.environment.paths import ROOT
from tasks.environment.terraform import Root
from tasks.processes.steps import run, step


def build() -> bool:
    """Package functions and layers, and say whether anything was built.

    Raises:
        StepError: An input is wrong.
    """
    with step("build.py") as note:
        printed = run(
            [sys.executable, ROOT / "build.py"],
            cwd=ROOT,
            env=variables.for_downloads(),
            remedy="correct what build.py names above, and run it again",
        )
        note(printed.strip().splitlines()[-1])
        return not printed.strip().splitlines()[-1].startswith("0 built")


def buildable(environment: Environment) -> Root:
    """The root of an environment that is there, initialised, with functions and layers built.

    Raises:
        StepError: The local cloud does not run, an input is wrong, or the root cannot be initialised.
    """
    environment.require_cloud()
    root = environment.root
    build()
    root.init()
    return root
