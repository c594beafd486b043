"""An in-memory stand-in for the client of Step Functions: published versions and aliases."""

from typing import Any

from botocore.exceptions import ClientError

from unit.tasks.fake_aliases import FakeAliases, Updates, error

MACHINES = ["state_machines/list_dragons", "state_machines/report_dragon"]
"""One of them is named like a function."""

MACHINE_ARN = "arn:aws:states:us-east-1:000000000000:stateMachine:dragons-unit-{}"


class InvalidArn(ClientError):  # noqa: N818 - AWS's name
    """As the client raises it for a machine that there is not."""


class ResourceNotFound(ClientError):  # noqa: N818 - AWS's name
    """As the client raises it for an alias that there is not."""


class FakeStepFunctions(FakeAliases):
    """State machines, as Step Functions has them."""

    class exceptions:  # noqa: N801 - as on a client
        """The client's own errors."""

        InvalidArn = InvalidArn
        StateMachineDoesNotExist = InvalidArn
        ResourceNotFound = ResourceNotFound
        ValidationException = ResourceNotFound

    def __init__(self, machines: list[str], updates: Updates | None = None) -> None:
        names = [name.rpartition("/")[2] for name in machines]
        super().__init__(MACHINE_ARN, names, updates, "state_machines/")

    def list_state_machine_versions(self, stateMachineArn: str, nextToken: str = "0") -> dict[str, Any]:
        """One a page, newest first, as AWS has them."""
        if stateMachineArn not in self.versions:
            raise InvalidArn({}, "ListStateMachineVersions")
        position, versions = int(nextToken), sorted(self.versions[stateMachineArn], reverse=True)
        page = [
            {"stateMachineVersionArn": f"{stateMachineArn}:{each}"}
            for each in versions[position : position + 1]
        ]
        more = {"nextToken": str(position + 1)} if position + 1 < len(versions) else {}
        return {"stateMachineVersions": page, **more}

    def describe_state_machine_alias(self, stateMachineAliasArn: str) -> dict[str, Any]:
        arn, _, name = stateMachineAliasArn.rpartition(":")
        if (arn, name) not in self.aliases:
            raise ResourceNotFound({}, "DescribeStateMachineAlias")
        weights = {version: round(weight * 100) for version, weight in self.weights(arn, name).items()}
        routes = {self.aliases[arn, name]["FunctionVersion"]: 100 - sum(weights.values())} | weights
        return {
            "routingConfiguration": [
                {"stateMachineVersionArn": f"{arn}:{version}", "weight": weight}
                for version, weight in routes.items()
            ]
        }

    def update_state_machine_alias(
        self, stateMachineAliasArn: str, routingConfiguration: list[dict[str, Any]]
    ) -> None:
        number = self.begin_update()
        arn, _, name = stateMachineAliasArn.rpartition(":")
        weights = {
            each["stateMachineVersionArn"].removeprefix(f"{arn}:"): each["weight"]
            for each in routingConfiguration
        }
        if sum(weights.values()) != 100 or not {int(each) for each in weights} <= {*self.versions[arn]}:
            raise error("ValidationException")
        version, *others = sorted(weights, key=int)
        self.point(arn, name, version, {other: weights[other] / 100 for other in others})
        self.end_update(number)
