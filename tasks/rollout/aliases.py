"""The aliases in Lambda: read for every function, then moved for all or for none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from tasks.rollout.moves import Aliases, ReleaseError

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_lambda.type_defs import AliasConfigurationResponseTypeDef


@dataclass(frozen=True)
class Alias:
    """An alias as Lambda has it; the revision guards against somebody else's move in between.

    Attributes:
        version: What callers get.
        revision: Another one after each move.
        shifted: The version that some callers get instead, and its weight.
    """

    version: int
    revision: str = ""
    shifted: Mapping[int, float] = field(default_factory=dict)

    def stands_as(self, other: Alias) -> bool:
        """Whether callers get the same of another."""
        return (self.version, self.shifted) == (other.version, other.shifted)

    def __str__(self) -> str:
        shifted = [f" with {weight * 100:g} % to {version}" for version, weight in self.shifted.items()]
        return "".join([str(self.version), *shifted])


@dataclass(frozen=True)
class Move:
    """One alias's way: `before` is how it was found, `after` where it shall stand."""

    function: str
    alias: str
    before: Alias
    after: Alias

    def __str__(self) -> str:
        return f"{self.function}: {self.alias} {self.before} -> {self.after}"


class FunctionAliases:
    """The aliases `live` and `canary` of an environment's functions.

    Args:
        client: A client of Lambda.
        functions: The ARN of each function's `live` alias, by the name of its folder.

    Source: https://docs.aws.amazon.com/lambda/latest/api/API_UpdateAlias.html
    """

    def __init__(self, client: LambdaClient, functions: Mapping[str, str]) -> None:
        self._client = client
        self._arns = {name: arn.rpartition(":")[0] for name, arn in functions.items()}
        self._found: dict[tuple[str, str], Alias] = {}
        self._published: dict[str, set[int]] = {}

    def read(self) -> Mapping[str, Aliases]:
        """Read where every function's aliases stand, and which versions are published.

        Raises:
            ReleaseError: A function is missing, or lacks an alias or a published version.
        """
        for name in self._arns:
            self._published[name] = self._versions(name)
            for alias in ("live", "canary"):
                self._found[name, alias] = self._read(name, alias)
        return {name: self._standing(name) for name in self._arns}

    def newest(self) -> Mapping[str, int]:
        """The newest published version of every function; versions are numbered upwards."""
        return {name: max(versions) for name, versions in self._published.items()}

    def move(self, target: Mapping[str, Aliases]) -> list[Move]:
        """Move the aliases from where they were read to where they shall be.

        Returns:
            What moved.

        Raises:
            ReleaseError: A version is not published any more, and nothing was moved; or a move failed, and
                those made before it were put back, or could not be, which is said.
        """
        for name, aliases in target.items():
            self._require_published(name, aliases)
        moves = [move for name, aliases in target.items() for move in self._moves(name, aliases)]
        for position, move in enumerate(moves):
            try:
                self._write(move.function, move.alias, move.after, move.before.revision)
            except (BotoCoreError, ClientError, KeyboardInterrupt) as error:
                stuck = [each for each in reversed(moves[: position + 1]) if not self._put_back(each)]
                raise _failure(move, error, stuck) from error
        return moves

    def _versions(self, name: str) -> set[int]:
        pages = self._client.get_paginator("list_versions_by_function").paginate(
            FunctionName=self._arns[name]
        )
        try:
            named = [version["Version"] for page in pages for version in page["Versions"]]
        except self._client.exceptions.ResourceNotFoundException as error:
            raise ReleaseError(f"{name}: there is no such function; deploy it with make apply") from error
        versions = {int(version) for version in named if version != "$LATEST"}
        if not versions:
            raise ReleaseError(f"{name}: no version is published; deploy it with make apply")
        return versions

    def _read(self, name: str, alias: str) -> Alias:
        try:
            found = self._client.get_alias(FunctionName=self._arns[name], Name=alias)
        except self._client.exceptions.ResourceNotFoundException as error:
            raise ReleaseError(f"{name}: there is no alias {alias}; create it with make apply") from error
        if not found["FunctionVersion"].isdigit():
            raise ReleaseError(
                f"{name}: {alias} stands on {found['FunctionVersion']}, which can change; "
                f"point it at one of the published versions {sorted(self._published[name])}"
            )
        return _alias(found)

    def _standing(self, name: str) -> Aliases:
        live = self._found[name, "live"]
        return Aliases(live.version, self._found[name, "canary"].version, live.shifted)

    def _require_published(self, name: str, aliases: Aliases) -> None:
        for version in {aliases.live, aliases.canary, *aliases.shifted} - self._published[name]:
            raise ReleaseError(
                f"{name}: version {version} is not published any more; nothing was moved: "
                "deploy a version that works"
            )

    def _moves(self, name: str, target: Aliases) -> list[Move]:
        """What changes; live last, so that a canary never lags behind it."""
        goal = {"canary": Alias(target.canary), "live": Alias(target.live, shifted=target.shifted)}
        return [
            Move(name, alias, self._found[name, alias], after)
            for alias, after in goal.items()
            if not after.stands_as(self._found[name, alias])
        ]

    def _write(self, name: str, alias: str, after: Alias, revision: str) -> None:
        weights = {str(version): weight for version, weight in after.shifted.items()}
        self._client.update_alias(
            FunctionName=self._arns[name],
            Name=alias,
            FunctionVersion=str(after.version),
            RoutingConfig={"AdditionalVersionWeights": weights},
            RevisionId=revision,
        )

    def _put_back(self, move: Move) -> bool:
        """Undo a move, if it was made: one that failed may have been, and others may move aliases too.

        Returns:
            Whether the alias is where it was before.
        """
        try:
            now = _alias(self._client.get_alias(FunctionName=self._arns[move.function], Name=move.alias))
            if now.stands_as(move.after):
                self._write(move.function, move.alias, move.before, now.revision)
                return True
        except (BotoCoreError, ClientError):
            return False
        return now.stands_as(move.before)


def _alias(found: AliasConfigurationResponseTypeDef) -> Alias:
    weights = (found.get("RoutingConfig") or {}).get("AdditionalVersionWeights", {})
    shifted = {int(version): weight for version, weight in weights.items()}
    return Alias(int(found["FunctionVersion"]), found["RevisionId"], shifted)


def _failure(move: Move, error: BaseException, stuck: list[Move]) -> ReleaseError:
    why = str(error) or "interrupted"
    if not stuck:
        return ReleaseError(f"{move} failed, every alias is back where it was: {why}")
    left = "; ".join(f"{each.function}: {each.alias} was on {each.before}" for each in stuck)
    return ReleaseError(f"{move} failed: {why}. These could not be put back: {left}")
