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


class ResourceStore:
    """Resources of one kind whose operations moto lacks, in every account and region.

    What is put comes back, with the members of the operation's output in botocore's model. The operations go
    into a service's dispatch table as they are, such as `{"SetIdentityPoolRoles": store.put,
    "GetIdentityPoolRoles": store.get}`.

    Args:
        identifier: The parameter that names a resource in every request, such as `IdentityPoolId`.
    """

    def __init__(self, identifier: str) -> None:
        self._identifier = identifier
        self._resources: dict[tuple[str, str, str], dict[str, Any]] = {}

    def find(self, account_id: str, region: str, name: str) -> Mapping[str, Any]:
        """What is kept under a name: the name alone, if nothing was put."""
        return self._resources.get((account_id, region, name), {self._identifier: name})

    def put(self, context: RequestContext, request: ServiceRequest) -> ServiceResponse:
        """Keep what the request says, in place of what there was."""
        self._resources[self._key(context, request)] = dict(request)
        return self._response(context, request)

    def get(self, context: RequestContext, request: ServiceRequest) -> ServiceResponse:
        """Return what is kept."""
        return self._response(context, request)

    def delete(self, context: RequestContext, request: ServiceRequest) -> ServiceResponse:
        """Forget what is kept."""
        response = self._response(context, request)
        self._resources.pop(self._key(context, request), None)
        return response

    def _key(self, context: RequestContext, request: ServiceRequest) -> tuple[str, str, str]:
        parameters: Any = request
        return context.account_id, context.region, parameters[self._identifier]

    def _response(self, context: RequestContext, request: ServiceRequest) -> ServiceResponse:
        shape: Any = context.operation.output_shape if context.operation else None
        members = shape.members if shape else ()
        kept = self.find(*self._key(context, request))
        return {name: value for name, value in kept.items() if name in members}
