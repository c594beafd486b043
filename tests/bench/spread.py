"""Several measurements as one figure: their median, the least and the most."""

import statistics
from collections.abc import Sequence
from typing import NamedTuple


class Spread(NamedTuple):
    """A figure, in the unit of what was measured."""

    median: float
    least: float
    most: float

    def shown(self, digits: int) -> str:
        """The figure with so many digits behind the point, such as `1.5 (1.2 to 1.9)`."""
        return f"{self.median:.{digits}f} ({self.least:.{digits}f} to {self.most:.{digits}f})"

    def over(self, divisor: float) -> "Spread":
        """The figure in units of so much."""
        return Spread(self.median / divisor, self.least / divisor, self.most / divisor)


def spread(values: Sequence[float]) -> Spread:
    """Sum up the measurements of all rounds.

    Raises:
        ValueError: There are none.
    """
    return Spread(statistics.median(values), min(values), max(values))


def ratio(values: Sequence[float], base: Sequence[float]) -> Spread:
    """How many times what `base` took, round by round: a slow moment of the machine slows both.

    Raises:
        ValueError: One has more rounds than the other, or there are none.
    """
    return spread([value / other for value, other in zip(values, base, strict=True)])
