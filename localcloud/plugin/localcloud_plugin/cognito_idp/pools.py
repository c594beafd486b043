"""Finds user pools in moto's store, by what requests name them with."""

from collections.abc import Iterator
from typing import Any

from moto.cognitoidp.models import CognitoIdpUserPool, CognitoIdpUserPoolClient, cognitoidp_backends

from localcloud_plugin.addresses import gateway_url


def find_pool(pool_id: str) -> CognitoIdpUserPool | None:
    """The user pool of an id, whichever account and region it is in."""
    return next((pool for pool in _pools() if pool.id == pool_id), None)


def find_client(client_id: str) -> tuple[CognitoIdpUserPool, CognitoIdpUserPoolClient] | None:
    """The app client of an id, with its pool."""
    found = ((pool, pool.clients[client_id]) for pool in _pools() if client_id in pool.clients)
    return next(found, None)


def find_domain(domain: str) -> CognitoIdpUserPool | None:
    """The user pool whose hosted UI has a domain, the prefix alone."""
    for backend in _backends():
        if domain in backend.user_pool_domains:
            return find_pool(backend.user_pool_domains[domain].user_pool_id)
    return None


def issuer(pool: CognitoIdpUserPool) -> str:
    """The `iss` of the pool's tokens: an address that answers, where AWS has `cognito-idp.<region>...`."""
    return f"{gateway_url()}/{pool.id}"


def _pools() -> Iterator[CognitoIdpUserPool]:
    for backend in _backends():
        yield from list(backend.user_pools.values())


def _backends() -> Iterator[Any]:
    for account in list(cognitoidp_backends.values()):
        yield from list(account.values())
