"""Several measurements as one figure."""

import pytest

from bench.rounds import rotated
from bench.spread import Spread, ratio, spread


def test_a_spread_is_the_median_between_the_least_and_the_most() -> None:
    assert spread([3, 1, 2, 9]) == Spread(2.5, 1, 9)
    assert spread([0.126, 0.123, 0.2]).shown(2) == "0.13 (0.12 to 0.20)"


def test_a_ratio_compares_round_by_round() -> None:
    assert ratio([2, 40, 6], [1, 10, 2]) == Spread(3, 2, 4)


def test_a_ratio_refuses_rounds_without_a_partner() -> None:
    with pytest.raises(ValueError, match="shorter"):
        ratio([1, 2], [1])


def test_everyone_is_first_once() -> None:
    orders = [rotated("abc", number) for number in range(4)]
    assert orders == [["a", "b", "c"], ["b", "c", "a"], ["c", "a", "b"], ["a", "b", "c"]]
    assert rotated("", 3) == []
