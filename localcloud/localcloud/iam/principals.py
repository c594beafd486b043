"""Finds whose an access key is, and what its owner may do.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html and
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html

Users, roles and their policies are where LocalStack keeps them, in moto's IAM; sessions in its STS. The local
account's own key, test/test, is its root user's, who may do everything; an unknown key is refused,
where LocalStack itself takes any.

Left out: policies named in AssumeRole's `PolicyArns`; GetSessionToken and GetFederationToken.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from moto.core.utils import utcnow
from moto.iam.models import AccessKey, IAMBackend, User, iam_backends
from moto.sts.models import AssumedRole, sts_backends

from localcloud.iam.policy import AccessRequest, Decision, Policy, evaluate, read_policy
from localcloud.iam.web_identity import PARTITION, WebIdentitySession, find_role
from localcloud.iam.wildcards import Values

ROOT_ACCOUNT, ROOT_ACCESS_KEY, ROOT_SECRET = "000000000000", "test", "test"
_EVERYTHING = read_policy({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})


@dataclass(frozen=True)
class Principal:
    """Whose credentials sign a request.

    Attributes:
        session_token: Temporary credentials' third part; permanent ones have none.
        user_id: The unique id, of a role's session with the session's name.
        read_policies: Reads the policies each of which has to allow what is done: the identity's own, its
            permissions boundary, its session's. Raises MalformedPolicyError.
        context: What is known of them, by condition keys in lower case.
    """

    access_key: str
    secret: str
    session_token: str | None
    account_id: str
    arn: str
    user_id: str
    read_policies: Callable[[], list[Policy]]
    context: Values = field(default_factory=dict)

    def may(self, action: str, resource: str) -> bool:
        """Whether they may do something.

        Raises:
            MalformedPolicyError: One of their policies is malformed, or says what is not supported.
        """
        known = {"aws:principalarn": (self.arn,), "aws:userid": (self.user_id,), **self.context}
        request = AccessRequest(action, resource, context=known)
        return all(evaluate(policy, request) is Decision.ALLOW for policy in self.read_policies())


def find_principal(access_key: str) -> Principal | None:
    """The owner of an access key; none if it is unknown, inactive or over."""
    if access_key == ROOT_ACCESS_KEY:
        arn = f"arn:aws:iam::{ROOT_ACCOUNT}:root"
        return Principal(
            access_key, ROOT_SECRET, None, ROOT_ACCOUNT, arn, ROOT_ACCOUNT, lambda: [_EVERYTHING]
        )
    return _find_session(access_key) or _find_user(access_key)


def _find_session(access_key: str) -> Principal | None:
    for account in list(sts_backends.values()):
        for session in list(account[PARTITION].assumed_roles):
            if session.access_key_id == access_key and session.expiration > utcnow():
                return _of_session(session)
    return None


def _of_session(session: AssumedRole) -> Principal:
    claims = session.claims if isinstance(session, WebIdentitySession) else {}
    return Principal(
        session.access_key_id,
        session.secret_access_key,
        session.session_token,
        session.account_id,
        session.arn,
        session.user_id,
        lambda: _session_policies(session),
        claims,
    )


def _session_policies(session: AssumedRole) -> list[Policy]:
    role = find_role(session.role_arn)
    if role is None:
        return [()]  # no statement: nothing is allowed
    backend = iam_backends[role.account_id][PARTITION]
    policies = _identity_policies(backend, [role], role.permissions_boundary_arn)
    return [*policies, *([read_policy(json.loads(session.policy))] if session.policy else [])]


def _find_user(access_key: str) -> Principal | None:
    for account in list(iam_backends.values()):
        backend = account[PARTITION]
        for user in list(backend.users.values()):
            for key in user.access_keys:
                if key.access_key_id == access_key and key.status == "Active":
                    return _of_user(backend, user, key)
    return None


def _of_user(backend: IAMBackend, user: User, key: AccessKey) -> Principal:
    def read_policies() -> list[Policy]:
        owners = [user, *backend.get_groups_for_user(user.name)]
        return _identity_policies(backend, owners, getattr(user, "permissions_boundary", None))

    return Principal(
        key.access_key_id,
        key.secret_access_key,
        None,
        user.account_id,
        user.arn,
        user.id,
        read_policies,
        {"aws:username": (user.name,)},
    )


def _identity_policies(backend: IAMBackend, owners: Sequence[Any], boundary: str | None) -> list[Policy]:
    """What the owners' policies say together, and the permissions boundary, if there is one."""
    attached = [policy for owner in owners for policy in owner.managed_policies.values()]
    inline = [document for owner in owners for document in owner.policies.values()]
    documents = [*inline, *map(_default_version, attached)]
    statements = tuple(statement for each in documents for statement in read_policy(json.loads(each)))
    if not boundary:
        return [statements]
    return [statements, read_policy(json.loads(_default_version(backend.managed_policies[boundary])))]


def _default_version(policy: Any) -> str:
    versions = {version.version_id: version.document for version in policy.versions}
    return str(versions[policy.default_version_id])
