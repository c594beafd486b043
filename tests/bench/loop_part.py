"""The part `loop`: from an edit to the new response, and what else is run many times a day."""

import json
import os
import signal
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict
from functools import partial
from pathlib import Path
from statistics import median

import requests

from bench import contestants
from bench.contestant import Scenario
from bench.report import machine, publish
from bench.table import table
from support.edited_copy import REASON, EditedCopy
from tasks.environment import terraform
from tasks.environment.bring_up import bring_up
from tasks.environment.cloud import Cloud, free_port
from tasks.environment.paths import ROOT
from tasks.processes.alone import alone
from tasks.processes.steps import StepError, step

ROUNDS = 5
WATCH = "make watch: from the save to the new response"
DEPLOY = "make deploy of one function"
UP = "make up, nothing changed"
SAM = "sam build --parallel --cached, one function changed"


def run(folder: Path) -> None:
    """Measure, print and write down.

    Raises:
        StepError: The system cannot be deployed, or a target failed.
    """
    where, cloud = machine(), Cloud(free_port(), folder / "cloud")
    root = terraform.root_of_own_cloud(cloud.folder, cloud.endpoint)
    os.environ["DRAGONS_TERRAFORM"] = json.dumps(asdict(root), default=str)
    with alone("loop"), ExitStack() as ending:
        ending.callback(cloud.stop)
        outputs, _ = bring_up(cloud, root)
        copy = EditedCopy(folder / "copy")
        manifest = json.loads((copy.folder / "dist/manifest.json").read_text())
        sam = contestants.sam_build(folder / "sam", manifest, "--parallel", "--cached")
        with step("sam's first build"):
            sam.build_first()
        url = f"{outputs['rest_api_url']}/dragons?colour=red"
        seconds: dict[str, list[float]] = {WATCH: [], DEPLOY: [], UP: [], SAM: []}
        for number in range(1, ROUNDS + 1):
            with step(f"round {number} of {ROUNDS}"):
                seconds[WATCH].append(_watched(copy, url, number))
                seconds[DEPLOY].append(_timed(partial(_deploy, copy, number)))
                _run(copy, "up", folder=ROOT)  # what was deployed without Terraform is asked about once
                seconds[UP].append(_timed(partial(_run, copy, "up", folder=ROOT)))
                seconds[SAM].append(sam.take_turns(Scenario.CHANGED, number).wall)
    publish("loop", where, {"seconds": seconds}, _told(seconds))


def _watched(copy: EditedCopy, url: str, number: int) -> float:
    """Seconds from a save to the first response of the new code."""
    watching = copy.start("watch")
    try:
        assert watching.stdout is not None
        while not watching.stdout.readline().startswith("watching"):
            pass
        reason = f"is not a filter of round {number}"
        text = copy.source.read_text()
        return _timed(partial(_save, copy, text.replace(REASON, reason), url, reason))
    finally:
        copy.source.write_text(text)
        watching.send_signal(signal.SIGINT)
        watching.communicate(timeout=20)


def _save(copy: EditedCopy, text: str, url: str, reason: str) -> None:
    copy.source.write_text(text)
    deadline = time.monotonic() + 60
    while requests.get(url, timeout=30).json()["errors"][0]["reason"] != reason:
        if time.monotonic() > deadline:
            raise StepError("the saved code was not served within a minute")
        time.sleep(0.01)


def _deploy(copy: EditedCopy, number: int) -> None:
    copy.source.write_text(copy.source.read_text() + f"# round {number}\n")
    _run(copy, "deploy", "--function=list_dragons")


def _run(copy: EditedCopy, *words: str, folder: Path | None = None) -> None:
    process = copy.start(*words, folder=folder)
    printed, errors = process.communicate(timeout=300)
    if process.returncode:
        raise StepError("a target failed", detail=printed + errors)


def _timed(work: Callable[[], None]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began


def _told(seconds: dict[str, list[float]]) -> str:
    peer = median(seconds[SAM])
    rows = [
        [
            name,
            f"{median(found):.2f} s",
            f"{min(found):.2f} to {max(found):.2f}",
            "" if name == SAM else f"{peer / median(found):.1f}",
        ]
        for name, found in seconds.items()
    ]
    return table(["", "median", "least to most", "sam build takes so many times"], rows)
