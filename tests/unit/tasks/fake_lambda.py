"""An in-memory stand-in for the client of Lambda: published versions and aliases."""

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

NAMES = ["list_dragons", "validate_dragon", "write_dataset"]
ARN = "arn:aws:lambda:us-east-1:000000000000:function:dragons-unit-{}"


def error(code: str, message: str = "no") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "UpdateAlias")


class ResourceNotFoundException(ClientError):  # noqa: N818 - AWS's name
    """As Lambda's client raises it."""


class FakeLambda:
    """Functions with their versions and aliases; it can be told which of its updates fail.

    Attributes:
        versions: Function ARN to the numbers of its published versions.
        aliases: Function ARN and alias to the alias.
        fails: The numbers, from 0, of the updates to come that fail.
        lost: Like `fails`, but the update is made: only its answer is lost.
    """

    class exceptions:  # noqa: N801 - as on a client
        """The client's own errors."""

        ResourceNotFoundException = ResourceNotFoundException

    def __init__(self, names: list[str] = NAMES) -> None:
        self.versions: dict[str, list[int]] = {}
        self.aliases: dict[tuple[str, str], dict[str, Any]] = {}
        self.updates = 0
        self.fails: set[int] = set()
        self.lost: set[int] = set()
        for name in names:
            self.create(name)

    def create(self, name: str) -> None:
        """What Terraform does: version 1, and both aliases on it."""
        arn = ARN.format(name)
        self.versions[arn] = [1]
        for alias in ("live", "canary"):
            self.aliases[arn, alias] = {"FunctionVersion": "1", "RevisionId": "0"}

    def publish(self, *names: str) -> None:
        for name in names:
            self.versions[ARN.format(name)].append(max(self.versions[ARN.format(name)]) + 1)

    @property
    def functions(self) -> dict[str, str]:
        """The Terraform output."""
        return {arn.rpartition("-")[2]: f"{arn}:live" for arn in self.versions}

    def at(self, alias: str) -> dict[str, int]:
        return {
            arn.rpartition("-")[2]: int(self.aliases[arn, alias]["FunctionVersion"]) for arn in self.versions
        }

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
        number, self.updates = self.updates, self.updates + 1
        if number in self.fails:
            raise error("ServiceException")
        alias = self.aliases[FunctionName, Name]
        if RevisionId != alias["RevisionId"]:
            raise error("PreconditionFailedException")
        assert FunctionVersion not in RoutingConfig["AdditionalVersionWeights"]
        self.point(FunctionName, Name, FunctionVersion, RoutingConfig["AdditionalVersionWeights"])
        if number in self.lost:
            raise error("RequestTimeout")

    def point(self, arn: str, name: str, version: str, weights: dict[str, float] | None = None) -> None:
        """Move an alias, whoever does it; as on AWS, it has no routing where nothing is routed."""
        alias = self.aliases[arn, name]
        alias.pop("RoutingConfig", None)
        if weights:
            alias["RoutingConfig"] = {"AdditionalVersionWeights": weights}
        alias |= {"FunctionVersion": version, "RevisionId": str(int(alias["RevisionId"]) + 1)}

    def weights(self, arn: str, name: str = "live") -> dict[str, float]:
        """The versions that an alias sends some callers to, and their weights."""
        found: dict[str, float] = (
            self.aliases[arn, name].get("RoutingConfig", {}).get("AdditionalVersionWeights", {})
        )
        return found

    def state(self) -> dict[tuple[str, str], Any]:
        """Everything but the revisions."""
        return {key: (each["FunctionVersion"], self.weights(*key)) for key, each in self.aliases.items()}
