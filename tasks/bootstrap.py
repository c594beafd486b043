"""`make bootstrap`: the bucket for Terraform's state, and the file that names it; again: nothing changes."""

import argparse
import re

from tasks.account import backend_file, state_bucket
from tasks.environment.environment import Environment
from tasks.processes.steps import StepError, say

AWS_ONLY = "its state is a file; name another environment, as in ENV=dev"

_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]")
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the region, and a bucket of another name."""
    parser.add_argument("--region", default="", help="of AWS (default: the one in settings.tf)")
    parser.add_argument("--bucket", default="", help="for the state (default: by account and region)")


def run(environment: Environment, arguments: argparse.Namespace) -> None:
    """Make the bucket, or complete it; write `backend.hcl`, and the region into `settings.tf`.

    Raises:
        StepError: An input is wrong, the state is elsewhere already, or the bucket is another account's.
    """
    region: str = arguments.region or environment.settings.region
    _require_inputs(region, arguments.bucket)
    environment.enter_tools()
    account: str = environment.client("sts", region).get_caller_identity()["Account"]
    name = arguments.bucket or state_bucket.name_of(account, region)
    folder = environment.root.folder
    backend_file.require_same(folder, name, region)
    bucket = state_bucket.StateBucket(environment.client("s3", region), name, account, region)
    done = bucket.bring_up_to_date()
    say(f"{name} in {region}, account {account}: {', '.join(done) or 'nothing changed'}")
    settings = environment.settings
    if settings.change_region(region):
        say(f"{settings.shown}: the region is {region} now")
    wrote = backend_file.write(folder, name, account, region)
    say(f"{backend_file.shown(folder)}: {'written' if wrote else 'nothing changed'}")
    say(f"next:  go through {settings.shown}, then `make plan ENV={environment.name}`")


def _require_inputs(region: str, bucket: str) -> None:
    if not _REGION.fullmatch(region):
        raise StepError(f"REGION={region} is not a region of AWS: write it as in REGION=us-east-1")
    if bucket and not _BUCKET.fullmatch(bucket):
        raise StepError(
            f"BUCKET={bucket} is not a bucket's name: take 3 to 63 lower-case letters, digits and hyphens"
        )
