"""The readers of the part `query`, at some hundred dragons."""

from pathlib import Path

import pytest

from bench import query_files
from bench.query_data import IN_CITY, write
from bench.query_files import QUESTIONS, WHOLE, Turn, speeds, take_turns
from bench.query_reader import answer
from bench.query_readers import ENGINE, JSON, MOTO, READERS
from tasks.processes.steps import StepError

COUNT = 400


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("query") / "dataset"
    write(folder, COUNT)
    return folder


@pytest.mark.parametrize("question", QUESTIONS)
def test_all_readers_give_the_same_answer(dataset: Path, question: str) -> None:
    asked = QUESTIONS[question]
    found = [answer(reader, dataset, asked["filters"], asked["limit"]) for reader in READERS]
    names = found[0]["names"]
    assert all(each["names"] == names for each in found)
    assert len(names) == (IN_CITY if question == WHOLE else asked["limit"])
    assert all(0 < each["first"] <= each["seconds"] for each in found)


def test_the_whole_dataset_is_read_where_it_has_to_be(dataset: Path) -> None:
    size = sum(path.stat().st_size for path in dataset.rglob("*.jsonl"))
    for reader in (ENGINE, JSON, MOTO):
        found = answer(reader, dataset, **QUESTIONS[WHOLE])
        assert found["objects"] == len(list(dataset.rglob("*.jsonl")))
        assert found["bytes"] == size


def test_each_turn_has_a_process_of_its_own(dataset: Path) -> None:
    turns = take_turns(dataset, COUNT, 2, [ENGINE, JSON])
    for question in QUESTIONS:
        assert {reader: len(found) for reader, found in turns[question].items()} == {ENGINE: 2, JSON: 2}
        assert all(turn.peak > 1 << 20 for found in turns[question].values() for turn in found)


def test_a_reader_that_answers_otherwise_is_told(dataset: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    turn = Turn(1.0, 1.0, 1, None, None)
    names = {ENGINE: ["A"], JSON: ["B"]}
    monkeypatch.setattr(query_files, "_take_turn", lambda _folder, reader, _question: (turn, names[reader]))
    with pytest.raises(StepError, match=f"{JSON} does not answer as the others"):
        take_turns(dataset, COUNT, 1, [ENGINE, JSON])


def test_moto_reads_a_small_dataset_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(query_files, "_take_turn", lambda *_: (Turn(1.0, 1.0, 1, None, None), []))
    small = take_turns(tmp_path, query_files.MOTO_AT_MOST, 3, [ENGINE, MOTO])[WHOLE]
    assert {reader: len(turns) for reader, turns in small.items()} == {ENGINE: 3, MOTO: 1}
    assert list(take_turns(tmp_path, query_files.MOTO_AT_MOST + 1, 1, [ENGINE, MOTO])[WHOLE]) == [ENGINE]


def test_speeds_are_compared_in_the_rounds_of_both() -> None:
    ours = [Turn(seconds, 0, 1, None, None) for seconds in (1.0, 2.0, 9.0)]
    base = [Turn(seconds, 0, 1, None, None) for seconds in (4.0, 4.0)]
    assert speeds(ours, base) == (3.0, 2.0, 4.0)
