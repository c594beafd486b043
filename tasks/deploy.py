"""`make deploy`: the code of one function, tried with an event before it serves."""

import argparse
import time

from tasks.code.deployed import TERRAFORM_NEXT, DeployedCode, read_manifest
from tasks.code.smoke import SmokeTest
from tasks.environment import applied
from tasks.environment.build import build
from tasks.environment.environment import Environment
from tasks.processes import consent
from tasks.processes.steps import StepError, say
from tasks.rollout.parameters import ReleaseParameters


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the function, and the word that approves."""
    parser.add_argument("--function", default="", help="whose code to deploy")
    parser.add_argument("--auto-approve", default="", help="yes: deploy without asking")


def run(environment: Environment, arguments: argparse.Namespace) -> None:
    """Build, publish, try and serve; callers never see code that fails.

    Raises:
        StepError: An input is wrong, the build failed, or the new code did.
    """
    environment.enter_tools()
    name: str = arguments.function
    code = deployed_code(environment)
    code.require(name)
    require_running(environment, name)
    smoke = SmokeTest.of(name)
    ask(environment, f"Deploy {name} to {environment.name}?", arguments.auto_approve)
    build()
    manifest, began = read_manifest(), time.monotonic()
    if name not in code.stale(manifest):
        say(f"{name}: what serves is what is here")
        return
    if environment.is_local:
        applied.forget(environment.cloud)
    version = code.publish(name, manifest)
    try:
        smoke.run(environment.client("lambda"), code.arns[name], version)
    except Exception:
        code.serve(name, code.take_back(name))
        say(f"{name}: the code of before serves on", error=True)
        raise
    code.serve(name, version)
    say(f"{name}: version {version} serves ({time.monotonic() - began:.1f} s); {TERRAFORM_NEXT}")


def require_running(environment: Environment, name: str) -> None:
    """Make sure that a function is not halted.

    Raises:
        StepError: It is.
    """
    if name in environment.outputs()["halted"]:
        raise StepError(f"{name} is halted: new code could not be tried", f"`make resume FUNCTION={name}`")


def deployed_code(environment: Environment) -> DeployedCode:
    """The code of an environment's functions."""
    outputs = environment.outputs()
    parameters = ReleaseParameters(environment.client("ssm"), outputs["parameter_path"])
    return DeployedCode(environment.client("lambda"), parameters, outputs["functions"])


def ask(environment: Environment, question: str, approved: str) -> None:
    """Ask before AWS is changed.

    Raises:
        StepError: Nobody said yes, in either way.
    """
    consent.require_word(approved)
    if not environment.is_local and not approved:
        consent.ask(question, "nothing was deployed", remedy="AUTO_APPROVE=yes answers for you")
