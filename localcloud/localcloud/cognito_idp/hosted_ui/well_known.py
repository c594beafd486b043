"""What a user pool's issuer says of itself: the discovery document and the keys.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/federation-endpoints.html and OpenID Connect
Discovery 1.0.
"""

import re
from collections.abc import Callable
from typing import Any

from moto.cognitoidp.models import CognitoIdpUserPool
from rolo import Request, Response
from rolo.request import get_raw_path

from localcloud.cognito_idp.pools import find_pool, hosted_url, issuer, public_keys
from localcloud.tokens.keys import IN_PROCESS

_PATH = re.compile(
    r"/(?P<pool>[a-z0-9-]+_[0-9A-Za-z]+)/\.well-known/(?P<document>openid-configuration|jwks\.json)"
)


def discovery(pool: CognitoIdpUserPool) -> dict[str, Any]:
    """The pool's OpenID Connect discovery document; endpoints that need a domain are there if it has one."""
    document: dict[str, Any] = {
        "issuer": issuer(pool),
        "jwks_uri": f"{issuer(pool)}/.well-known/jwks.json",
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_types_supported": ["code", "token"],
        "scopes_supported": ["openid", "email", "phone", "profile"],
        "subject_types_supported": ["public"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
    }
    if pool.domain is None:
        return document
    base = hosted_url(pool.domain.domain)
    return document | {
        "authorization_endpoint": f"{base}/oauth2/authorize",
        "end_session_endpoint": f"{base}/logout",
        "revocation_endpoint": f"{base}/oauth2/revoke",
        "token_endpoint": f"{base}/oauth2/token",
        "userinfo_endpoint": f"{base}/oauth2/userInfo",
    }


def respond(request: Request) -> Response | None:
    """Respond to what is addressed to a pool's issuer, to pages of every origin; none for everything else."""
    match = _PATH.fullmatch(get_raw_path(request))
    pool = find_pool(match["pool"]) if match and request.method in ("GET", "HEAD") else None
    if match is None or pool is None:
        return None  # no pool: it may be an object in a bucket
    response = Response(headers={"Access-Control-Allow-Origin": "*"})
    response.set_json(_DOCUMENTS[match["document"]](pool))
    return response


def own_keys(issuer_url: str) -> dict[str, Any] | None:
    """The key set of an issuer that is a pool of this cloud; none of another."""
    pool = find_pool(issuer_url.rpartition("/")[2])
    return public_keys(pool.id) if pool and issuer(pool) == issuer_url else None


def apply() -> None:
    """Let tokens be verified without asking this cloud over HTTP."""
    IN_PROCESS.append(own_keys)


_DOCUMENTS: dict[str, Callable[[CognitoIdpUserPool], dict[str, Any]]] = {
    "openid-configuration": discovery,
    "jwks.json": lambda pool: public_keys(pool.id),
}
