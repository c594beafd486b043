"""`make destroy`: an environment on AWS, taken down to what it says that it leaves."""

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tasks.account import remains
from tasks.environment.build import buildable
from tasks.environment.environment import Environment
from tasks.processes import consent
from tasks.processes.steps import StepError, say
from tasks.rollout.parameters import ReleaseParameters

AWS_ONLY = "`make down` discards the local system"

_EDGE = "us-east-1"
"""Where functions at the edge are, whatever the environment's region."""

_STAYS = """
This deletes {env}: its dragons, its reporters and partners, everybody's accounts, the dataset and the logs.
What stays, since Terraform did not make it, and is listed in the end:
  - the API keys that `make partner` gave out{keys}
  - its KMS key, for the days of customer_key: until then it can be brought back, with what it has encrypted
  - versions of a layer that `make deploy` published
  - the functions at the edge, unless skip_destroy is false: AWS keeps their replicas for hours
  - log groups that AWS makes by itself, such as a canary's; those of the edge are in many regions
  - the bucket for Terraform's state, with its earlier versions
  - the account's setting of the role that API Gateway logs with, which all of the account shares
"""


def run(environment: Environment, _arguments: argparse.Namespace) -> None:
    """Show what goes, say what stays, ask for the environment's name, and list what is left.

    Raises:
        StepError: Its data is protected, its name was not given, or it failed; run again, it goes on.
    """
    environment.enter_tools()
    root = buildable(environment)
    rest_api = root.outputs().get("rest_api_id")
    with TemporaryDirectory() as folder:  # nobody else's to read: a plan holds secrets
        plan = Path(folder) / "destroy.tfplan"
        if root.plan(plan, "-destroy"):
            _require_unprotected(environment)
            keys = [
                name for _, name in remains.find(_clients(environment), environment.name, (), ["API key"])
            ]
            say(_STAYS.format(env=environment.name, keys=f": {', '.join(keys)}" if keys else ""))
            question = f"Destroy {environment.name}?"
            consent.ask(question, "nothing was destroyed", word=environment.name)
            _remove_pins(environment)
            root.apply_plan(plan)
    _tell_left(environment, [rest_api] if rest_api else [])


def _clients(environment: Environment, region: str = "") -> Any:
    """What makes clients, in the region of the settings: after a destroy, there are no outputs to name it."""
    chosen = region or environment.settings.region
    return lambda service: environment.client(service, chosen)


def _require_unprotected(environment: Environment) -> None:
    """Refuse before half of it is gone: AWS deletes no table that is protected.

    Source: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html
    """
    dynamodb = _clients(environment)("dynamodb")
    try:
        table = dynamodb.describe_table(TableName=f"dragons-{environment.name}-dragons")["Table"]
    except dynamodb.exceptions.ResourceNotFoundException:
        return  # an earlier run got that far
    if table.get("DeletionProtectionEnabled"):
        raise StepError(
            f"{environment.name} protects its data, and nothing was destroyed",
            f"set protect_data = false in {environment.settings.shown}, "
            f"`make apply ENV={environment.name}`, then run it again",
        )


def _remove_pins(environment: Environment) -> None:
    """Pins, halts and the site's releases are in nobody's state, and would count in the next system."""
    parameters = ReleaseParameters(_clients(environment)("ssm"), f"/dragons/{environment.name}")
    parameters.clear()


def _tell_left(environment: Environment, others: list[str]) -> None:
    left = list(remains.find(_clients(environment), environment.name, others))
    if environment.settings.region != _EDGE:
        kinds = ["function", "log group"]
        left += remains.find(_clients(environment, _EDGE), environment.name, (), kinds)
    for kind, name in left:
        say(f"left:  {kind} {name}")
    if not left:
        say(f"nothing of {environment.name} is left")
    else:
        say("next:  docs/deploy.md says how to remove what is left")
