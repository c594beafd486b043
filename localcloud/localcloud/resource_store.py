"""Resources that neither LocalStack nor moto keeps: what is put comes back, shaped by botocore's model.

The model says which members an operation takes and gives, so a service of plain create, describe, update,
list and delete is a dispatch table of these methods, such as `{"CreateRegistry": registries.create}`.

Left out: resources that take a while to become active, ETags, and pages of lists.
"""

from collections.abc import Callable, Mapping
from typing import Any

from localstack.aws.api import CommonServiceException, RequestContext, ServiceRequest, ServiceResponse
from localstack.aws.api.core import ServiceRequestHandler

from localcloud.request_constraints import faults


class ResourceStore:
    """Settings of one kind, in every account and region: they are always there, and empty until they are put.

    Args:
        identifiers: The parameters that name one in every request, such as `IdentityPoolId`.
    """

    def __init__(self, *identifiers: str) -> None:
        self._identifiers = identifiers
        self._resources: dict[tuple[str, ...], dict[str, Any]] = {}

    def find(self, *key: str) -> dict[str, Any]:
        """What is kept under account, region and names: the names alone, if nothing was put."""
        return self._resources.get(key) or dict(zip(self._identifiers, key[2:], strict=True))

    def put(self, context: RequestContext, request: ServiceRequest) -> ServiceResponse:
        """Keep what the request says, in place of what there was."""
        self._resources[self.key(context, request)] = dict(request)
        return self.get(context, request)

    def get(self, context: RequestContext, request: ServiceRequest) -> ServiceResponse:
        """Return what is kept."""
        return shaped(context, self.find(*self.key(context, request)))

    def delete(self, context: RequestContext, request: ServiceRequest) -> ServiceResponse:
        """Forget what is kept, and what is in it."""
        response, key = self.get(context, request), self.key(context, request)
        for each in [each for each in self._resources if each[: len(key)] == key]:
            self._resources.pop(each, None)
        return response

    def key(self, context: RequestContext, request: Any) -> tuple[str, ...]:
        """Account, region and the names that a request has."""
        return context.account_id, context.region, *(request[name] for name in self._identifiers)


class ResourceCollection(ResourceStore):
    """Resources of one kind, which are there once they are created.

    Args:
        kind: What messages call one, such as `Schema`.
        identifier: The parameter that names one, such as `SchemaName`.
        added: What AWS adds to the members of the request that creates one, such as its ARN.
        inside: What such a resource is in, such as a registry; its own parameter comes first.
    """

    def __init__(
        self,
        kind: str,
        identifier: str,
        added: Callable[[RequestContext, Any], dict[str, Any]],
        inside: "ResourceCollection | None" = None,
    ) -> None:
        super().__init__(*(inside._identifiers if inside else ()), identifier)
        self._kind, self._own, self._added, self._inside = kind, identifier, added, inside
        if inside:
            self._resources = inside._resources  # told apart by how many names they have

    def find(self, *key: str) -> dict[str, Any]:
        """What is kept under account, region and names.

        Raises:
            CommonServiceException: NotFoundException.
        """
        if key not in self._resources:
            message = f"{self._kind} with name {key[-1]} does not exist."
            raise CommonServiceException("NotFoundException", message, 404)
        return self._resources[key]

    def create(self, context: RequestContext, request: ServiceRequest) -> ServiceResponse:
        """Keep a new one.

        Raises:
            CommonServiceException: ConflictException; NotFoundException for what it should be in.
        """
        key, made = self.key(context, request), dict(request) | self._added(context, request)
        self._find_place(key[:-1])
        if self._resources.setdefault(key, made) is not made:
            message = f"{self._kind} with name {key[-1]} already exists."
            raise CommonServiceException("ConflictException", message, 409)
        return shaped(context, made)

    def update(self, context: RequestContext, request: ServiceRequest) -> ServiceResponse:
        """Take over what the request says, and leave the rest."""
        kept = self.find(*self.key(context, request))
        kept.update(request)
        return shaped(context, kept)

    def list_all(self, context: RequestContext, request: Any) -> ServiceResponse:
        """List those in one place, oldest first, on one page; by a prefix, where the request has one."""
        place = self.key(context, {self._own: "", **request})[:-1]
        self._find_place(place)
        prefix = request.get(f"{self._own}Prefix") or ""
        found = [each for each in self.within(*place) if each[self._own].startswith(prefix)]
        members: Any = context.operation.output_shape.members  # type: ignore[union-attr]
        [name] = [name for name, shape in members.items() if shape.type_name == "list"]
        return {name: [_fit(members[name].member, each) for each in found]}

    def within(self, *key: str) -> list[dict[str, Any]]:
        """What is kept in one place: in an account and region, or in another resource."""
        return [found for each, found in list(self._resources.items()) if each[:-1] == key]

    def _find_place(self, key: tuple[str, ...]) -> None:
        if self._inside:
            self._inside.find(*key)


def checked(operation: ServiceRequestHandler) -> ServiceRequestHandler:
    """Refuse what breaks a constraint of the model (BadRequestException); let the operation do the rest."""

    def handle(context: RequestContext, request: ServiceRequest) -> ServiceResponse:
        if found := list(faults(context.operation.input_shape, request)):  # type: ignore[union-attr]
            raise CommonServiceException("BadRequestException", "; ".join(found))
        return operation(context, request)

    return handle


def shaped(context: RequestContext, members: Mapping[str, Any]) -> ServiceResponse:
    """Of a resource's members, those that the operation gives."""
    return _fit(context.operation.output_shape if context.operation else None, members)


def _fit(shape: Any, members: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if shape and name in shape.members}
