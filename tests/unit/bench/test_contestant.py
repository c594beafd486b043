"""A contestant's turns: what happens before each, and which one counts."""

import os
import sys
from pathlib import Path

import pytest

from bench import contestant
from bench.contestant import Contestant, Scenario
from bench.measure import Usage


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[tuple[bool, str]]:
    """Whether the output was there, and the revision, at every build; each is quicker than the last."""
    turns: list[tuple[bool, str]] = []

    def build(_: object, *, folder: Path, env: object) -> Usage:
        turns.append(((folder / "dist").is_dir(), (folder / "handler.py").read_text().strip()[-1:]))
        (folder / "dist").mkdir(exist_ok=True)
        return Usage(10.0 - len(turns), len(turns), 1)

    monkeypatch.setattr(contestant, "measure", build)
    return turns


def make(folder: Path, turns: int) -> Contestant:
    (folder / "handler.py").write_text("")
    gone = [folder / "dist"]
    return Contestant(
        "c", [sys.executable], folder, os.environ, "", lambda: gone, folder / "handler.py", turns=turns
    )


def test_a_cold_build_finds_nothing_each_time(tmp_path: Path, seen: list[tuple[bool, str]]) -> None:
    make(tmp_path, 3).take_turns(Scenario.COLD, 1)
    assert seen == [(False, "")] * 3


def test_an_unchanged_build_finds_what_was_built(tmp_path: Path, seen: list[tuple[bool, str]]) -> None:
    each = make(tmp_path, 2)
    each.build_first()
    each.take_turns(Scenario.UNCHANGED, 1)
    assert seen == [(False, "0"), (True, "0"), (True, "0")]


def test_every_turn_changes_the_function_anew(tmp_path: Path, seen: list[tuple[bool, str]]) -> None:
    each = make(tmp_path, 3)
    each.take_turns(Scenario.CHANGED, 1)
    each.take_turns(Scenario.CHANGED, 2)
    assert [revision for _, revision in seen] == ["3", "4", "5", "6", "7", "8"]


def test_the_middle_turn_counts(tmp_path: Path, seen: list[tuple[bool, str]]) -> None:
    assert make(tmp_path, 3).take_turns(Scenario.UNCHANGED, 1) == Usage(8, 2, 1)
