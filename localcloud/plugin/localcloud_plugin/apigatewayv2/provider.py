"""The control plane of HTTP APIs: moto, and in its place what it lacks or gets wrong."""

from localstack.aws.skeleton import DispatchTable
from localstack.services.plugins import Service, aws_provider

from localcloud_plugin.moto_service import moto_service

OPERATIONS: DispatchTable = {}
"""What answers in place of moto, by operation."""


@aws_provider(api="apigatewayv2")  # type: ignore[untyped-decorator]
def provider() -> Service:
    """Return the service."""
    return moto_service("apigatewayv2", OPERATIONS)
