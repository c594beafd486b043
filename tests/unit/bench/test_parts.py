"""The parts of the benchmarks."""

from bench.__main__ import PARTS
from tasks import bench


def test_the_launcher_knows_every_part() -> None:
    assert list(PARTS) == list(bench.PARTS)
