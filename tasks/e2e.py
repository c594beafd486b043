"""`make e2e`: the end-to-end tests against a system that is up."""

import argparse
import os

from tasks.environment import tools
from tasks.environment.environment import Environment
from tasks.environment.pytest_run import run_pytest
from tasks.processes.steps import StepError


def run(environment: Environment, _arguments: argparse.Namespace) -> None:
    """Run them against an environment.

    `AWS_ENDPOINT_URL` names another LocalStack; for AWS itself it is not set.

    Raises:
        StepError: The environment is not there, or a test failed.
    """
    endpoint, log = os.environ.get("AWS_ENDPOINT_URL"), None
    if endpoint is None:
        environment.require_cloud()
        if environment.is_local:
            endpoint, log = environment.endpoint, environment.cloud.log
    tools.install("dev")
    environment.root.init()
    if not run_pytest(["tests/e2e"], environment.deployed(), endpoint, log):
        raise StepError("failed: pytest")
