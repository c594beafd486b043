"""The part `coldstart`: how long each function takes to be ready, against its twin that `sam build` makes."""

import json
from pathlib import Path

from bench import coldstart_report, contestants
from bench.cold_starts import ColdStart, built_by_sam, built_by_us
from bench.coldstart_report import Times
from bench.report import machine
from bench.rounds import rotated
from tasks.processes.steps import StepError, step

ROUNDS = 9


def run(folder: Path) -> None:
    """Measure, print and write down.

    Args:
        folder: An empty one to work in.

    Raises:
        StepError: A build failed, or a function does not start.
    """
    where = machine()
    with step("both builds"):
        everything = _build(folder)
    times: Times = {(each.name, each.build): [] for each in everything}
    with step(f"{len(everything)} cold starts, {ROUNDS} rounds"):
        for number in range(ROUNDS):
            for each in rotated(everything, number):
                times[each.name, each.build].append(each.measure())
    coldstart_report.publish(where, times)


def _build(folder: Path) -> list[ColdStart]:
    ours = contestants.build_py(folder / "build_py")
    ours.build_first()
    manifest = json.loads((ours.folder / "dist/manifest.json").read_text())
    sam = contestants.sam_build(folder / "sam", manifest)
    sam.build_first()
    if any(sam.folder.glob(".aws-sam/build/**/*.pyc")):
        raise StepError("sam build has compiled something: this benchmark takes it that it does not")
    return [*built_by_us(ours.folder, manifest), *built_by_sam(sam.folder, manifest)]
