"""The readers' turns at datasets on files, each in a process of its own, so that its memory is its own."""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from bench.measure import measure
from bench.query_data import CITY, COUNTRY
from bench.query_readers import ENGINE, MOTO, READERS
from bench.rounds import rotated
from bench.spread import Spread, ratio
from tasks.environment.paths import ROOT
from tasks.processes.steps import StepError

ROUNDS = 5
MOTO_AT_MOST = 100_000
"""Dragons of a dataset that moto's S3 Select reads, in one round: some 6,000 a second."""

QUESTIONS: dict[str, dict[str, Any]] = {
    "a city of ten": {"filters": {"location_city_str": CITY}, "limit": 200},
    "a page of a third": {"filters": {"location_country_str": COUNTRY}, "limit": 50},
}
WHOLE = "a city of ten"
"""The question that needs the whole dataset."""

_PLACES = ("tests", "shared", "functions", "")


class Turn(NamedTuple):
    """What an answer took.

    Attributes:
        seconds: From the question to the end.
        first: From the question to the first dragon.
        peak: Bytes of memory that the process had at most, Python and packages included.
        objects: How many were read; none if the reader does not tell.
        bytes: How many of them; none if the reader does not tell.
    """

    seconds: float
    first: float
    peak: int
    objects: int | None
    bytes: int | None


Turns = dict[str, list[Turn]]
"""Of each reader, a turn a round."""
Files = dict[int, dict[str, Turns]]
"""By how many dragons there are, and by the question."""


def take_turns(
    folder: Path, count: int, rounds: int, readers: Sequence[str] = tuple(READERS)
) -> dict[str, Turns]:
    """Have each question answered by each reader, round by round.

    Args:
        folder: The dataset.
        count: How many dragons it has.
        rounds: How many.
        readers: Who takes part.

    Raises:
        StepError: A reader failed, or answers otherwise than the others.
    """
    turns: dict[str, Turns] = {question: {} for question in QUESTIONS}
    answers: dict[str, list[str]] = {}
    for number in range(rounds):
        for reader in rotated(readers, number):
            if reader == MOTO and (number > 0 or count > MOTO_AT_MOST):
                continue
            for question in QUESTIONS:
                turn, names = _take_turn(folder, reader, question)
                turns[question].setdefault(reader, []).append(turn)
                if names != answers.setdefault(question, names):
                    raise StepError(
                        f"{reader} does not answer as the others: {question} of {count:,}",
                        detail=f"{names}\n{answers[question]}",
                    )
    return turns


def speeds(turns: Sequence[Turn], base: Sequence[Turn]) -> Spread:
    """How many times as fast as others, in the rounds that both took part in."""
    rounds = min(len(turns), len(base))
    return ratio([each.seconds for each in base[:rounds]], [each.seconds for each in turns[:rounds]])


def _take_turn(folder: Path, reader: str, question: str) -> tuple[Turn, list[str]]:
    result = folder.with_suffix(".json")
    asked = json.dumps(QUESTIONS[question])
    env = os.environ | {"PYTHONPATH": os.pathsep.join(str(ROOT / place) for place in _PLACES)}
    env |= {"MALLOC_ARENA_MAX": "1"} if reader == ENGINE else {}  # as its block in Terraform has it
    command: list[str | Path] = [sys.executable, "-m", "bench.query_reader", reader, folder, asked, result]
    peak = measure(command, folder=ROOT, env=env).peak
    told = json.loads(result.read_text())
    names = told.pop("names")
    return Turn(peak=peak, **told), names
