"""Keeps resources whose operations moto lacks, by botocore's model of their service.

Such operations are plain: what is put comes back. Which members an answer has, the model says: those of the
operation's output, as far as the resource has them.

Left out, until a service needs them: lists, updates of a part, and ids that AWS makes up.
"""

from collections.abc import Mapping
from typing import Any

from localstack.aws.api import RequestContext, ServiceRequest, ServiceResponse


class ResourceStore:
    """Resources of one kind, in every account and region.

    The operations go into a service's dispatch table as they are, such as
    `{"SetIdentityPoolRoles": store.put, "GetIdentityPoolRoles": store.get}`.

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
        return self._answer(context, request)

    def get(self, context: RequestContext, request: ServiceRequest) -> ServiceResponse:
        """Answer what is kept."""
        return self._answer(context, request)

    def delete(self, context: RequestContext, request: ServiceRequest) -> ServiceResponse:
        """Forget what is kept."""
        answer = self._answer(context, request)
        self._resources.pop(self._key(context, request), None)
        return answer

    def _key(self, context: RequestContext, request: ServiceRequest) -> tuple[str, str, str]:
        parameters: Any = request
        return context.account_id, context.region, parameters[self._identifier]

    def _answer(self, context: RequestContext, request: ServiceRequest) -> ServiceResponse:
        shape: Any = context.operation.output_shape if context.operation else None
        members = shape.members if shape else ()
        kept = self.find(*self._key(context, request))
        return {name: value for name, value in kept.items() if name in members}
