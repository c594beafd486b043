"""What a user pool's issuer says of itself: the discovery document and the keys.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/federation-endpoints.html and OpenID Connect
Discovery 1.0.
"""

from collections.abc import Callable
from typing import Any

from localstack.services.edge import ROUTER
from moto.cognitoidp.models import CognitoIdpUserPool
from rolo import Response
from werkzeug import Request
from werkzeug.exceptions import NotFound

from localcloud_plugin.cognito_idp.pools import find_pool, hosted_url, issuer
from localcloud_plugin.cognito_idp.signing_key import public_keys


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


def apply() -> None:
    """Serve both at the issuer's URL."""
    pool = "/<regex('[a-z0-9-]+_[0-9A-Za-z]+'):pool_id>/.well-known"
    ROUTER.add(f"{pool}/openid-configuration", _serving(discovery), methods=["GET"])
    ROUTER.add(f"{pool}/jwks.json", _serving(lambda each: public_keys(each.id)), methods=["GET"])


def _serving(
    document: Callable[[CognitoIdpUserPool], dict[str, Any]],
) -> Callable[[Request, Any], Response]:
    def serve(_request: Request, pool_id: str = "", **_: Any) -> Response:
        if (pool := find_pool(pool_id)) is None:
            raise NotFound  # no pool: it may be an object in a bucket
        answer = Response(headers={"Access-Control-Allow-Origin": "*"})
        answer.set_json(document(pool))
        return answer

    return serve
