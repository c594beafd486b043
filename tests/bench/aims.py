"""What the figures are meant to be."""

from typing import NamedTuple

from bench.spread import Spread


class Aim(NamedTuple):
    """A limit to the median of a ratio.

    Attributes:
        what: Names the ratio.
        found: What was measured.
        limit: Its bound.
        least: Whether the bound is the least that is wanted, rather than the most.
    """

    what: str
    found: Spread
    limit: float
    least: bool = False

    @property
    def met(self) -> bool:
        """Whether the median is within the bound."""
        return self.found.median >= self.limit if self.least else self.found.median <= self.limit

    def shown(self) -> str:
        """The aim and what came of it, on one line."""
        bound = "at least" if self.least else "at most"
        verdict = "met" if self.met else "MISSED"
        return f"{verdict:<6} {self.what}: {self.found.shown(2)}, aim {bound} {self.limit:g}"
