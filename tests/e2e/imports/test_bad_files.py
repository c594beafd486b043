"""Files that are no good import: each has a result in which a person reads what to do."""

from collections.abc import Callable
from typing import Any

import pytest

from dragons.imports import ImportFile
from support.imports import FIELDS, Imports, as_csv, as_json_lines
from support.system import Report

HEADER = ",".join(FIELDS).encode() + b"\r\n"
Result = list[dict[str, Any]]
Content = Callable[[Report], bytes]


def row(report: Report) -> bytes:
    return as_csv([report]).removeprefix(HEADER)


FILES: dict[str, Content] = {
    "empty.csv": lambda _: b"",
    "header alone.csv": lambda _: HEADER,
    "fifty megabytes.csv": lambda good: HEADER + (b"x" * 1_048_575 + b"\n") * 49 + row(good),
    "one megabyte in a line.csv": lambda good: HEADER + b"x" * 1_048_576 + b"\r\n" + row(good),
    "one megabyte in a value.jsonl": lambda good: as_json_lines(
        [good | {"description": "x" * 1_048_576}, good]
    ),
    "latin-1.csv": lambda good: HEADER + row(good | {"city": "Malmö"}).decode().encode("latin-1") + row(good),
    "utf-16.csv": lambda good: as_csv([good]).decode().encode("utf-16"),
    "wrong header.csv": lambda good: as_csv([good, good]).replace(b"dragonName", b"name"),
    "with a mark.csv": lambda good: b"\xef\xbb\xbf" + as_csv([good]),
    "with carriage returns.csv": lambda good: as_csv([good], end="\r\n"),
    "without them.csv": lambda good: as_csv([good], end="\n"),
    "with a mark and returns.jsonl": lambda good: (
        b"\xef\xbb\xbf" + as_json_lines([good]).replace(b"\n", b"\r\n")
    ),
    "with quotes over lines.csv": lambda good: as_csv([good | {"description": 'one\r\n"two"\n\nfour,'}]),
    "with a quote left open.csv": lambda good: HEADER + b'x,"open,red\r\n' + row(good),
    "without the last line's end.csv": lambda good: as_csv([good]).removesuffix(b"\r\n"),
}


@pytest.fixture(scope="module")
def results(imports: Imports) -> dict[str, tuple[Report, Result]]:
    """Every file's good report and its result: all are imported at once."""
    reports = {name: imports.report() for name in FILES}
    files: dict[str, ImportFile] = {name: imports.put(name, FILES[name](reports[name])) for name in FILES}
    return {name: (reports[name], imports.result(file)) for name, file in files.items()}


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("empty.csv", "The file has no lines."),
        ("header alone.csv", "The file has no lines below its header."),
        ("utf-16.csv", "The file is no text in UTF-8: save it as CSV in UTF-8, or as JSON Lines."),
    ],
)
def test_a_file_without_lines_says_why(name: str, reason: str, results: dict[str, Any]) -> None:
    _, found = results[name]
    assert found == [{"line": 0, "dragonName": None, "outcome": "refused", "reason": reason}]


@pytest.mark.parametrize(
    ("name", "lines", "reason"),
    [
        ("fifty megabytes.csv", 49, "is longer than 131072 characters"),
        ("one megabyte in a line.csv", 1, "is longer than 131072 characters"),
        ("one megabyte in a value.jsonl", 1, "is longer than 131072 characters"),
        ("latin-1.csv", 1, "is not UTF-8"),
        ("with a quote left open.csv", 1, "is not CSV: "),
    ],
)
def test_bad_lines_are_refused_and_the_good_one_is_not(
    name: str, lines: int, reason: str, results: dict[str, Any]
) -> None:
    good, found = results[name]
    for number, line in enumerate(found[:-1], start=1):
        assert line.pop("reason").startswith(reason)
        assert line == {"line": number, "dragonName": None, "outcome": "refused"}
    accepted = {"line": lines + 1, "dragonName": good["dragonName"], "outcome": "accepted", "reason": None}
    assert found[-1] == accepted


def test_below_a_wrong_header_every_line_says_what_is_wrong_with_it(results: dict[str, Any]) -> None:
    _, found = results["wrong header.csv"]
    assert [(line["line"], line["outcome"]) for line in found] == [(1, "refused"), (2, "refused")]
    assert {line["reason"] for line in found} == {
        "the header must name each field of a report once, with commas between; "
        "it has no dragonName; it has 'name'"
    }


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith("with") and "open" not in name])
def test_what_programs_write_is_read(name: str, results: dict[str, Any], imports: Imports) -> None:
    good, found = results[name]
    assert found == [{"line": 1, "dragonName": good["dragonName"], "outcome": "accepted", "reason": None}]
    assert good["dragonName"] in imports.on_record({good["dragonName"]})
