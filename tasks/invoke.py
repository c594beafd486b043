"""`make invoke`: one invocation of a function, with its log."""

import argparse
import json

from tasks.code.invocation import invoke, read_event
from tasks.code.named import require_deployed
from tasks.environment.environment import Environment
from tasks.processes.steps import StepError, say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the function and its event."""
    parser.add_argument("--function", default="", help="which")
    parser.add_argument("--event", default="", help="file with the event, JSON")


def run(environment: Environment, arguments: argparse.Namespace) -> None:
    """Invoke what serves; the result goes to the standard output, all else to the standard error.

    Raises:
        StepError: An input is wrong, or the function failed.
    """
    event = read_event(arguments.event)
    environment.enter_tools()
    functions = environment.outputs()["functions"]
    require_deployed(functions, arguments.function)
    arn = functions[arguments.function]
    region = arn.split(":")[3]  # one at the edge may be in another than its environment
    done = invoke(environment.client("lambda", region), arn, event)
    say(done.log.rstrip(), error=True)
    told = [f"version {done.version}", f"{done.duration_ms} ms" if done.duration_ms else "", done.trace_id]
    say(", ".join(part for part in told if part), error=True)
    print(json.dumps(done.result, indent=2, ensure_ascii=False))
    if done.failed:
        raise StepError(f"{arguments.function} failed")
