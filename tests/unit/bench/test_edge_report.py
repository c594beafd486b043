"""The tables of the edge, from made-up measurements."""

import json

from bench import edge_report
from bench.edge_report import BARE, EDGE, ORIGIN, OURS, Measured
from packager.edge import ZIP_LIMITS

FIRST_BYTES: Measured = {"a page, kept": {EDGE: [0.002, 0.004, 0.003], ORIGIN: [0.004, 0.004, 0.012]}}
DURATIONS: Measured = {"edge_viewer_request": {OURS: [1.5, 2.5], BARE: [1.0, 1.0]}}
FUNCTIONS = {
    "list_dragons": {"zip_size": 5_000_000},
    "edge_viewer_request": {"zip_size": ZIP_LIMITS["viewer"] // 4, "edge": "viewer"},
    "edge_origin_request": {"zip_size": ZIP_LIMITS["origin"], "edge": "origin"},
}


def cells(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in text.splitlines()[2:]]


def test_first_bytes_are_compared_round_by_round() -> None:
    [row] = cells(edge_report.table_of_first_bytes(FIRST_BYTES))
    assert row == ["a page, kept", "3.0 (2.0 to 4.0)", "4.0 (4.0 to 12.0)", "0.50 (0.25 to 1.00)"]


def test_durations_are_compared_with_one_that_does_nothing() -> None:
    [row] = cells(edge_report.table_of_durations(DURATIONS))
    assert row == [
        "`edge_viewer_request`",
        "2.00 (1.50 to 2.50)",
        "1.00 (1.00 to 1.00)",
        "2.00 (1.50 to 2.50)",
    ]


def test_zips_at_the_edge_are_held_to_the_limits_of_their_events() -> None:
    assert cells(edge_report.table_of_sizes(FUNCTIONS)) == [
        ["`edge_viewer_request`", "262,144", "1,048,576", "25.00%"],
        ["`edge_origin_request`", "52,428,800", "52,428,800", "100.00%"],
    ]


def test_the_figures_are_json() -> None:
    found = json.loads(json.dumps(edge_report.figures(FIRST_BYTES, EDGE, ORIGIN)))["a page, kept"]
    assert found[EDGE] == {"median": 0.003, "least": 0.002, "most": 0.004}
    assert found[f"times {ORIGIN}"]["median"] == 0.5
