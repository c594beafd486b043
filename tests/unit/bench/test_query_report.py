"""The tables, the aims and the plot of the part `query`, from made-up measurements."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from bench import query_report, report
from bench.plot import plot
from bench.query_aims import aims
from bench.query_files import QUESTIONS, WHOLE, Files, Turn
from bench.query_http import A_CITY, A_FAMILY, IN_A_FAMILY, NAME, NO_FILTER, Answer
from bench.query_readers import DUCKDB, ENGINE, JSON
from bench.spread import Spread

_MIB = 1 << 20
FILES: Files = {
    count: {
        question: {
            ENGINE: [Turn(0.5, 0.001, 20 * _MIB, 3, 2_500_000)],
            JSON: [Turn(2.5, 0.002, 19 * _MIB, 3, 2_500_000)],
            DUCKDB: [Turn(1.0, 0.003, 90 * _MIB, None, None)],
        }
        for question in QUESTIONS
    }
    for count in (1000, 100_000)
}
GOOD = Answer(200, [0.02, 0.03], {"plan": "name", "objects": "1", "bytes": "1500000"})
REFUSED = Answer(400, [0.01], {})
ANSWERS = {NAME: GOOD, A_FAMILY: GOOD, IN_A_FAMILY: GOOD, A_CITY: GOOD, NO_FILTER: GOOD}
BY_COUNT = {1000: ANSWERS, 100_000: ANSWERS | {A_CITY: REFUSED}}
BY_DELAY = {0.0: ANSWERS, 100.0: ANSWERS}
SVG = "{http://www.w3.org/2000/svg}"


def cells(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines()[2:]]


def test_readers_are_compared_with_stdlib_json() -> None:
    rows = cells(query_report.table_of_files(FILES))
    assert rows[0] == [*("1,000", WHOLE, ENGINE, "2,000", "5.00 (5.00 to 5.00)", "1.0", "20", "3", "2.50")]
    assert rows[1][3:5] == ["400", ""]
    assert rows[2][6:] == ["90", "", ""]
    assert query_report._times(Spread(0.0123, 0.01, 0.02)) == "0.0123 (0.0100 to 0.0200)"
    assert rows[3][3] == "", "a page is no measure of dragons a second"


def test_what_was_refused_shows_its_status() -> None:
    rows = {(row[0], row[1]): row[2:] for row in cells(query_report.table_of_http(BY_COUNT))}
    assert rows[NAME, "1,000"] == ["name", "25 (20 to 30)", "1", "1.50"]
    assert rows[A_CITY, "100,000"] == ["", "HTTP 400", "", ""]
    short = {row[0]: row[1:] for row in cells(query_report.short_table(BY_COUNT))}
    assert short[A_CITY] == ["25 ms, 1 read", "HTTP 400"]


def test_delays_have_a_row_each() -> None:
    assert [row[:2] for row in cells(query_report.table_of_delays(BY_DELAY))][:2] == [
        [NAME, "0"],
        [NAME, "100"],
    ]


def test_the_aims_are_those_of_the_largest_dataset_and_the_longest_delay() -> None:
    late = ANSWERS | {NAME: Answer(200, [0.3], {}), A_CITY: Answer(200, [2.0], {})}
    found = aims(FILES, BY_COUNT, {0.0: ANSWERS, 100.0: late})
    assert [(aim.found.median, aim.met) for aim in found] == [
        (5.0, True),
        (20.0, True),
        (1.0, True),
        (pytest.approx(3.0), False),
        (2.0, True),
    ]


def test_what_was_not_answered_meets_no_aim() -> None:
    late = {each: Answer(504, [0.01], {}) for each in ANSWERS}
    assert [aim.met for aim in aims(FILES, BY_COUNT, {100.0: late})][3:] == [False, False]


def test_all_is_written_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(report, "LOCAL", tmp_path)
    where: dict[str, Any] = {"cores": 2, "memory_gib": 23.5, "load": 0.1}
    query_report.publish(where, FILES, BY_COUNT, BY_DELAY, tmp_path / "cost.svg")
    figures = json.loads((tmp_path / "bench/query.json").read_text())
    assert figures["http"]["100,000"][A_CITY] == {"status": 400, "seconds": [0.01], "told": {}}
    assert figures["files"][f"1,000: {WHOLE}: {ENGINE}"][0]["seconds"] == 0.5
    assert "met " in capsys.readouterr().out
    assert (tmp_path / "cost.svg").read_text() == query_report.picture_of(BY_COUNT)


def test_a_question_without_an_answer_has_no_point() -> None:
    drawn = ElementTree.fromstring(query_report.picture_of(BY_COUNT))
    dots = [len(group.findall(f"{SVG}circle")) for group in drawn.iter(f"{SVG}g")]
    assert sorted(filter(None, dots)) == [1, 2, 2, 2, 2]


def test_axes_are_logarithmic_and_labels_do_not_meet() -> None:
    lines = {"a<b": [(10, 1), (100, 10), (1000, 100)], "other": [(10, 1), (1000, 99)]}
    drawn = ElementTree.fromstring(plot("costs & sizes", "dragons", "ms", lines))
    texts = {each.text: each.attrib for each in drawn.iter(f"{SVG}text")}
    assert {"costs & sizes", "dragons", "ms", "a<b", "other", "10", "100", "1,000"} <= texts.keys()
    first, second, third = (float(each.attrib["cx"]) for each in list(drawn.iter(f"{SVG}circle"))[:3])
    assert second - first == pytest.approx(third - second)
    assert abs(float(texts["a<b"]["y"]) - float(texts["other"]["y"])) >= 16


def test_a_plot_is_of_what_is_above_nothing() -> None:
    with pytest.raises(ValueError, match="math domain error"):
        plot("t", "x", "y", {"a": [(0, 1)]})
