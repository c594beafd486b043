"""The roles that GitHub's workflows take on by OpenID Connect: no key is kept anywhere.

Source: https://docs.github.com/en/actions/security-for-github-actions/security-hardening-your-deployments/configuring-openid-connect-in-amazon-web-services
"""

import json
from typing import Any

ISSUER = "token.actions.githubusercontent.com"
_AUDIENCE = "sts.amazonaws.com"
PLAN = "plan"
"""The GitHub environment of pull requests, whose role may only read, and lock the state."""


class GitHubRoles:
    """The roles of an environment: one deploys, for the GitHub environment of its name, and one plans.

    Args:
        iam: A client of IAM.
        account: Twelve digits.
        environment: The environment's name.
        repository: On GitHub, such as `owner/name`.
        bucket: The name of the state's bucket.
    """

    def __init__(self, iam: Any, account: str, environment: str, repository: str, bucket: str) -> None:
        self._iam = iam
        self._account = account
        self._environment = environment
        self._repository = repository
        self._bucket = bucket

    def bring_up_to_date(self) -> list[str]:
        """Make the provider and the roles, unless they are there, and give them their rules.

        Returns:
            What was done, in a few words each; none if nothing was to do.
        """
        lock = f"arn:aws:s3:::{self._bucket}/*.tflock"
        roles = f"arn:aws:iam::{self._account}:role/dragons-{self._environment}-*"
        done = [
            self._provider(),
            # Roles of functions and services alone: all else that Terraform makes is PowerUserAccess's.
            *self._role(self._environment, "deploy", "PowerUserAccess", _allow("iam:*", roles)),
            *self._role(
                PLAN,
                "plan",
                "ReadOnlyAccess",
                _allow(["s3:PutObject", "s3:DeleteObject"], lock),
                self._reads_encrypted(),
            ),
        ]
        return [each for each in done if each]

    def arn(self, purpose: str) -> str:
        """The ARN of a role: `deploy` or `plan`."""
        return f"arn:aws:iam::{self._account}:role/{self._name(purpose)}"

    def _reads_encrypted(self) -> dict[str, Any]:
        """A plan compares functions' variables and reads parameters; code's own secrets stay closed to it.

        Source: https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
        """
        return _allow("kms:Decrypt", f"arn:aws:kms:*:{self._account}:key/*") | {
            "Condition": {
                "ForAnyValue:StringEquals": {"kms:ResourceAliases": f"alias/dragons-{self._environment}"},
                "StringLike": {"kms:ViaService": ["lambda.*.amazonaws.com", "ssm.*.amazonaws.com"]},
            }
        }

    def _name(self, purpose: str) -> str:
        return f"github-dragons-{self._environment}-{purpose}"  # not among those that it may change itself

    def _provider(self) -> str:
        known = self._iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
        if any(each["Arn"].endswith(f"/{ISSUER}") for each in known):
            return ""
        self._iam.create_open_id_connect_provider(Url=f"https://{ISSUER}", ClientIDList=[_AUDIENCE])
        return "GitHub is an identity provider"

    def _role(
        self, github_environment: str, purpose: str, managed: str, *statements: dict[str, Any]
    ) -> list[str]:
        name, done = self._name(purpose), []
        trust = self._trust(github_environment)
        try:
            role = self._iam.get_role(RoleName=name)["Role"]
        except self._iam.exceptions.NoSuchEntityException:
            role = self._iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]
            done.append(f"role {name}")
        if role["AssumeRolePolicyDocument"] != trust:
            self._iam.update_assume_role_policy(RoleName=name, PolicyDocument=json.dumps(trust))
            done.append(f"whom {name} trusts")
        self._iam.attach_role_policy(RoleName=name, PolicyArn=f"arn:aws:iam::aws:policy/{managed}")
        document = json.dumps({"Version": "2012-10-17", "Statement": statements})
        self._iam.put_role_policy(RoleName=name, PolicyName=purpose, PolicyDocument=document)
        return done

    def _trust(self, github_environment: str) -> dict[str, Any]:
        subject = f"repo:{self._repository}:environment:{github_environment}"
        provider = f"arn:aws:iam::{self._account}:oidc-provider/{ISSUER}"
        statement = {
            "Effect": "Allow",
            "Principal": {"Federated": provider},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {"StringEquals": {f"{ISSUER}:aud": _AUDIENCE, f"{ISSUER}:sub": subject}},
        }
        return {"Version": "2012-10-17", "Statement": [statement]}


def _allow(actions: str | list[str], resource: str) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resource}
