"""What the fakes of Lambda and of Step Functions share: published versions, and aliases on them."""

from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError


def error(code: str, message: str = "no") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "UpdateAlias")


@dataclass
class Updates:
    """The updates of aliases, of all services; it can be told which of them fail.

    Attributes:
        made: How many were tried.
        fails: The numbers, from 0, of the updates to come that fail.
        lost: Like `fails`, but the update is made: only its answer is lost.
    """

    made: int = 0
    fails: set[int] = field(default_factory=set)
    lost: set[int] = field(default_factory=set)


class FakeAliases:
    """Functions or state machines with their versions and aliases.

    Args:
        arn: What an ARN looks like: a format of the name.
        names: What there is.
        folder: What its names begin with where functions and state machines are named together.

    Attributes:
        versions: ARN to the numbers of its published versions.
        aliases: ARN and alias to the alias, as Lambda has it.
        updates: Those of its aliases.
    """

    def __init__(self, arn: str, names: list[str], updates: Updates | None = None, folder: str = "") -> None:
        self.versions: dict[str, list[int]] = {}
        self.aliases: dict[tuple[str, str], dict[str, Any]] = {}
        self.updates = updates or Updates()
        self._arn = arn
        self._folder = folder
        for name in names:
            self.create(name)

    def create(self, name: str) -> None:
        """What Terraform does: version 1, and both aliases on it."""
        arn = self._arn.format(name)
        self.versions[arn] = [1]
        for alias in ("live", "canary"):
            self.aliases[arn, alias] = {"FunctionVersion": "1", "RevisionId": "0"}

    def publish(self, *names: str) -> None:
        for name in names:
            arn = self._arn.format(name)
            self.versions[arn].append(max(self.versions[arn]) + 1)

    def named(self, arn: str) -> str:
        """The name where functions and state machines are named together."""
        return self._folder + arn.rpartition("-")[2]

    @property
    def arns(self) -> dict[str, str]:
        return {self.named(arn): arn for arn in self.versions}

    def at(self, alias: str) -> dict[str, int]:
        return {self.named(arn): int(self.aliases[arn, alias]["FunctionVersion"]) for arn in self.versions}

    def begin_update(self) -> int:
        """Count an update, which may fail.

        Returns:
            Its number.
        """
        number = self.updates.made
        self.updates.made += 1
        if number in self.updates.fails:
            raise error("ServiceException")
        return number

    def end_update(self, number: int) -> None:
        """Lose the answer of an update, if it is to be."""
        if number in self.updates.lost:
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
