"""`make down`: the system and every process of it are stopped; its data is discarded."""

import argparse

from tasks.environment.cloud import FOLDER
from tasks.environment.environment import Environment
from tasks.processes.alone import alone
from tasks.processes.steps import say

LOCAL_ONLY = "leave ENV out"


def run(environment: Environment, _arguments: argparse.Namespace) -> None:
    """Stop the system; another command that is at work on it is asked to end."""
    with alone(FOLDER.name, ends_others=True):
        say("stopped" if environment.cloud.stop() else "nothing was running")
