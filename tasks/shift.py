"""`make shift`: the code of one function, tried with an event, and then given to its callers step by step."""

import argparse

from tasks.code.deployed import TERRAFORM_NEXT, read_manifest
from tasks.code.smoke import SmokeTest
from tasks.deploy import ask, deployed_code, require_running
from tasks.environment import applied
from tasks.environment.build import build
from tasks.environment.environment import Environment
from tasks.processes.steps import say
from tasks.rollout import around_apply, moves
from tasks.rollout.actions import Release
from tasks.rollout.gradual import GradualShift, Plan
from tasks.rollout.version_metrics import VersionMetrics


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the function, the steps, what they need to go on, and the word that approves."""
    parser.add_argument("--function", default="", help="whose code to deploy")
    parser.add_argument("--steps", default="10,50,100", help="percents of its calls")
    parser.add_argument("--every", default="60", help="seconds for which a step is watched")
    parser.add_argument("--errors", default="0", help="percent of the new version's calls that may fail")
    parser.add_argument("--auto-approve", default="", help="yes: shift without asking")


def run(environment: Environment, arguments: argparse.Namespace) -> None:
    """Build, publish, try, and shift; what fails is taken back.

    Raises:
        StepError: An input is wrong, the build failed, or the new code did.
    """
    plan = Plan.read(arguments.steps, arguments.every, arguments.errors)
    environment.enter_tools()
    name: str = arguments.function
    deployed = deployed_code(environment)
    deployed.require_known(name)
    require_running(environment, name)
    smoke = SmokeTest.of(name)
    outputs = environment.outputs()
    one = {"functions": {name: outputs["functions"][name]}, "state_machines": {}}
    release = around_apply.reader(environment, outputs | one)
    moves.shift(release().system, name, 0)  # refused here, before anybody is asked
    ask(environment, f"Shift {name} in {environment.name} to the code that is here?", arguments.auto_approve)
    build()
    began = release().system
    code, manifest = deployed.at(name, began.newest[name]), read_manifest()
    stale = name in code.stale(manifest)
    if not stale and began.newest == began.live:
        if name in began.routing.shifts:  # it was stopped before it had published anything
            release().shift(name, 100)
        say(f"{name}: nothing to shift, version {began.live[name]} serves and is what is here")
        return
    if environment.is_local:
        applied.forget(environment.cloud)
    try:
        version = began.newest[name]
        if stale or name not in began.routing.shifts:
            say(release().shift(name, 0) or f"{name}: version {began.live[name]} is held")
        if stale:
            version = code.publish(name, manifest)
        smoke.run(environment.client("lambda"), code.arns[name], version)
        metrics = VersionMetrics(environment.client("cloudwatch"), code.arns[name].split(":")[-1], version)
        GradualShift(name, version, release, metrics.read).run(plan)
    except BaseException:
        _tell_where_it_stands(release(), name)
        raise
    say(f"{name}: version {version} serves everybody; {TERRAFORM_NEXT}")


def _tell_where_it_stands(release: Release, name: str) -> None:
    if shift := release.system.routing.shifts.get(name):
        say(
            f"{name}: version {shift.held} is held, and the newest gets {shift.percent} %; "
            "`make shift` goes on, `make promote` lets it serve, `make rollback` pins what is held",
            error=True,
        )
