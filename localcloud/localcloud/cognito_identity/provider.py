"""The control plane of Cognito identity pools: moto, and in its place what it lacks or gets wrong."""

from localstack.aws.skeleton import DispatchTable
from localstack.services.plugins import Service, aws_provider

from localcloud.cognito_identity import credentials, pools
from localcloud.moto_service import by_request, moto_service

_BY_REQUEST = {
    "DescribeIdentity": credentials.describe_identity,
    "GetCredentialsForIdentity": credentials.get_credentials_for_identity,
    "GetId": credentials.get_id,
    "GetOpenIdToken": credentials.get_open_id_token,
    "ListIdentities": credentials.list_identities,
    "ListTagsForResource": pools.list_tags_for_resource,
    "TagResource": pools.tag_resource,
    "UntagResource": pools.untag_resource,
}
OPERATIONS: DispatchTable = {
    "DeleteIdentityPool": pools.delete_identity_pool,
    "GetIdentityPoolRoles": pools.get_identity_pool_roles,
    "SetIdentityPoolRoles": pools.set_identity_pool_roles,
    **{name: by_request(operation) for name, operation in _BY_REQUEST.items()},
}
"""What serves an operation in place of moto."""


@aws_provider(api="cognito-identity")  # type: ignore[untyped-decorator]
def provider() -> Service:
    """Return the service."""
    return moto_service("cognito-identity", OPERATIONS)
