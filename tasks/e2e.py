"""`make e2e`: the end-to-end tests against a system that is up."""

import argparse
import os

from tasks.account import backend_file, state_bucket
from tasks.environment import answering, tools
from tasks.environment.environment import Environment
from tasks.environment.pytest_run import run_pytest
from tasks.processes.steps import StepError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the bucket of the state, for a clone that does not know it."""
    parser.add_argument("--bucket", default="", help="of the state (default: by account and region)")


def run(environment: Environment, arguments: argparse.Namespace) -> None:
    """Run them against an environment, from whichever clone it was deployed.

    `AWS_ENDPOINT_URL` names another LocalStack; for AWS itself it is not set.

    Raises:
        StepError: An input is wrong, the environment is not there, does not answer, or a test failed.
    """
    endpoint, log = os.environ.get("AWS_ENDPOINT_URL"), None
    state_bucket.require_name(arguments.bucket)
    if arguments.bucket and (environment.is_local or endpoint is not None):
        raise StepError("BUCKET is for an environment on AWS", "name one, as in ENV=dev, or leave BUCKET out")
    if endpoint is not None:
        answering.require(endpoint, "start it, or leave AWS_ENDPOINT_URL out", past_proxies=True)
    else:
        environment.require_cloud()
        if environment.is_local:
            endpoint, log = environment.endpoint, environment.cloud.log
        else:
            backend_file.write_if_bootstrapped(environment, arguments.bucket)
    tools.install("dev")
    environment.root.init()
    outputs = environment.deployed()
    deploy = "make up" if environment.is_local else f"make apply ENV={environment.name}"
    answering.require(f"{outputs['rest_api_url']}/status", deploy, past_proxies=endpoint is not None)
    if not run_pytest(["tests/e2e"], outputs, endpoint, log):
        raise StepError("failed: pytest")
