"""Identity pools: found in moto's store, with the roles that moto does not keep.

Sources: https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_SetIdentityPoolRoles.html and
https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_TagResource.html

Left out: `AllowClassicFlow`, which is off; role mappings, which are kept and not evaluated.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from localstack.aws.api import RequestContext, ServiceResponse
from localstack.services.moto import call_moto
from moto.cognitoidentity.models import CognitoIdentityPool, cognitoidentity_backends

from localcloud.cognito_identity.identities import IDENTITIES
from localcloud.cognito_idp.errors import CognitoError
from localcloud.resource_store import ResourceStore

ROLES = ResourceStore("IdentityPoolId")


@dataclass(frozen=True)
class IdentityPool:
    """An identity pool and where it is."""

    account_id: str
    region: str
    settings: CognitoIdentityPool

    @property
    def pool_id(self) -> str:
        """Its id, `<region>:<uuid>`."""
        return str(self.settings.identity_pool_id)

    @property
    def takes_guests(self) -> bool:
        """Whether identities that have not signed in get credentials."""
        return bool(self.settings.allow_unauthenticated_identities)

    def role(self, kind: str) -> str | None:
        """The ARN of the role of `authenticated` or `unauthenticated` identities."""
        roles = ROLES.find(self.account_id, self.region, self.pool_id).get("Roles") or {}
        return roles.get(kind)


def require_identity_pool(pool_id: str) -> IdentityPool:
    """The identity pool of an id, whichever account and region it is in.

    Raises:
        CognitoError: ResourceNotFoundException.
    """
    for account_id, regions in list(cognitoidentity_backends.items()):
        for region, backend in list(regions.items()):
            if pool_id in backend.identity_pools:
                return IdentityPool(account_id, region, backend.identity_pools[pool_id])
    raise CognitoError("ResourceNotFoundException", f"IdentityPool '{pool_id}' not found.")


def set_identity_pool_roles(context: RequestContext, request: Any) -> ServiceResponse:
    """SetIdentityPoolRoles."""
    require_identity_pool(request["IdentityPoolId"])
    return ROLES.put(context, request)


def get_identity_pool_roles(context: RequestContext, request: Any) -> ServiceResponse:
    """GetIdentityPoolRoles."""
    require_identity_pool(request["IdentityPoolId"])
    return ROLES.get(context, request)


def delete_identity_pool(context: RequestContext, request: Any) -> ServiceResponse:
    """DeleteIdentityPool: its roles and identities go with it."""
    response = call_moto(context)
    ROLES.delete(context, request)
    IDENTITIES.forget_pool(request["IdentityPoolId"])
    return response


def tag_resource(request: Mapping[str, Any]) -> dict[str, Any]:
    """TagResource."""
    _tags(request).update(request["Tags"])
    return {}


def untag_resource(request: Mapping[str, Any]) -> dict[str, Any]:
    """UntagResource."""
    for key in request["TagKeys"]:
        _tags(request).pop(key, None)
    return {}


def list_tags_for_resource(request: Mapping[str, Any]) -> dict[str, Any]:
    """ListTagsForResource."""
    return {"Tags": _tags(request)}


def _tags(request: Mapping[str, Any]) -> dict[str, str]:
    return require_identity_pool(request["ResourceArn"].rpartition("/")[2]).settings.tags
