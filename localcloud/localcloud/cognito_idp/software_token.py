"""A second factor: the code of an authenticator app (TOTP).

Sources: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa-totp.html, RFC 6238,
and https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AssociateSoftwareToken.html
and the pages of the operations beside it.

Left out: text messages, e-mail, and the challenge MFA_SETUP: a pool that demands it refuses users without
one.
"""

import base64
import hmac
import secrets
import threading
import time
from collections.abc import Mapping
from typing import Any

from moto.cognitoidp.models import CognitoIdpUser, CognitoIdpUserPool, cognitoidp_backends

from localcloud.cognito_idp.errors import CognitoError, invalid_parameter
from localcloud.cognito_idp.passwords import LOCKOUTS
from localcloud.cognito_idp.sessions import owner_of

type Request = Mapping[str, Any]

NAME = "SOFTWARE_TOKEN_MFA"
STEP_SECONDS = 30

_associated: dict[str, bytes] = {}
_verified: dict[str, bytes] = {}
_last_steps: dict[bytes, int] = {}
_TAKING = threading.Lock()


def code_of(secret: bytes, step: int) -> str:
    """The six digits of a step of 30 seconds since 1970 (RFC 4226, section 5.3)."""
    digest = hmac.digest(secret, step.to_bytes(8), "sha1")
    start = digest[-1] & 0xF
    return f"{(int.from_bytes(digest[start : start + 4]) & 0x7FFFFFFF) % 1_000_000:06}"


def associate_software_token(request: Request) -> dict[str, Any]:
    """AssociateSoftwareToken: a new secret, in Base32, which counts once it is verified."""
    owner = owner_of(request.get("AccessToken", ""))
    if owner.pool.mfa_config == "OFF" or not (owner.pool.token_mfa_config or {}).get("Enabled"):
        words = "Software Token MFA has not been enabled by the userPool."
        raise CognitoError("SoftwareTokenMFANotFoundException", words)
    _associated[owner.user.id] = secret = secrets.token_bytes(20)
    return {"SecretCode": base64.b32encode(secret).decode()}


def verify_software_token(request: Request) -> dict[str, Any]:
    """VerifySoftwareToken: the first code of the new secret."""
    user = owner_of(request.get("AccessToken", "")).user
    if user.id not in _associated or not _is_code(user, _associated[user.id], request["UserCode"]):
        raise CognitoError("EnableSoftwareTokenMFAException", "Code mismatch")
    _verified[user.id] = _associated.pop(user.id)
    user.token_verified = True
    return {"Status": "SUCCESS"}


def set_user_mfa_preference(request: Request) -> dict[str, Any]:
    """SetUserMFAPreference, as moto keeps an administrator's."""
    owner = owner_of(request["AccessToken"])
    if request.get("SMSMfaSettings") or request.get("EmailMfaSettings"):
        raise invalid_parameter("Factors other than software tokens are not served here")
    backend = cognitoidp_backends[owner.pool.account_id][owner.pool.region]
    chosen = request.get("SoftwareTokenMfaSettings") or {}
    backend.admin_set_user_mfa_preference(owner.pool.id, owner.user.username, chosen, {})
    return {}


def is_due(pool: CognitoIdpUserPool, user: CognitoIdpUser) -> bool:
    """Whether a user has to give a code after the password; CognitoError if MFA_SETUP is to come first."""
    if pool.mfa_config == "ON" and user.id not in _verified:
        raise invalid_parameter("MFA_SETUP is not served here")
    return pool.mfa_config == "ON" or (pool.mfa_config == "OPTIONAL" and user.software_token_mfa_enabled)


def check_code(user: CognitoIdpUser, code: str) -> None:
    """Raise CodeMismatchException, also for a code that was used, or NotAuthorizedException after many."""
    if not _is_code(user, _verified[user.id], code):
        raise CognitoError("CodeMismatchException", "Invalid code received for user")


def _is_code(user: CognitoIdpUser, secret: bytes, code: str) -> bool:
    """Whether it is the code of now, or of a step before or after; each is good once, and none before it."""
    now, right = int(time.time()) // STEP_SECONDS, False
    with _TAKING:
        for step in range(now - 1, now + 2):
            fresh = step > _last_steps.get(secret, 0)
            if fresh and hmac.compare_digest(code_of(secret, step).encode(), code.encode()):
                _last_steps[secret], right = step, True
    LOCKOUTS.count(f"{user.user_pool_id}/{user.id}/{NAME}", right=right)
    return right
