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
    peers, for `build.py` the wheels, what it compiled of them, and which imports it has seen to work.
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
        products: A pattern of what it builds, seen from the folder; empty if it is not looked at.
        gone: What a cold build does not find.
        handler: The file that changes where one function does; None if nothing is read.
        scenarios: Where it takes part.
    """

    name: str
    command: list[str | Path]
    folder: Path
    env: Mapping[str, str]
    products: str = ""
    gone: Callable[[], list[Path]] = list
    handler: Path | None = None
    scenarios: tuple[Scenario, ...] = tuple(Scenario)

    def prepare(self, scenario: Scenario, number: int) -> None:
        """Bring about a scenario, in the round of that number."""
        if scenario is Scenario.COLD:
            for path in self.gone():
                shutil.rmtree(path, ignore_errors=True)
        if scenario is Scenario.CHANGED and self.handler:
            revise(self.handler, number)

    def build(self) -> Usage:
        """Build, and measure it.

        Raises:
            StepError: The build failed.
        """
        return measure(self.command, folder=self.folder, env=self.env)
