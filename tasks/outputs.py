"""`make outputs`: what an environment tells of itself: URLs, and names of tables and functions."""

import argparse
import json

from tasks.environment.environment import Environment
from tasks.processes.steps import StepError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the name of one output."""
    parser.add_argument("--name", default="", help="of the one to print, without its name (default: all)")


def run(environment: Environment, arguments: argparse.Namespace) -> None:
    """Print them on the standard output: texts as they are, all else as JSON.

    Raises:
        StepError: There is no such output, or the environment is not deployed.
    """
    outputs = environment.outputs()
    if not arguments.name:
        for name, value in sorted(outputs.items()):
            print(f"{name} = {_shown(value)}")
    elif arguments.name in outputs:
        print(_shown(outputs[arguments.name]))
    else:
        raise StepError(f"NAME={arguments.name} is not an output: choose one of {', '.join(sorted(outputs))}")


def _shown(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
