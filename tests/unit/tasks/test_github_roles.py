"""The roles of GitHub's workflows: made once, trusted by one environment of one repository."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from tasks.account.github_roles import ISSUER, GitHubRoles

ACCOUNT = "123456789012"
DEPLOY, PLAN = "github-dragons-dev-deploy", "github-dragons-dev-plan"


@pytest.fixture
def iam(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws(config={"iam": {"load_aws_managed_policies": True}}):
        yield boto3.client("iam", "us-east-1")


def bring_up(iam: Any, repository: str = "ann/dragons") -> list[str]:
    return GitHubRoles(iam, ACCOUNT, "dev", repository, "bucket").bring_up_to_date()


def trusted(iam: Any, role: str) -> dict[str, str]:
    [statement] = iam.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
    found: dict[str, str] = statement["Condition"]["StringEquals"]
    return found


def test_they_are_made_once(iam: Any) -> None:
    assert bring_up(iam) == ["GitHub is an identity provider", f"role {DEPLOY}", f"role {PLAN}"]
    assert bring_up(iam) == []


def test_each_trusts_one_environment_of_one_repository(iam: Any) -> None:
    bring_up(iam)
    audience = {f"{ISSUER}:aud": "sts.amazonaws.com"}
    assert trusted(iam, DEPLOY) == audience | {f"{ISSUER}:sub": "repo:ann/dragons:environment:dev"}
    assert trusted(iam, PLAN) == audience | {f"{ISSUER}:sub": "repo:ann/dragons:environment:plan"}
    assert bring_up(iam, "bob/dragons") == [f"whom {DEPLOY} trusts", f"whom {PLAN} trusts"]
    assert trusted(iam, DEPLOY)[f"{ISSUER}:sub"] == "repo:bob/dragons:environment:dev"


def test_one_deploys_and_the_other_reads_and_locks(iam: Any) -> None:
    bring_up(iam)
    for role, managed, allowed in [
        (DEPLOY, "PowerUserAccess", [f"arn:aws:iam::{ACCOUNT}:role/dragons-dev-*"]),
        (PLAN, "ReadOnlyAccess", ["arn:aws:s3:::bucket/*.tflock", f"arn:aws:kms:*:{ACCOUNT}:key/*"]),
    ]:
        [attached] = iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]
        assert attached["PolicyName"] == managed
        policy = iam.get_role_policy(RoleName=role, PolicyName=role.rpartition("-")[2])["PolicyDocument"]
        assert [statement["Resource"] for statement in policy["Statement"]] == allowed


def test_a_plan_reads_what_the_environments_key_encrypts_for_services(iam: Any) -> None:
    bring_up(iam)
    policy = iam.get_role_policy(RoleName=PLAN, PolicyName="plan")["PolicyDocument"]
    condition = policy["Statement"][1]["Condition"]
    assert condition["ForAnyValue:StringEquals"] == {"kms:ResourceAliases": "alias/dragons-dev"}
    assert condition["StringLike"] == {"kms:ViaService": ["lambda.*.amazonaws.com", "ssm.*.amazonaws.com"]}
