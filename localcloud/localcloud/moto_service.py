"""Services whose control plane is moto's, but for the operations that moto lacks or gets wrong."""

from collections.abc import Callable, Mapping
from typing import Any

from localstack.aws.api import RequestContext, ServiceRequest, ServiceResponse
from localstack.aws.api.core import ServiceRequestHandler
from localstack.aws.skeleton import DispatchTable, Skeleton
from localstack.aws.spec import load_service
from localstack.services.moto import call_moto
from localstack.services.plugins import Service


def moto_service(name: str, own: DispatchTable, otherwise: ServiceRequestHandler | None = None) -> Service:
    """Make a service of a botocore model.

    Args:
        name: The service's name in botocore, such as `cognito-idp`.
        own: What serves an operation, by its name, in place of moto: called with the request's context and
            its parsed parameters, returns the parsed response.
        otherwise: What serves every other operation (default: moto itself).
    """
    model = load_service(name)
    operations: DispatchTable = dict.fromkeys(model.operation_names, otherwise or _moto)
    unknown = own.keys() - operations.keys()
    if unknown:
        raise ValueError(f"{name} has no operation {', '.join(sorted(unknown))}")
    return Service(name=name, skeleton=Skeleton(model, operations | own))


def by_request(operation: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> ServiceRequestHandler:
    """Make an operation of a function that needs the request's parameters alone."""

    def handle(context: RequestContext, request: ServiceRequest) -> ServiceResponse:  # noqa: ARG001
        return operation(request)

    return handle


def _moto(context: RequestContext, request: ServiceRequest) -> ServiceResponse:  # noqa: ARG001
    return call_moto(context)
