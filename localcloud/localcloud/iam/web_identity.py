"""Gives temporary credentials for another provider's word: STS's AssumeRoleWithWebIdentity.

Sources: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html (the keys that a
provider's claims become, `<provider>:aud` and the like) and
https://docs.aws.amazon.com/cognito/latest/developerguide/iam-roles.html

Sessions are kept with those of moto's own AssumeRole, so that GetCallerIdentity knows them.

Left out: session policies. The one that Cognito gives guests allows all of `execute-api`.
"""

import json
import threading
from collections.abc import Mapping

from moto.core.utils import utcnow
from moto.iam.models import AccessKey, Role, iam_backends
from moto.iam.utils import generate_access_key_id_from_account_id
from moto.sts.models import AssumedRole, sts_backends

from localcloud.iam.policy import (
    TRUST_ELEMENTS,
    AccessRequest,
    Decision,
    MalformedPolicyError,
    evaluate,
    read_policy,
)
from localcloud.iam.wildcards import Values

PARTITION = "aws"

_PRUNING = threading.Lock()


class AccessDeniedError(Exception):
    """The role does not trust the caller, or does not exist; the message says which."""


class WebIdentitySession(AssumedRole):
    """A role's session.

    Attributes:
        claims: What the provider said, by condition keys in lower case.
    """

    claims: Values


def assume_role_with_web_identity(
    role_arn: str, provider: str, claims: Mapping[str, tuple[str, ...]], session_name: str, seconds: int
) -> WebIdentitySession:
    """Give somebody a role, if its trust policy lets them have it.

    Args:
        role_arn: The role's ARN.
        provider: Who vouches for them, such as `cognito-identity.amazonaws.com`.
        claims: What it says of them: `aud`, `amr`, `sub`.
        session_name: What the session is called in its ARN.
        seconds: How long the credentials are good for.

    Raises:
        AccessDeniedError: They may not have it.
    """
    role = find_role(role_arn)
    if role is None:
        raise AccessDeniedError(f"{role_arn} does not exist")
    context = {f"{provider}:{name}": values for name, values in claims.items()}
    request = AccessRequest(
        "sts:AssumeRoleWithWebIdentity", principal=("Federated", provider), context=context
    )
    if not _trusts(role, request):
        raise AccessDeniedError(f"{role_arn} does not trust {context}")
    key = AccessKey(None, "ASIA", role.account_id)  # type: ignore[abstract]  # in name only
    # LocalStack marks keys as its own by another prefix; clients tell temporary credentials by AWS's.
    key.access_key_id = generate_access_key_id_from_account_id(role.account_id, "ASIA", total_length=20)
    session = WebIdentitySession(
        role.account_id, "us-east-1", key, session_name, role_arn, "", seconds, external_id=""
    )
    session.claims = context
    _keep(session)
    return session


def find_role(arn: str) -> Role | None:
    """The role of an ARN; none if there is no such role."""
    account_id = arn.split(":")[4] if arn.count(":") == 5 else ""
    if account_id not in iam_backends:
        return None
    roles = list(iam_backends[account_id][PARTITION].roles.values())
    return next((role for role in roles if role.arn == arn), None)


def _trusts(role: Role, request: AccessRequest) -> bool:
    try:
        trust = read_policy(json.loads(role.assume_role_policy_document), TRUST_ELEMENTS)
    except MalformedPolicyError as error:
        raise AccessDeniedError(f"{role.arn}: {error}") from error
    return evaluate(trust, request) is Decision.ALLOW


def _keep(session: WebIdentitySession) -> None:
    """Keep a session, and forget those that are over."""
    sessions = sts_backends[session.account_id][PARTITION].assumed_roles
    with _PRUNING:
        for over in [each for each in sessions if each.expiration <= utcnow()]:
            sessions.remove(over)
        sessions.append(session)
