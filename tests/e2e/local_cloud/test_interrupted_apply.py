"""Ctrl-C in the middle of an apply, with its state in a bucket of `make bootstrap`: again, it completes."""

import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from support.system import poll
from tasks.account.state_bucket import StateBucket
from tasks.environment.terraform import Root
from tasks.processes.steps import StepError

ROOT = Path(__file__).parents[3]
MAIN = """
terraform {
  required_providers {
    aws = { source = "hashicorp/aws", version = ">= 5.100, < 7.0" }
  }
  backend "s3" {
    bucket         = "%(name)s"
    key            = "state"
    region         = "us-east-1"
    use_lockfile   = true
    use_path_style = true
  }
}

provider "aws" {
  region = "us-east-1"
}

resource "aws_ssm_parameter" "before" {
  name           = "/%(name)s/before"
  type           = "String"
  insecure_value = "here"
}

resource "terraform_data" "slow" {
  depends_on = [aws_ssm_parameter.before]
  provisioner "local-exec" {
    command = "test -e ${path.module}/reached || { touch ${path.module}/reached; sleep 60; }"
  }
}

resource "aws_ssm_parameter" "after" {
  depends_on     = [terraform_data.slow]
  name           = "/%(name)s/after"
  type           = "String"
  insecure_value = "here"
}
"""
APPLY = """
import sys
from pathlib import Path
from tasks.environment.terraform import Root
from tasks.processes import children
folder = Path(sys.argv[1])
root = Root(folder, folder / "data", on_aws=True)
with children.ending_with_this():
    root.plan(folder / "plan")
    root.apply_plan(folder / "plan")
"""


pytestmark = pytest.mark.xdist_group("interrupted apply")  # long, and nothing of the system's


@pytest.fixture
def root(aws: Callable[[str], Any], tmp_path: Path) -> Iterator[Root]:
    """A small root with a state of its own."""
    if "AWS_ENDPOINT_URL" not in os.environ:
        pytest.skip("a bucket and parameters would be made in an account of AWS")
    name, s3 = f"e2e-{uuid.uuid4()}", aws("s3")
    account = aws("sts").get_caller_identity()["Account"]
    StateBucket(s3, name, account, "us-east-1").bring_up_to_date()
    (tmp_path / "main.tf").write_text(MAIN % {"name": name})
    made = Root(tmp_path, tmp_path / "data", on_aws=True)
    made.init()
    yield made
    aws("ssm").delete_parameters(Names=[f"/{name}/before", f"/{name}/after"])
    versions = s3.list_object_versions(Bucket=name)
    for each in [*versions.get("Versions", []), *versions.get("DeleteMarkers", [])]:
        s3.delete_object(Bucket=name, Key=each["Key"], VersionId=each["VersionId"])
    s3.delete_bucket(Bucket=name)


def apply(root: Root) -> subprocess.Popen[str]:
    """Start an apply as `make apply` does, in a session of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", APPLY, str(root.folder)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def test_an_interrupted_apply_keeps_its_state_and_completes(root: Root) -> None:
    first = apply(root)
    poll(lambda: True if (root.folder / "reached").exists() else None, "the apply to be midway", 60)
    with pytest.raises(StepError, match=r"^the state is locked by ") as locked:
        root.plan_is_clean()
    os.killpg(first.pid, signal.SIGINT)
    printed, _ = first.communicate(timeout=60)
    assert first.returncode != 0
    assert "force-unlock" in locked.value.remedy
    again = apply(root)
    printed, _ = again.communicate(timeout=120)
    assert again.returncode == 0, printed
    assert (
        "aws_ssm_parameter.before: Creating" not in printed
    )  # the state has it, and the lock was given back
    assert "aws_ssm_parameter.after: Creation complete" in printed
