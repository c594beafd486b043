"""One way to build, and what has happened since it last did."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bench.copies import revise
from bench.measure import Usage, measure


class Scenario(StrEnum):
    """What has happened since the last build.

    Cold: the output is gone. Every contestant keeps what lies in the user's caches: pip's downloads for the
    peers, for `build.py` the wheels, what it compiled of them, and which imports it knows to work.
    """

    COLD = "cold"
    UNCHANGED = "nothing changed"
    CHANGED = "one function changed"


@dataclass(frozen=True)
class Contestant:
    """One way to build.

    Attributes:
        name: How tables call it.
        command: What builds.
        folder: Where it works.
        env: Its environment variables.
        products: A pattern of what it builds, relative to the folder; empty if it is not looked at.
        gone: What a cold build does not find.
        handler: The file that changes where one function does; None if nothing is read.
        scenarios: Where it takes part.
        turns: How often it builds in a round, whose figure is the median: what is over in a few hundredths of
            a second depends on what else the machine does just then.
    """

    name: str
    command: list[str | Path]
    folder: Path
    env: Mapping[str, str]
    products: str = ""
    gone: Callable[[], list[Path]] = list
    handler: Path | None = None
    scenarios: tuple[Scenario, ...] = tuple(Scenario)
    turns: int = 1

    def take_turns(self, scenario: Scenario, number: int) -> Usage:
        """Bring about a scenario and build, in the round of that number.

        Returns:
            The middle one of its turns, by wall time.

        Raises:
            StepError: The build failed.
        """
        taken = [self._take_turn(scenario, number * self.turns + turn) for turn in range(self.turns)]
        return sorted(taken)[self.turns // 2]

    def _take_turn(self, scenario: Scenario, revision: int) -> Usage:
        if scenario is Scenario.COLD:
            for path in self.gone():
                shutil.rmtree(path, ignore_errors=True)
        if scenario is Scenario.CHANGED and self.handler:
            revise(self.handler, revision)
        return measure(self.command, folder=self.folder, env=self.env)

    def build_first(self) -> None:
        """Build cold, with the function that changes in the handler from now on.

        Raises:
            StepError: The build failed.
        """
        if self.handler:
            revise(self.handler, 0)
        self._take_turn(Scenario.COLD, 0)
