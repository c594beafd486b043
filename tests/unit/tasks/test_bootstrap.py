"""`make bootstrap`: a bucket for the state that is complete, whoever began it, and the file that names it."""

import argparse
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from moto import mock_aws

from tasks import bootstrap
from tasks.account import backend_file
from tasks.account.state_bucket import StateBucket, name_of
from tasks.environment import environment as environments
from tasks.environment import paths, settings_file, terraform
from tasks.environment.environment import Environment
from tasks.processes.steps import StepError

ACCOUNT = "123456789012"
REGION = "eu-west-1"
NAME = f"dragons-terraform-{ACCOUNT}-{REGION}"
RULES = ["versioned", "encrypted", "closed to the public", "TLS only", "earlier states kept for 90 days"]


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """An account without buckets."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    with mock_aws(config={"iam": {"load_aws_managed_policies": True}}):
        yield boto3.client("s3", REGION)


def bring_up(s3: Any, region: str = REGION) -> list[str]:
    return StateBucket(s3, NAME, ACCOUNT, region).bring_up_to_date()


def test_a_bucket_is_made_with_all_its_rules_and_again_nothing_changes(s3: Any) -> None:
    made = bring_up(s3)
    assert made[0] == "made"
    assert set(RULES) - {"encrypted"} <= set(made)
    assert bring_up(s3) == []
    assert s3.get_bucket_versioning(Bucket=NAME)["Status"] == "Enabled"
    assert s3.get_bucket_location(Bucket=NAME)["LocationConstraint"] == REGION
    encryption = s3.get_bucket_encryption(Bucket=NAME)["ServerSideEncryptionConfiguration"]
    assert encryption["Rules"][0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    closed = s3.get_public_access_block(Bucket=NAME)["PublicAccessBlockConfiguration"]
    assert list(closed.values()) == [True] * 4
    [tls] = json.loads(s3.get_bucket_policy(Bucket=NAME)["Policy"])["Statement"]
    assert (tls["Effect"], tls["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})
    [rule] = s3.get_bucket_lifecycle_configuration(Bucket=NAME)["Rules"]
    assert rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": 90}


@pytest.mark.parametrize("reached", range(5))
def test_a_run_that_broke_off_is_completed(s3: Any, reached: int, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = 0
    send = s3._make_api_call

    def dies(operation: str, arguments: dict[str, Any]) -> Any:
        nonlocal calls
        calls += operation.startswith(("Put", "Create"))
        if calls > reached:
            raise ConnectionError
        return send(operation, arguments)

    with monkeypatch.context() as patch:
        patch.setattr(s3, "_make_api_call", dies)
        with pytest.raises(ConnectionError):
            bring_up(s3)
    assert bring_up(s3)
    assert bring_up(s3) == []


def test_what_the_team_has_added_stays(s3: Any) -> None:
    bring_up(s3)
    own = {"Sid": "Own", "Effect": "Deny", "Principal": "*", "Action": "s3:DeleteBucket", "Resource": "*"}
    s3.put_bucket_policy(Bucket=NAME, Policy=json.dumps({"Version": "2012-10-17", "Statement": [own]}))
    rule = {"ID": "own", "Status": "Enabled", "Filter": {"Prefix": "x"}, "Expiration": {"Days": 1}}
    s3.put_bucket_lifecycle_configuration(Bucket=NAME, LifecycleConfiguration={"Rules": [rule]})
    assert bring_up(s3) == ["TLS only", "earlier states kept for 90 days"]
    statements = json.loads(s3.get_bucket_policy(Bucket=NAME)["Policy"])["Statement"]
    assert [each["Sid"] for each in statements] == ["Own", "TlsOnly"]
    rules = s3.get_bucket_lifecycle_configuration(Bucket=NAME)["Rules"]
    assert [each["ID"] for each in rules] == ["own", "earlier-states"]
    assert bring_up(s3) == []


def test_the_first_region_is_not_named(s3: Any) -> None:
    first = boto3.client("s3", "us-east-1")
    assert StateBucket(first, "dragons-first", ACCOUNT, "us-east-1").bring_up_to_date()[0] == "made"


@pytest.mark.parametrize(
    ("operation", "code", "status"),
    [("head_bucket", "403", 403), ("create_bucket", "BucketAlreadyExists", 409)],
)
def test_a_bucket_of_another_account_takes_one_line(s3: Any, operation: str, code: str, status: int) -> None:
    with Stubber(s3) as stub:
        if operation != "head_bucket":
            stub.add_client_error("head_bucket", "404", http_status_code=404)
        stub.add_client_error(operation, code, http_status_code=status)
        with pytest.raises(StepError, match=f"^the bucket {NAME} is another account's, or closed") as caught:
            bring_up(s3)
    assert caught.value.remedy == "sign in to its account (AWS_PROFILE), or name another with BUCKET="


def test_what_else_aws_refuses_is_not_taken_for_a_missing_rule(s3: Any) -> None:
    bring_up(s3)
    with Stubber(s3) as stub:
        stub.add_response("head_bucket", {})
        stub.add_client_error("get_bucket_versioning", "AccessDenied", http_status_code=403)
        with pytest.raises(ClientError, match="AccessDenied"):
            bring_up(s3)


class Bootstrap:
    """The command, in a checkout with one environment."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = root / "terraform" / "environments" / "dev"
        self.folder.mkdir(parents=True)
        shutil.copy(paths.ENVIRONMENTS / "dev" / "settings.tf", self.folder)
        for module in (backend_file, settings_file):
            monkeypatch.setattr(module, "ROOT", root)
        for module in (environments, terraform):
            monkeypatch.setattr(module, "ENVIRONMENTS", self.folder.parent)
        monkeypatch.setattr(Environment, "enter_tools", lambda _: None)

    @property
    def region(self) -> str:
        return Environment("dev").settings.region

    def run(self, region: str = "", bucket: str = "", github: str = "") -> None:
        given = argparse.Namespace(region=region, bucket=bucket, github=github)
        bootstrap.run(Environment("dev"), given)


@pytest.fixture
def command(s3: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bootstrap:
    return Bootstrap(tmp_path, monkeypatch)


def test_the_files_say_where_the_state_and_the_system_are(
    command: Bootstrap, s3: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    command.run(REGION)
    written = (command.folder / "backend.hcl").read_text()
    assert re.findall(r'= \[?"(.*)"', written) == [NAME, REGION, ACCOUNT]
    assert command.region == REGION
    assert name_of(ACCOUNT, REGION) == NAME
    told = capsys.readouterr().out
    assert "settings.tf: region is eu-west-1 now" in told
    assert f"settings.tf: account_id is {ACCOUNT} now" in told
    command.run()
    assert capsys.readouterr().out == (
        f"{NAME} in {REGION}, account {ACCOUNT}: nothing changed\n"
        "terraform/environments/dev/backend.hcl: nothing changed\n"
        "next:  go through terraform/environments/dev/settings.tf, then `make plan ENV=dev`\n"
    )


def test_without_a_region_it_is_the_one_of_the_settings(command: Bootstrap) -> None:
    before = command.region
    command.run(bucket="our-states")
    assert command.region == before
    assert 'bucket              = "our-states"' in (command.folder / "backend.hcl").read_text()
    assert boto3.client("s3", "us-east-1").head_bucket(Bucket="our-states")


def test_the_roles_of_github_are_made_and_its_variables_named(
    command: Bootstrap, capsys: pytest.CaptureFixture[str]
) -> None:
    command.run(github="ann/dragons")
    told = capsys.readouterr().out
    assert (
        "roles for ann/dragons: GitHub is an identity provider, role github-dragons-dev-deploy, role" in told
    )
    assert f"AWS_ROLE_ARN=arn:aws:iam::{ACCOUNT}:role/github-dragons-dev-deploy" in told
    with pytest.raises(StepError, match="GITHUB=dragons is not a repository"):
        command.run(github="dragons")


def test_the_credentials_are_of_the_account_that_the_settings_name(command: Bootstrap) -> None:
    Environment("dev").settings.change("account_id", "210987654321")
    with pytest.raises(StepError, match=r"names the account 210987654321, your credentials are of 1234"):
        command.run()
    assert not (command.folder / "backend.hcl").exists()


@pytest.mark.parametrize(
    ("region", "bucket", "told"),
    [
        ("europe", "", "REGION=europe is not a region of AWS: write it as in REGION=us-east-1"),
        ("", "Ours", "BUCKET=Ours is not a bucket's name"),
        ("", "other-states", "backend.hcl names the bucket our-states, not other-states"),
    ],
)
def test_what_would_lose_the_state_or_is_no_name_makes_nothing(
    command: Bootstrap, s3: Any, region: str, bucket: str, told: str
) -> None:
    command.run(bucket="our-states")
    with pytest.raises(StepError, match=told):
        command.run(region, bucket)
    assert [each["Name"] for each in s3.list_buckets()["Buckets"]] == ["our-states"]


def test_a_clone_that_has_no_file_gets_it_where_the_bucket_is(command: Bootstrap, s3: Any) -> None:
    backend_file.write_if_bootstrapped(Environment("dev"))
    assert not (command.folder / "backend.hcl").exists()
    command.run()
    written = (command.folder / "backend.hcl").read_text()
    (command.folder / "backend.hcl").unlink()
    backend_file.write_if_bootstrapped(Environment("dev"))
    assert (command.folder / "backend.hcl").read_text() == written
    (command.folder / "backend.hcl").write_text("# our own")
    backend_file.write_if_bootstrapped(Environment("dev"))
    assert (command.folder / "backend.hcl").read_text() == "# our own"


def test_a_clone_gets_the_file_for_a_bucket_that_is_named_and_nothing_is_made(
    command: Bootstrap, s3: Any
) -> None:
    with pytest.raises(StepError, match=f"^there is no bucket our-states in the account {ACCOUNT}$"):
        backend_file.write_if_bootstrapped(Environment("dev"), "our-states")
    assert s3.list_buckets()["Buckets"] == []
    command.run(bucket="our-states")
    written = (command.folder / "backend.hcl").read_text()
    (command.folder / "backend.hcl").unlink()
    backend_file.write_if_bootstrapped(Environment("dev"), "our-states")
    assert (command.folder / "backend.hcl").read_text() == written
    with pytest.raises(StepError, match=r"backend.hcl names the bucket our-states, not other-states"):
        backend_file.write_if_bootstrapped(Environment("dev"), "other-states")


def test_settings_that_do_not_say_what_is_needed_are_named(command: Bootstrap) -> None:
    (command.folder / "settings.tf").write_text("locals {}\n")
    with pytest.raises(StepError, match=r"^terraform/environments/dev/settings.tf does not say region"):
        command.run()
