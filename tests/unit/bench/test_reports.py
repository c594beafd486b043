"""The tables and the figures, from made-up measurements."""

import json

from bench import build_report, coldstart_report
from bench.aims import Aim
from bench.build_report import Times
from bench.cold_starts import BARE
from bench.contestant import Scenario
from bench.contestants import FIRST, OURS, SAM, START
from bench.measure import Usage
from bench.products import Products
from bench.spread import Spread
from bench.table import table

_MB = 1024 * 1024
USAGES = {name: [Usage(wall, wall, 20 * _MB)] * 2 for name, wall in ((START, 0.1), (OURS, 0.2), (SAM, 4.0))}
TIMES: Times = {scenario: dict(USAGES) for scenario in Scenario}
PRODUCTS = [(OURS, Products({"dist/a.zip": "1"}, 3 * _MB), True), (SAM, Products({"a.py": "2"}, _MB), False)]


def test_columns_are_as_wide_as_their_widest_cell() -> None:
    assert table(["", "b"], [["long", "c"], ["d", "e"]]).splitlines() == [
        "|      | b |",
        "| ---- | - |",
        "| long | c |",
        "| d    | e |",
    ]


def test_an_aim_is_met_up_to_its_bound() -> None:
    assert Aim("x", Spread(1.5, 1, 2), 1.5).met
    assert not Aim("x", Spread(1.6, 1, 2), 1.5).met
    assert Aim("x", Spread(100, 90, 120), 100, least=True).met
    shown = Aim("x", Spread(99, 90, 120), 100, least=True).shown()
    assert shown == "MISSED x: 99.00 (90.00 to 120.00), aim at least 100"


def test_the_build_is_compared_with_its_peers_and_with_a_start_of_python() -> None:
    assert [aim.found.median for aim in build_report.aims(TIMES)] == [2, 2, 20]
    figures = json.loads(json.dumps(build_report.figures(TIMES, PRODUCTS)))
    assert figures["rounds"] == 2
    sam = figures["times"]["cold"][SAM]
    assert sam["wall_seconds"] == {"median": 4, "least": 4, "most": 4}
    assert sam[f"times {OURS}"]["median"] == 20
    assert sam[f"times {START}"]["median"] == 40
    assert figures["products"][SAM] == {"kind": "files, not zipped", "bytes": _MB, "reproducible": False}


def test_everybody_has_a_row() -> None:
    times = {**TIMES, Scenario.COLD: {**USAGES, FIRST: [Usage(2, 2, _MB)] * 2}}
    header, _, *rows = build_report.table_of(times, PRODUCTS).splitlines()
    cells = {
        row.split(" | ")[0].strip("| `"): [cell.strip(" |") for cell in row.split(" | ")] for row in rows
    }
    assert list(cells) == [START, OURS, SAM, FIRST]
    assert all(scenario in header for scenario in Scenario)
    assert cells[SAM][1] == "4.00 s, CPU 4.00: 20 (20 to 20) times"
    assert cells[OURS][1:] == ["0.20 s, CPU 0.20"] * 3 + ["20", "3.0 MB of zips", "yes"]
    assert cells[FIRST][1:4] == ["2.00 s, CPU 2.00: 10 (10 to 10) times", "", ""]


def test_cold_starts_are_compared_with_their_twins_and_with_bare_boto3() -> None:
    times = {(BARE, OURS): [0.25], (BARE, SAM): [0.5], ("f", OURS): [0.375], ("f", SAM): [0.75]}
    assert [aim.found.median for aim in coldstart_report.aims(times)] == [0.5, 1.5]
    assert [aim.met for aim in coldstart_report.aims(times)] == [True, False]
    assert "| `f` " in coldstart_report.table_of(times)
    assert coldstart_report.figures(times)["f"][f"times {SAM}"]["median"] == 0.5
