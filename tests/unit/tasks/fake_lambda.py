"""An in-memory stand-in for the client of Lambda: published versions and aliases."""

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from unit.tasks.fake_aliases import FakeAliases, Updates, error

NAMES = ["list_dragons", "validate_dragon", "write_dataset"]
ARN = "arn:aws:lambda:us-east-1:000000000000:function:dragons-unit-{}"


class ResourceNotFoundException(ClientError):  # noqa: N818 - AWS's name
    """As Lambda's client raises it."""


class FakeLambda(FakeAliases):
    """Functions, as Lambda has them."""

    class exceptions:  # noqa: N801 - as on a client
        """The client's own errors."""

        ResourceNotFoundException = ResourceNotFoundException

    def __init__(self, updates: Updates | None = None) -> None:
        super().__init__(ARN, NAMES, updates)

    def get_paginator(self, operation: str) -> "FakeLambda":
        assert operation == "list_versions_by_function"
        return self

    def paginate(self, FunctionName: str) -> Iterator[dict[str, Any]]:
        if FunctionName not in self.versions:
            raise ResourceNotFoundException({}, "ListVersionsByFunction")
        for version in ["$LATEST", *map(str, self.versions[FunctionName])]:
            yield {"Versions": [{"Version": version}]}

    def get_alias(self, FunctionName: str, Name: str) -> dict[str, Any]:
        if (FunctionName, Name) not in self.aliases:
            raise ResourceNotFoundException({}, "GetAlias")
        return dict(self.aliases[FunctionName, Name])

    def update_alias(
        self, FunctionName: str, Name: str, FunctionVersion: str, RoutingConfig: Any, RevisionId: str
    ) -> None:
        number = self.begin_update()
        if RevisionId != self.aliases[FunctionName, Name]["RevisionId"]:
            raise error("PreconditionFailedException")
        assert FunctionVersion not in RoutingConfig["AdditionalVersionWeights"]
        self.point(FunctionName, Name, FunctionVersion, RoutingConfig["AdditionalVersionWeights"])
        self.end_update(number)
