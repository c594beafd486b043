"""The control plane of HTTP APIs: moto, and in its place what it lacks or gets wrong."""

from localstack.services.plugins import Service, aws_provider

from localcloud.apigatewayv2.operations import OPERATIONS
from localcloud.moto_service import moto_service


@aws_provider(api="apigatewayv2")  # type: ignore[untyped-decorator]
def provider() -> Service:
    """Return the service."""
    return moto_service("apigatewayv2", OPERATIONS)
