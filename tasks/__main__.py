"""`python3 -m tasks <target>`: runs the module of that name; the Makefile hands on its inputs.

Each module of this folder is a target of `make`. It has `run(environment, arguments)` and, where it takes
inputs, `add_arguments(parser)`. One that never leaves this machine says in `LOCAL_ONLY` what to do for
another environment, one for AWS alone in `AWS_ONLY` what to do for the local cloud; one that is not about
the system that runs says so with `ANY_PORT`.
"""

import argparse
import importlib
import sys
from pathlib import Path
from types import ModuleType

from tasks.environment import refusals
from tasks.environment.cloud import DEFAULT_PORT, FOLDER, MAX_PORT, running_port
from tasks.environment.environment import Environment
from tasks.environment.terraform import environment_root
from tasks.processes import children
from tasks.processes.steps import StepError, report, say


def targets() -> list[str]:
    """The names of the targets."""
    return sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py"))


def main() -> int:
    """Run a target; its errors take a few lines and no traceback."""
    parser = argparse.ArgumentParser(prog="python3 -m tasks", description=__doc__, allow_abbrev=False)
    parser.add_argument("--env", default="local", help="an environment of terraform/environments")
    parser.add_argument("--port", default="", help="of the local cloud (default: of what runs, or 4566)")
    parser.add_argument("target", choices=targets())
    target = importlib.import_module(f"tasks.{parser.parse_known_args()[0].target}")
    if hasattr(target, "add_arguments"):
        target.add_arguments(parser)
    arguments = parser.parse_args()
    try:
        with children.ending_with_this():
            target.run(_environment(target, arguments), arguments)
    except StepError as error:
        report(error)
        return 1
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        say(f"error: {where}{error.strerror or error}", error=True)
        return 1
    except _aws_errors() as error:
        report(refusals.explained(str(error), arguments.env) or StepError(str(error)))
        return 1
    except children.Interrupted as error:
        say(f"stopped by {error.signal.name}; running it again goes on, or starts afresh", error=True)
        return 128 + error.signal
    return 0


def _aws_errors() -> tuple[type[Exception], ...]:
    """What boto3 raises, where it was imported."""
    errors = sys.modules.get("botocore.exceptions")
    return (errors.BotoCoreError, errors.ClientError) if errors else ()


def _environment(target: ModuleType, arguments: argparse.Namespace) -> Environment:
    """The environment that a target is about, before anything is touched.

    Raises:
        StepError: It is none, is not one for this target, or its port is none.
    """
    name: str = arguments.env
    if name != "local" and hasattr(target, "LOCAL_ONLY"):
        raise StepError(
            f"`make {arguments.target}` is for the local cloud alone, not for ENV={name}",
            target.LOCAL_ONLY.format(env=name),
        )
    if name == "local" and hasattr(target, "AWS_ONLY"):
        raise StepError(
            f"`make {arguments.target}` is for an environment on AWS, not for local", target.AWS_ONLY
        )
    environment_root(name)
    asked, running = _port(arguments.port), running_port(FOLDER)
    if asked and running and asked != running and not hasattr(target, "ANY_PORT"):
        raise StepError(f"this checkout's system runs on port {running}, not on {asked}", "leave PORT out")
    return Environment(name, asked or running or DEFAULT_PORT)


def _port(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 6 and 0 < int(text) <= MAX_PORT):
        raise StepError(
            f"PORT={text} is not a port: take a number from 1 to {MAX_PORT}, such as {DEFAULT_PORT}"
        )
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
