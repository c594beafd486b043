"""A function, as Lambda has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks.rollout.aliases import Alias, AmbiguousError, MissingError

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient


class LambdaFunction:
    """The versions and the aliases of one function.

    Args:
        client: A client of Lambda.
        arn: The function's, unqualified.

    Source: https://docs.aws.amazon.com/lambda/latest/api/API_UpdateAlias.html
    """

    kind = "function"

    def __init__(self, client: LambdaClient, arn: str) -> None:
        self._client = client
        self._arn = arn

    def versions(self) -> set[int]:
        """The numbers of its published versions.

        Raises:
            MissingError: There is no such function.
        """
        pages = self._client.get_paginator("list_versions_by_function").paginate(FunctionName=self._arn)
        try:
            named = [version["Version"] for page in pages for version in page["Versions"]]
        except self._client.exceptions.ResourceNotFoundException as error:
            raise MissingError(f"there is no {self._arn}") from error
        return {int(version) for version in named if version != "$LATEST"}

    def alias(self, name: str) -> Alias:
        """One of its aliases.

        Raises:
            MissingError: It has none of this name.
            AmbiguousError: It stands on $LATEST.
        """
        try:
            found = self._client.get_alias(FunctionName=self._arn, Name=name)
        except self._client.exceptions.ResourceNotFoundException as error:
            raise MissingError(f"{self._arn} has no alias {name}") from error
        if not found["FunctionVersion"].isdigit():
            raise AmbiguousError(found["FunctionVersion"])
        weights = (found.get("RoutingConfig") or {}).get("AdditionalVersionWeights", {})
        shifted = {int(version): weight for version, weight in weights.items()}
        return Alias(int(found["FunctionVersion"]), found["RevisionId"], shifted)

    def point(self, name: str, to: Alias, revision: str) -> None:
        """Move an alias; Lambda refuses it if the revision is not the alias' any more."""
        weights = {str(version): weight for version, weight in to.shifted.items()}
        self._client.update_alias(
            FunctionName=self._arn,
            Name=name,
            FunctionVersion=str(to.version),
            RoutingConfig={"AdditionalVersionWeights": weights},
            RevisionId=revision,
        )
