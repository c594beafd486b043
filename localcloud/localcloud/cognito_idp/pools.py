"""Finds user pools in moto's store, by what requests name them with; each has a key to sign with.

A key is made when it is first wanted, and kept in the state folder.
"""

import json
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from joserfc.jwk import RSAKey
from localstack import config
from moto.cognitoidp.models import CognitoIdpUserPool, CognitoIdpUserPoolClient, cognitoidp_backends
from moto.cognitoidp.utils import check_secret_hash

from localcloud.cognito_idp.errors import CognitoError, not_authorized
from localcloud.settings import gateway_url

_BITS = 2048
_LOCK = threading.Lock()
_KEYS: dict[str, RSAKey] = {}


def find_pool(pool_id: str) -> CognitoIdpUserPool | None:
    """The user pool of an id, whichever account and region it is in."""
    return next((pool for pool in all_pools() if pool.id == pool_id), None)


def find_client(client_id: str) -> tuple[CognitoIdpUserPool, CognitoIdpUserPoolClient] | None:
    """The app client of an id, with its pool."""
    found = ((pool, pool.clients[client_id]) for pool in all_pools() if client_id in pool.clients)
    return next(found, None)


def find_domain(domain: str) -> CognitoIdpUserPool | None:
    """The user pool whose hosted UI has a domain, the prefix alone."""
    for backend in _backends():
        if domain in backend.user_pool_domains:
            return find_pool(backend.user_pool_domains[domain].user_pool_id)
    return None


def require_pool(pool_id: str) -> CognitoIdpUserPool:
    """The user pool of an id.

    Raises:
        CognitoError: ResourceNotFoundException.
    """
    if (pool := find_pool(pool_id)) is None:
        raise CognitoError("ResourceNotFoundException", f"User pool {pool_id} does not exist.")
    return pool


def require_client(
    request: Mapping[str, Any], username: str = ""
) -> tuple[CognitoIdpUserPool, CognitoIdpUserPoolClient]:
    """The app client of a request, which proves that it knows the client's secret if there is one.

    Args:
        request: With `ClientId`, and `SecretHash` where it needs one.
        username: Whom the hash is over.

    Raises:
        CognitoError: ResourceNotFoundException, or NotAuthorizedException for a wrong or missing hash.

    Source: https://docs.aws.amazon.com/cognito/latest/developerguide/signing-up-users-in-your-app.html
    """
    found = find_client(request["ClientId"])
    if found is None:
        client_id = request["ClientId"]
        raise CognitoError("ResourceNotFoundException", f"User pool client {client_id} does not exist.")
    _, client = found
    given = request.get("SecretHash")
    if client.generate_secret and not check_secret_hash(client.secret, client.id, username, given):
        raise not_authorized(f"Unable to verify secret hash for client {client.id}")
    return found


def delete_resource_server(request: Mapping[str, Any]) -> dict[str, Any]:
    """Take a resource server, whose scopes clients may ask for, out of its pool.

    Raises:
        CognitoError: ResourceNotFoundException.

    Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteResourceServer.html
    """
    if require_pool(request["UserPoolId"]).resource_servers.pop(request["Identifier"], None) is None:
        raise CognitoError("ResourceNotFoundException", "Resource server does not exist.")
    return {}


def issuer(pool: CognitoIdpUserPool) -> str:
    """The `iss` of the pool's tokens: an address that responds, where AWS has `cognito-idp.<region>...`."""
    return f"{gateway_url()}/{pool.id}"


def hosted_url(domain: str) -> str:
    """Where a domain's endpoints are, where AWS has `<domain>.auth.<region>.amazoncognito.com`."""
    return f"{gateway_url()}/_aws/cognito-idp/{domain}"


def all_pools() -> Iterator[CognitoIdpUserPool]:
    """Every user pool of the local cloud."""
    for backend in _backends():
        yield from list(backend.user_pools.values())


def _backends() -> Iterator[Any]:
    for account in list(cognitoidp_backends.values()):
        yield from list(account.values())


def signing_key(pool_id: str) -> RSAKey:
    """The private key of a pool; its `kid` names it in the pool's key set."""
    with _LOCK:
        if pool_id not in _KEYS:
            _KEYS[pool_id] = _load(_file(pool_id)) or _make(_file(pool_id))
        return _KEYS[pool_id]


def public_keys(pool_id: str) -> dict[str, Any]:
    """The pool's JSON Web Key Set (RFC 7517), without anything private."""
    return {"keys": [signing_key(pool_id).as_dict(private=False)]}


def _file(pool_id: str) -> Path:
    return Path(config.dirs.data) / "cognito-idp" / f"{pool_id}.jwk"


def _load(file: Path) -> RSAKey | None:
    return RSAKey.import_key(json.loads(file.read_text())) if file.exists() else None


def _make(file: Path) -> RSAKey:
    key = RSAKey.generate_key(_BITS, {"use": "sig", "alg": "RS256"}, auto_kid=True)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_text(json.dumps(key.as_dict(private=True)))
    return key
