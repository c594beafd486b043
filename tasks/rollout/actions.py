"""A release's commands: read how things are, decide, write the parameters, and move what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks.rollout import moves
from tasks.rollout.moves import MACHINES, Part, Record, ReleaseError, Routing, System

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from tasks.rollout.aliases import DeployedAliases, Move
    from tasks.rollout.parameters import ReleaseParameters
    from tasks.rollout.stage import Stage


class Release:
    """What serves in an environment, as it was read when this was made.

    Args:
        aliases: Those of functions and state machines.
        parameters: The pins, the share and the log.
        stage: The REST API's stage.

    Raises:
        ReleaseError: A function, a state machine or a parameter is not as it must be.
    """

    def __init__(self, aliases: DeployedAliases, parameters: ReleaseParameters, stage: Stage) -> None:
        self._aliases = aliases
        self._parameters = parameters
        self._stage = stage
        standing, newest = aliases.read(), aliases.newest()
        parts = {name: Part(each, newest[name], *parameters.log(name)) for name, each in standing.items()}
        self.system = System(parts, parameters.read(), stage.has_canary())

    def canary(self, share: float) -> str:
        """Prepare a canary, or its end, for the apply that follows: only parameters change.

        Args:
            share: Percent of the REST API's calls; 0 ends the canary.

        Returns:
            A line that says what was written.
        """
        target = moves.canary(self.system, share)
        self._parameters.write(self.system.routing, target)
        pinned = target.pins.keys() - self.system.routing.pins.keys()
        if share > 0:
            return f"canary: {share:g} % of the REST API's calls; {_named(pinned)} pinned anew"
        return "canary: none; the pins stay"

    def restore(self, before: Routing, newest: Mapping[str, int]) -> str:
        """Take back what `canary` wrote, if the apply after it published nothing.

        Args:
            before: What the parameters said before.
            newest: The newest versions before.

        Returns:
            A line that says what became of it.
        """
        if self.system.newest != newest:
            return (
                "new versions are published, and the pins hold live where it was: "
                "run it again to go on, or `make rollback` to take the canary back"
            )
        self._parameters.write(self.system.routing, before)
        return "nothing was deployed: pins and canary are as before"

    def promote(self) -> str:
        """Let the newest versions serve everybody.

        Returns:
            A line for each alias that moved, and one with their number.

        Raises:
            ReleaseError: Nothing was moved, and why; or what could not be put back.
        """
        return f"{self._move(moves.promote(self.system))}; nothing is pinned"

    def rollback(self) -> str:
        """Take the canary back, or else go back to the versions before.

        Returns:
            A line for each alias that moved, and one with their number.

        Raises:
            ReleaseError: Nothing was moved, and why; or what could not be put back.
        """
        target = moves.rollback(self.system)
        moved = self._move(target)
        return f"{moved}; {_named(target.pins)} pinned until `make promote`"

    def shift(self, name: str, percent: int) -> str:
        """Send a share of one function's callers to its newest version; 0 holds them, 100 ends the shift.

        Returns:
            A line for each alias that moved.

        Raises:
            ReleaseError: Nothing was moved, and why; or what could not be put back.
        """
        return "\n".join(map(str, self._moved(moves.shift(self.system, name, percent))))

    def _move(self, target: Routing) -> str:
        moved = self._moved(target)
        return "\n".join([*map(str, moved), f"{_count(len(moved), 'alias', 'aliases')} moved"])

    def _moved(self, target: Routing) -> list[Move]:
        """Do what Terraform would: parameters first, so that an apply meanwhile goes the same way.

        What serves is noted before it does: whoever comes after a kill finds the versions before in full.
        """
        before = self.system.routing
        parts = self.system.parts
        goal = {name: target.aliases(name, each.newest) for name, each in parts.items()}
        self._parameters.write(before, target)
        noted = self._note({name: each.live for name, each in goal.items()})
        try:
            moved = self._aliases.move(goal)
        except ReleaseError:
            for name in noted:
                self._parameters.note(name, parts[name].log[-1])
            self._parameters.write(target, before)
            raise
        if self.system.splits:
            self._stage.end_canary()
        return moved

    def _note(self, live: Mapping[str, int]) -> list[str]:
        """Note what is to serve; a log that Terraform has not begun is begun by the next apply."""
        release = moves.latest(self.system.parts)
        records = {name: Record(release, version) for name, version in live.items()}
        logs = {name: each.log for name, each in self.system.parts.items()}
        changed = [name for name, record in records.items() if logs[name] and logs[name][-1] != record]
        for name in changed:
            self._parameters.note(name, records[name])
        return changed


def _named(names: Collection[str]) -> str:
    machines = [name for name in names if name.startswith(f"{MACHINES}/")]
    functions = _count(len(names) - len(machines), "function")
    return f"{functions} and {_count(len(machines), 'state machine')}" if machines else functions


def _count(number: int, one: str, more: str | None = None) -> str:
    return f"{number} {one if number == 1 else more or one + 's'}"
