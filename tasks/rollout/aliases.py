"""The aliases of what is deployed: all of them are read, then moved for all or for none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from tasks.rollout.moves import Aliases, ReleaseError

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet


@dataclass(frozen=True)
class Alias:
    """An alias as its service has it; the revision guards against somebody else's move in between.

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


class MissingError(ReleaseError):
    """A service knows no such function, state machine or alias."""


class AmbiguousError(ReleaseError):
    """An alias stands on what can change; the text names it."""


class Deployed(Protocol):
    """A function or a state machine: it has published versions, and aliases."""

    kind: str
    """What it is, in words."""

    def versions(self) -> AbstractSet[int]:
        """The numbers of its published versions.

        Raises:
            MissingError: There is none of this name.
        """
        ...

    def alias(self, name: str) -> Alias:
        """One of its aliases.

        Raises:
            MissingError: It has none of this name.
            AmbiguousError: It stands on no published version.
        """
        ...

    def point(self, name: str, to: Alias, revision: str) -> None:
        """Move an alias.

        Args:
            name: The alias'.
            to: Where it shall stand.
            revision: Of the alias as it was read.

        Raises:
            ReleaseError: It was moved since.
        """
        ...


@dataclass(frozen=True)
class Move:
    """One alias's way: `before` is how it was found, `after` where it shall stand."""

    part: str
    alias: str
    before: Alias
    after: Alias

    def __str__(self) -> str:
        return f"{self.part}: {self.alias} {self.before} -> {self.after}"


class DeployedAliases:
    """The aliases `live` and `canary` of an environment's functions and state machines.

    Args:
        deployed: Each by its name, as moves.py has it.
    """

    def __init__(self, deployed: Mapping[str, Deployed]) -> None:
        self._deployed = deployed
        self._found: dict[tuple[str, str], Alias] = {}
        self._published: dict[str, AbstractSet[int]] = {}

    def read(self) -> Mapping[str, Aliases]:
        """Read where all aliases stand, and which versions are published.

        Raises:
            ReleaseError: A function or a state machine is missing, or lacks an alias or a published version.
        """
        for name in self._deployed:
            self._published[name] = self._versions(name)
            for alias in ("live", "canary"):
                self._found[name, alias] = self._read(name, alias)
        return {name: self._standing(name) for name in self._deployed}

    def newest(self) -> Mapping[str, int]:
        """The newest published version of each; versions are numbered upwards."""
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
                self._deployed[move.part].point(move.alias, move.after, move.before.revision)
            except (BotoCoreError, ClientError, ReleaseError, KeyboardInterrupt) as error:
                stuck = [each for each in reversed(moves[: position + 1]) if not self._put_back(each)]
                raise _failure(move, error, stuck) from error
        return moves

    def _versions(self, name: str) -> AbstractSet[int]:
        try:
            versions = self._deployed[name].versions()
        except MissingError as error:
            kind = self._deployed[name].kind
            raise ReleaseError(f"{name}: there is no such {kind}; deploy it with make apply") from error
        if not versions:
            raise ReleaseError(f"{name}: no version is published; deploy it with make apply")
        return versions

    def _read(self, name: str, alias: str) -> Alias:
        try:
            return self._deployed[name].alias(alias)
        except MissingError as error:
            raise ReleaseError(f"{name}: there is no alias {alias}; create it with make apply") from error
        except AmbiguousError as error:
            raise ReleaseError(
                f"{name}: {alias} stands on {error}, which can change; "
                f"point it at one of the published versions {sorted(self._published[name])}"
            ) from error

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

    def _put_back(self, move: Move) -> bool:
        """Undo a move, if it was made: one that failed may have been, and others may move aliases too.

        Returns:
            Whether the alias is where it was before.
        """
        try:
            now = self._deployed[move.part].alias(move.alias)
            if now.stands_as(move.after):
                self._deployed[move.part].point(move.alias, move.before, now.revision)
                return True
        except (BotoCoreError, ClientError, ReleaseError):
            return False
        return now.stands_as(move.before)


def _failure(move: Move, error: BaseException, stuck: list[Move]) -> ReleaseError:
    why = str(error) or "interrupted"
    if not stuck:
        return ReleaseError(f"{move} failed, every alias is back where it was: {why}")
    left = "; ".join(f"{each.part}: {each.alias} was on {each.before}" for each in stuck)
    return ReleaseError(f"{move} failed: {why}. These could not be put back: {left}")
