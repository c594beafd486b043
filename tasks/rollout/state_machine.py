"""A state machine, as Step Functions has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tasks.rollout.aliases import Alias, MissingError
from tasks.rollout.moves import ReleaseError

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient


class StateMachine:
    """The versions and the aliases of one state machine.

    A version's ARN is the machine's, a colon and its number. An alias has no revision: what it routes to
    stands in for one, and is looked at again before a move.

    Args:
        client: A client of Step Functions.
        arn: The state machine's, unqualified.

    Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_UpdateStateMachineAlias.html
    """

    kind = "state machine"

    def __init__(self, client: SFNClient, arn: str) -> None:
        self._client = client
        self._arn = arn

    def versions(self) -> set[int]:
        """The numbers of its published versions.

        Raises:
            MissingError: There is no such state machine.
        """
        found: set[int] = set()
        page: dict[str, Any] = {}
        while not page or page.get("nextToken"):
            more = {"nextToken": page["nextToken"]} if page else {}
            try:
                page = dict(self._client.list_state_machine_versions(stateMachineArn=self._arn, **more))
            except (
                self._client.exceptions.StateMachineDoesNotExist,
                self._client.exceptions.InvalidArn,
            ) as error:
                raise MissingError(f"there is no {self._arn}") from error
            found |= {_number(version["stateMachineVersionArn"]) for version in page["stateMachineVersions"]}
        return found

    def alias(self, name: str) -> Alias:
        """One of its aliases; of two versions that share its callers, the newer is the one shifted to.

        Raises:
            MissingError: It has none of this name.
        """
        try:
            found = self._client.describe_state_machine_alias(stateMachineAliasArn=f"{self._arn}:{name}")
        except (
            self._client.exceptions.ResourceNotFound,
            self._client.exceptions.ValidationException,
        ) as error:
            raise MissingError(f"{self._arn} has no alias {name}") from error
        routes = {
            _number(each["stateMachineVersionArn"]): each["weight"] for each in found["routingConfiguration"]
        }
        version, *others = sorted(number for number, weight in routes.items() if weight > 0)
        revision = str(sorted(routes.items()))
        return Alias(version, revision, {other: routes[other] / 100 for other in others})

    def point(self, name: str, to: Alias, revision: str) -> None:
        """Move an alias.

        Raises:
            ReleaseError: It was moved since it was read.
        """
        if self.alias(name).revision != revision:
            raise ReleaseError("somebody moved it meanwhile")
        weights = {version: round(weight * 100) for version, weight in to.shifted.items()}
        weights[to.version] = 100 - sum(weights.values())
        self._client.update_state_machine_alias(
            stateMachineAliasArn=f"{self._arn}:{name}",
            routingConfiguration=[
                {"stateMachineVersionArn": f"{self._arn}:{version}", "weight": weight}
                for version, weight in weights.items()
            ],
        )


def _number(arn: str) -> int:
    return int(arn.rpartition(":")[2])
