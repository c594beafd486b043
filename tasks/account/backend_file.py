"""`backend.hcl`, which says in which bucket an environment's state is."""

import re
from pathlib import Path

from tasks.account import state_bucket
from tasks.environment.environment import Environment
from tasks.environment.paths import ROOT
from tasks.processes.steps import StepError, say

_TEXT = """# Written by `make bootstrap ENV={env}`: in which bucket Terraform keeps this environment's state.
bucket              = "{bucket}"
region              = "{region}"
allowed_account_ids = ["{account}"]
"""


def shown(folder: Path) -> str:
    """The file's path in an environment's folder, as people write it."""
    return str((folder / "backend.hcl").relative_to(ROOT))


def write(folder: Path, bucket: str, account: str, region: str) -> bool:
    """Write `backend.hcl` of an environment, unless it says the same.

    Args:
        folder: The environment's.
        bucket: The name of the bucket.
        account: The account that owns it.
        region: Where it is.

    Returns:
        Whether it was written.
    """
    path = folder / "backend.hcl"
    if path.is_file():
        return False
    path.write_text(_TEXT.format(env=folder.name, bucket=bucket, account=account, region=region))
    return True


def write_if_bootstrapped(environment: Environment, named: str = "") -> None:
    """Write `backend.hcl` in a clone that has none, where `make bootstrap` has made the bucket.

    Nothing is made in the account; without such a bucket, Terraform's init says what is missing.

    Args:
        environment: On AWS.
        named: The bucket's name, where it was bootstrapped with one (default: by account and region).

    Raises:
        StepError: The bucket is another account's, the one that was named is none, or the file names another.
    """
    folder, region = environment.root.folder, environment.settings.region
    if (folder / "backend.hcl").is_file():
        if named:
            require_same(folder, named, region)
        return
    environment.enter_tools()
    account: str = environment.client("sts", region).get_caller_identity()["Account"]
    bucket = named or state_bucket.name_of(account, region)
    if state_bucket.StateBucket(environment.client("s3", region), bucket, account, region).exists():
        write(folder, bucket, account, region)
        say(f"{shown(folder)}: written, for the bucket {bucket}")
    elif named:
        raise StepError(
            f"there is no bucket {named} in the account {account}",
            f"give the BUCKET that {folder.name} was bootstrapped with",
        )


def require_same(folder: Path, bucket: str, region: str) -> None:
    """Make sure that the state is nowhere else.

    Raises:
        StepError: `backend.hcl` is there and names another bucket or region.
    """
    path = folder / "backend.hcl"
    said = path.read_text() if path.is_file() else ""
    named = dict(re.findall(r'^\s*(bucket|region)\s*=\s*"([^"]*)"', said, re.MULTILINE))
    wanted = {"bucket": bucket, "region": region}
    for field, value in named.items():
        if value != wanted[field]:
            raise StepError(
                f"{shown(folder)} names the {field} {value}, not {wanted[field]}",
                f"{field.upper()}={value} goes on with it; to begin elsewhere, remove that file first",
            )
