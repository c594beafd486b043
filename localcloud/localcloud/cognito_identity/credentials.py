"""Gives identities their ids, and credentials of AWS: the enhanced flow.

Sources: https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-flow.html,
https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetId.html,
https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetCredentialsForIdentity.html and
https://docs.aws.amazon.com/cognito/latest/developerguide/role-trust-and-permissions.html

Left out: the basic flow; a `CustomRoleArn`, which is refused; roles chosen by claims.
"""

import logging
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from localcloud.cognito_identity.identities import IDENTITIES, Identity
from localcloud.cognito_identity.logins import verify_logins
from localcloud.cognito_identity.pools import IdentityPool, require_identity_pool
from localcloud.cognito_idp.errors import CognitoError, invalid_parameter, not_authorized
from localcloud.iam.web_identity import (
    AccessDeniedError,
    WebIdentitySession,
    assume_role_with_web_identity,
)

LOG = logging.getLogger(__name__)

PROVIDER = "cognito-identity.amazonaws.com"
LIFETIME_SECONDS = 3600
SESSION_NAME = "CognitoIdentityCredentials"

type Request = Mapping[str, Any]


def get_id(request: Request) -> dict[str, Any]:
    """GetId: the same identity for the same login, a new one for every guest."""
    pool = require_identity_pool(request["IdentityPoolId"])
    logins = verify_logins(pool, request.get("Logins") or {})
    if not logins:
        _check_guests(pool)
    return {"IdentityId": IDENTITIES.of_logins(pool.pool_id, logins).identity_id}


def get_credentials_for_identity(request: Request) -> dict[str, Any]:
    """GetCredentialsForIdentity."""
    if request.get("CustomRoleArn"):
        raise invalid_parameter("CustomRoleArn is not supported.")
    identity = IDENTITIES.require(request["IdentityId"])
    pool = require_identity_pool(identity.pool_id)
    logins = verify_logins(pool, request.get("Logins") or {})
    if logins:
        IDENTITIES.sign_in(identity, logins)
    elif identity.logins:
        raise not_authorized(f"Access to Identity '{identity.identity_id}' is forbidden.")
    else:
        _check_guests(pool)
    session = _assume_role(pool, identity, logins)
    return {
        "IdentityId": identity.identity_id,
        "Credentials": {
            "AccessKeyId": session.access_key_id,
            "SecretKey": session.secret_access_key,
            "SessionToken": session.session_token,
            "Expiration": session.expiration.replace(tzinfo=UTC),
        },
    }


def get_open_id_token(_request: Request) -> dict[str, Any]:
    """GetOpenIdToken belongs to the basic flow, which no pool has."""
    raise invalid_parameter("Basic (classic) flow is not enabled, please use enhanced flow.")


def describe_identity(request: Request) -> dict[str, Any]:
    """DescribeIdentity."""
    return _described(IDENTITIES.require(request["IdentityId"]))


def list_identities(request: Request) -> dict[str, Any]:
    """ListIdentities, all of them on one page."""
    pool = require_identity_pool(request["IdentityPoolId"])
    identities = [_described(identity) for identity in IDENTITIES.of_pool(pool.pool_id)]
    return {"IdentityPoolId": pool.pool_id, "Identities": identities}


def _described(identity: Identity) -> dict[str, Any]:
    return {
        "IdentityId": identity.identity_id,
        "Logins": list(identity.logins),
        "CreationDate": identity.created,
        "LastModifiedDate": identity.modified,
    }


def _check_guests(pool: IdentityPool) -> None:
    if not pool.takes_guests:
        raise not_authorized("Unauthenticated access is not supported for this identity pool.")


def _assume_role(pool: IdentityPool, identity: Identity, logins: Mapping[str, str]) -> WebIdentitySession:
    """Take the pool's role for guests or for signed-in users, if it trusts the pool with them."""
    kind = "authenticated" if logins else "unauthenticated"
    amr = [kind]
    for provider, subject in logins.items():
        amr += [provider, f"{provider}:CognitoSignIn:{subject}"]
    claims = {"aud": (pool.pool_id,), "sub": (identity.identity_id,), "amr": tuple(amr)}
    try:
        return assume_role_with_web_identity(
            pool.role(kind) or "", PROVIDER, claims, SESSION_NAME, LIFETIME_SECONDS
        )
    except AccessDeniedError as error:
        LOG.warning("%s has no role for %s identities: %s", pool.pool_id, kind, error)
        raise CognitoError(
            "InvalidIdentityPoolConfigurationException",
            "Invalid identity pool configuration. Check assigned IAM roles for this pool.",
        ) from error
