"""Verifies the tokens that somebody signs in to an identity pool with.

Sources: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-integrating-user-pools-with-identity-pools.html
and https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_CognitoIdentityProvider.html

The messages are as seen of AWS, where it says more than the reference.

Left out: providers other than user pools.
"""

from collections.abc import Mapping
from typing import Any

from moto.cognitoidp.models import CognitoIdpUserPool

from localcloud.cognito_identity.pools import IdentityPool
from localcloud.cognito_idp import pools
from localcloud.cognito_idp.errors import CognitoError, not_authorized
from localcloud.cognito_idp.sessions import SESSIONS
from localcloud.cognito_idp.users import find_user
from localcloud.tokens.verifier import InvalidTokenError, Reason, verify

_DETAILS = {
    Reason.MALFORMED: "Not a valid OpenId Connect identity token.",
    Reason.ISSUER: "Issuer doesn't match providerName",
    Reason.SIGNATURE: "Token signature invalid.",
    Reason.EXPIRED: "Token expired.",
}
_UNVERIFIED = "Couldn't verify signed token."


def verify_logins(pool: IdentityPool, logins: Mapping[str, str]) -> dict[str, str]:
    """Verify ID tokens.

    Args:
        pool: Whom they are shown to.
        logins: A token by each provider's name, `cognito-idp.<region>.amazonaws.com/<user pool id>`, or the
            token's issuer without the scheme: on AWS both are one, and Amplify reads the name off the token.

    Returns:
        dict[str, str]: The `sub` by each provider's name, the first of the two.

    Raises:
        CognitoError: NotAuthorizedException; one of them is not good, or not of a provider of the pool.
    """
    return {provider: _subject(pool, provider, token) for provider, token in map(_as_on_aws, logins.items())}


def _as_on_aws(login: tuple[str, str]) -> tuple[str, str]:
    provider, token = login
    pool = pools.find_pool(provider.rpartition("/")[2])
    if pool and pools.issuer(pool).endswith(f"://{provider}"):
        provider = f"cognito-idp.{pool.region}.amazonaws.com/{pool.id}"
    return provider, token


def _subject(pool: IdentityPool, provider: str, token: str) -> str:
    clients = {
        each["ClientId"]: each
        for each in pool.settings.cognito_identity_providers or []
        if each["ProviderName"] == provider
    }
    user_pool = pools.find_pool(provider.rpartition("/")[2]) if clients else None
    if user_pool is None:
        raise not_authorized("Token is not from a supported provider of this identity pool.")
    claims = _verify(token, user_pool)
    if claims.get("token_use") != "id":
        raise _invalid(_DETAILS[Reason.MALFORMED])
    client = clients.get(claims.get("aud"))
    if client is None:
        raise _invalid("Incorrect token audience.")
    if client.get("ServerSideTokenCheck"):
        _ask_user_pool(user_pool, claims)
    return str(claims["sub"])


def _verify(token: str, user_pool: CognitoIdpUserPool) -> dict[str, Any]:
    try:
        return verify(token, pools.issuer(user_pool))
    except InvalidTokenError as error:
        raise _invalid(_DETAILS.get(error.reason, _UNVERIFIED)) from None


def _ask_user_pool(user_pool: CognitoIdpUserPool, claims: Mapping[str, Any]) -> None:
    """The server-side check: the user is still there, and has not signed out everywhere."""
    user = find_user(user_pool, claims["sub"])
    if user is None or not user.enabled or SESSIONS.is_revoked(claims.get("origin_jti", "")):
        raise _invalid(_UNVERIFIED)


def _invalid(detail: str) -> CognitoError:
    return not_authorized(f"Invalid login token. {detail}")
