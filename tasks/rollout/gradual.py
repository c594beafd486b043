"""A gradual shift: a function's newest version gets more of the calls step by step, as long as it does well.

It can end anywhere: after each step the parameters say where `live` stands, so that another shift goes on
there, a promotion finishes it, and a rollback takes it back.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tasks.processes.steps import StepError, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from tasks.rollout.actions import Release
    from tasks.rollout.version_metrics import Counted

_LOOK_SECONDS = 5.0


@dataclass(frozen=True)
class Plan:
    """How a shift goes.

    Attributes:
        steps: What the new version gets of the calls, in percent: rising, and 100 at the end.
        every: Seconds for which each step but the last is watched.
        tolerated: Percent of the new version's calls that may fail.
    """

    steps: tuple[int, ...]
    every: float
    tolerated: float

    @classmethod
    def read(cls, steps: str, every: str, tolerated: str) -> Plan:
        """Read what the command line says.

        Raises:
            StepError: It is none.
        """
        return cls(_steps(steps), _number("EVERY", every, 1, 86400), _number("ERRORS", tolerated, 0, 99))


class GradualShift:
    """The shift of one function to one version.

    Args:
        name: The function's folder.
        version: What is shifted to.
        release: Reads what serves of that function.
        count: Counts the version's calls behind `live` since the shift began.
        now: A clock, in seconds.
        wait: Waits for seconds.
    """

    def __init__(
        self,
        name: str,
        version: int,
        release: Callable[[], Release],
        count: Callable[[], Counted],
        now: Callable[[], float] = time.monotonic,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._name = name
        self._version = version
        self._release = release
        self._count = count
        self._now = now
        self._wait = wait

    def run(self, plan: Plan) -> None:
        """Go through the steps, from where an earlier shift to the same version stopped.

        Raises:
            StepError: The version failed and was taken back; or somebody moved the function meanwhile.
        """
        begun = self._release().system.routing.shifts[self._name].percent
        for percent in [each for each in plan.steps if each >= begun]:
            release = self._release()
            self._require_newest(release)
            say(release.shift(self._name, percent))
            if percent < 100:
                self._watch(plan, percent)

    def _watch(self, plan: Plan, percent: int) -> None:
        """Look on, and take the version back as soon as it fails too often, or nobody can tell."""
        end = self._now() + plan.every
        while True:
            try:
                counted = self._count()
            except Exception:
                self._take_back()
                raise
            if counted.errors * 100 > plan.tolerated * counted.calls:
                self._take_back()
                raise StepError(
                    f"{self._name}: taken back at {percent} %, since version {self._version} failed "
                    f"{counted.errors} of {counted.calls} calls",
                    f"correct the code, and `make shift FUNCTION={self._name}` again",
                )
            if (left := end - self._now()) <= 0:
                say(
                    f"{self._name}: {counted.calls} calls of version {self._version}, {counted.errors} failed"
                )
                return
            self._wait(min(left, _LOOK_SECONDS))

    def _take_back(self) -> None:
        say(self._release().shift(self._name, 0))

    def _require_newest(self, release: Release) -> None:
        newest = release.system.parts[self._name].newest
        if newest != self._version:
            self._take_back()
            raise StepError(
                f"{self._name}: taken back, since version {newest} was published meanwhile",
                f"`make shift FUNCTION={self._name}` again",
            )


def _steps(text: str) -> tuple[int, ...]:
    words = text.split(",")
    if all(word.isascii() and word.isdigit() and len(word) < 4 for word in words):
        steps = tuple(map(int, words))
        if all(low < high for low, high in zip((0, *steps), steps, strict=False)) and steps[-1] == 100:
            return steps
    raise StepError(f"STEPS={text} must be whole percents that rise and end with 100, such as 10,50,100")


def _number(name: str, text: str, low: int, high: int) -> float:
    try:
        if low <= float(text) <= high:
            return float(text)
    except ValueError:
        pass  # no number: refused in the same words
    raise StepError(f"{name}={text} must be a number from {low} to {high}")
