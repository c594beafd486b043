"""The part `build`: this build against its peers, over the same functions and layers."""

import json
from pathlib import Path

from bench import build_report, contestants
from bench.build_report import Times
from bench.contestant import Contestant, Scenario
from bench.copies import age
from bench.products import Products, products_of
from bench.report import machine
from bench.rounds import rotated
from tasks.processes.steps import step

ROUNDS = 5
_OTHER_TIME = 1_000_000_000  # seconds since 1970


def run(folder: Path) -> None:
    """Measure, print and write down.

    Args:
        folder: An empty one to work in.

    Raises:
        StepError: A build failed.
    """
    where = machine()
    everybody = gather(folder / "here")
    with step("everybody's first build"):
        here = _products(everybody)
    with step("the same sources elsewhere, with other times"):
        elsewhere = gather(folder / "elsewhere")
        for each in elsewhere:
            age(each.folder, _OTHER_TIME)
        there = _products(elsewhere)
    times = measure_all(everybody)
    products = [(name, found, found.digests == there[name].digests) for name, found in here.items()]
    build_report.publish(where, times, products)


def gather(folder: Path) -> list[Contestant]:
    """Everybody, each in a folder of its own below `folder`.

    Raises:
        StepError: This build failed, whose manifest the peers need.
    """
    ours = contestants.build_py(folder / "build_py")
    ours.build_first()
    manifest = json.loads((ours.folder / "dist/manifest.json").read_text())
    return [
        contestants.python_start(folder),
        ours,
        contestants.first_build_py(folder / "first_build_py"),
        contestants.sam_build(folder / "sam", manifest),
        contestants.sam_build(folder / "sam_cached", manifest, "--parallel", "--cached"),
        contestants.pip_and_zip(folder / "pip", manifest),
    ]


def measure_all(everybody: list[Contestant]) -> Times:
    """Measure every contestant in every scenario, once a round.

    Raises:
        StepError: A build failed.
    """
    times: Times = {
        scenario: {each.name: [] for each in everybody if scenario in each.scenarios} for scenario in Scenario
    }
    for number in range(1, ROUNDS + 1):
        with step(f"round {number} of {ROUNDS}"):
            for scenario in Scenario:
                for each in rotated([each for each in everybody if scenario in each.scenarios], number):
                    times[scenario][each.name].append(each.take_turns(scenario, number))
    return times


def _products(everybody: list[Contestant]) -> dict[str, Products]:
    """What everybody builds of the same sources, by contestant's name."""
    for each in everybody:
        each.build_first()
    return {each.name: products_of(each.folder, each.products) for each in everybody if each.products}
