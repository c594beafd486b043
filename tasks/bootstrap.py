"""`make bootstrap`: the bucket for Terraform's state, and the file that names it; again: nothing changes."""

import argparse
import re

from tasks.account import backend_file, state_bucket
from tasks.environment.environment import Environment
from tasks.processes.steps import StepError, say

AWS_ONLY = "its state is a file; name another environment, as in ENV=dev"

_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the region, and a bucket of another name."""
    parser.add_argument("--region", default="", help="of AWS (default: the one in settings.tf)")
    parser.add_argument("--bucket", default="", help="for the state (default: by account and region)")
    parser.add_argument("--github", default="", help="the repository whose workflows deploy, as owner/name")


def run(environment: Environment, arguments: argparse.Namespace) -> None:
    """Make the bucket, or complete it; write `backend.hcl`, and region and account into `settings.tf`.

    Raises:
        StepError: An input is wrong, the state is elsewhere already, or the bucket is another account's.
    """
    region: str = arguments.region or environment.settings.region
    _require_inputs(region, arguments.bucket, arguments.github)
    environment.enter_tools()
    settings = environment.settings
    account: str = environment.client("sts", region).get_caller_identity()["Account"]
    name = arguments.bucket or state_bucket.name_of(account, region)
    if settings.account_id not in ("", account):
        raise StepError(
            f"{settings.shown} names the account {settings.account_id}, your credentials are of {account}",
            "sign in to that account (AWS_PROFILE), or write the other one there",
        )
    folder = environment.root.folder
    backend_file.require_same(folder, name, region)
    bucket = state_bucket.StateBucket(environment.client("s3", region), name, account, region)
    done = bucket.bring_up_to_date()
    say(f"{name} in {region}, account {account}: {', '.join(done) or 'nothing changed'}")
    for value, text in (("region", region), ("account_id", account)):
        if settings.change(value, text):
            say(f"{settings.shown}: {value} is {text} now")
    wrote = backend_file.write(folder, name, account, region)
    say(f"{backend_file.shown(folder)}: {'written' if wrote else 'nothing changed'}")
    if arguments.github:
        _let_github_deploy(environment, arguments.github, account, name, region)
    say(f"next:  go through {settings.shown}, then `make plan ENV={environment.name}`")


def _let_github_deploy(
    environment: Environment, repository: str, account: str, bucket: str, region: str
) -> None:
    """Make the roles, and say which variables GitHub's environments want."""
    from tasks.account.github_roles import GitHubRoles

    roles = GitHubRoles(environment.client("iam", region), account, environment.name, repository, bucket)
    say(f"roles for {repository}: {', '.join(roles.bring_up_to_date()) or 'nothing changed'}")
    say(f"next:  on GitHub, give the environment {environment.name} the variables of docs/deploy.md:")
    say(f"  AWS_REGION={region}")
    say(f"  AWS_ROLE_ARN={roles.arn('deploy')}  (in the environment plan: {roles.arn('plan')})")
    say(f"  BACKEND_HCL: the text of {backend_file.shown(environment.root.folder)}")


def _require_inputs(region: str, bucket: str, github: str) -> None:
    if github and not re.fullmatch(r"[\w.-]+/[\w.-]+", github):
        raise StepError(f"GITHUB={github} is not a repository: write it as in GITHUB=owner/name")
    if not _REGION.fullmatch(region):
        raise StepError(f"REGION={region} is not a region of AWS: write it as in REGION=us-east-1")
    state_bucket.require_name(bucket)
