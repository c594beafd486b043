"""`make logs`: what the local cloud and the functions print."""

import argparse

from tasks.environment.environment import Environment
from tasks.processes import children
from tasks.processes.steps import StepError

LOCAL_ONLY = "the runbook says where the logs of {env} are"


def run(environment: Environment, _arguments: argparse.Namespace) -> None:
    """Follow the log.

    Raises:
        StepError: There is none.
    """
    log = environment.cloud.log
    if not log.exists():
        raise StepError("there is no log: nothing was started", "make up")
    children.run_to_end(["tail", "-n", "200", "-F", log], foreground=True)
