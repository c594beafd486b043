"""A file is read into each of its lines exactly once, whatever is wrong with some of them."""

import csv
import io
import json
import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragons.fields import RECORD_NAMES
from dragons.imports import Line
from dragons.schemas import schema
from read_import.read import read
from read_import.text import LONGEST, Content, FileRefusedError
from support.reports import REPORT
from support.strategies import reports

FIELDS = list(schema("report")["properties"])
Report = dict[str, Any]


def recorded(report: Report) -> Report:
    """A report as the workflow gets it."""
    return {RECORD_NAMES.get(name, name): value for name, value in report.items()}


def lines(key: str, content: bytes, max_lines: int = 10**6) -> list[tuple[Line, Report | None]]:
    return list(read(key, Content(io.BytesIO(content)), max_lines))


def refusals(key: str, content: bytes) -> dict[int, str | None]:
    """The reason of each line, by its number, which are from 1 on."""
    found = lines(key, content)
    assert [line.number for line, _ in found] == list(range(1, len(found) + 1))
    assert all((line.refused is None) is (report is not None) for line, report in found)
    return {line.number: line.refused for line, _ in found}


def as_csv(rows: list[Report], order: list[str], end: str = "\r\n", quoting: Any = csv.QUOTE_MINIMAL) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=end, quoting=quoting)
    writer.writerows([order, *([row[field] for field in order] for row in rows)])
    return text.getvalue()


@given(
    st.lists(reports, max_size=6),
    st.permutations(FIELDS),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from(["", "\ufeff"]),
    st.booleans(),
)
def test_csv_is_read_as_it_was_written(
    rows: list[Report], order: list[str], end: str, quoting: Any, mark: str, ended: bool
) -> None:
    text = as_csv(rows, order, end, quoting)
    content = (mark + (text if ended else text.removesuffix(end))).encode()
    if not rows:
        with pytest.raises(FileRefusedError, match="no lines below its header"):
            lines("a.csv", content)
        return
    expected = [(Line(number, row["dragonName"]), recorded(row)) for number, row in enumerate(rows, start=1)]
    assert lines("a.csv", content) == expected
    assert lines("of no kind", content) == expected


@given(st.lists(reports, min_size=1, max_size=6), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_json_lines_are_read_as_they_were_written(rows: list[Report], end: str, ascii_only: bool) -> None:
    content = end.join(json.dumps(row, ensure_ascii=ascii_only) for row in rows).encode()
    expected = [(Line(number, row["dragonName"]), recorded(row)) for number, row in enumerate(rows, start=1)]
    for key in ("a.jsonl", "a.NDJSON", "of no kind"):
        assert lines(key, content) == expected


ANY_LINE = st.binary(min_size=1, max_size=40).map(lambda found: b"x" + found.replace(b"\n", b""))


@given(st.lists(st.one_of(reports.map(lambda each: json.dumps(each).encode()), ANY_LINE), min_size=1))
def test_a_bad_line_of_json_stops_no_other(rows: list[bytes]) -> None:
    found = lines("a.jsonl", b"{}\n" + b"\n".join(rows))[1:]
    assert [line.number for line, _ in found] == list(range(2, len(rows) + 2))
    for content, (line, report) in zip(rows, found, strict=True):
        expected = None if content.startswith(b"x") else recorded(json.loads(content))
        assert report == expected
        assert (line.refused is None) is (report is not None)


PLAIN = st.text("abc é,\n", min_size=1, max_size=10).map(lambda text: f"a{text}")


@given(st.lists(st.one_of(PLAIN, st.just(None)), min_size=1, max_size=20))
def test_a_bad_line_of_csv_stops_no_other(names: list[str | None]) -> None:
    """A bad one opens a quote that nothing closes; the quotes of others are about whole values."""
    good = {
        name: as_csv([REPORT | {"dragonName": name}], FIELDS).split("\r\n", 1)[1] for name in names if name
    }
    content = ",".join(FIELDS) + "\r\n" + "".join(good[name] if name else 'c,"open\r\n' for name in names)
    found = lines("a.csv", content.encode())
    assert [line.number for line, _ in found] == list(range(1, len(names) + 1))
    assert [report and report["dragon_name_str"] for _, report in found] == names


ONE = as_csv([REPORT], FIELDS).encode()
HEADER, ROW = ONE.split(b"\r\n")[:2]


@pytest.mark.parametrize(
    ("key", "content", "reason"),
    [
        ("a.csv", b"", "The file has no lines"),
        ("a.jsonl", b"", "The file has no lines"),
        ("a", b"\xef\xbb\xbf", "The file has no lines"),
        ("a", b"\r\n\r\n \n", "The file has no lines"),
        ("a.csv", HEADER + b"\r\n\r\n", "The file has no lines below its header"),
        ("a.csv", b"name,family\r\n", "it has no dragonName, description"),
        ("a.csv", ONE.decode().encode("utf-16"), "no text in UTF-8"),
        ("a.jsonl", b'{"dragonName":"\0"}', "no text in UTF-8"),
        ("a.xlsx", b"PK\x03\x04\x14\x00\x06\x00", "no text in UTF-8"),
    ],
)
def test_a_file_that_cannot_be_imported_says_why(key: str, content: bytes, reason: str) -> None:
    with pytest.raises(FileRefusedError, match=reason):
        lines(key, content)


def test_a_file_of_more_lines_than_allowed_is_refused_as_a_whole() -> None:
    assert len(lines("a.jsonl", b"{}\n" * 3, max_lines=3)) == 3
    with pytest.raises(FileRefusedError, match="more than 3 lines: put it in parts"):
        lines("a.jsonl", b"{}\n" * 4, max_lines=3)


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        (HEADER.replace(b"family", b"colour"), "it has no family; it has 'colour'"),
        (HEADER.replace(b",", b";"), "commas between; it has no dragonName"),
        (HEADER.replace(b"family", b"city"), "it has no family; it has twice city"),
        (HEADER + b",extra", "it has 'extra'"),
        (HEADER.replace(b"family", b"\xff"), "the header is not UTF-8"),
        (b'"' + HEADER, "the header is not CSV"),
    ],
)
def test_below_a_wrong_header_every_line_is_refused_with_it(header: bytes, reason: str) -> None:
    found = refusals("a.csv", b"\r\n".join([header, ROW, b"", ROW, b""]))
    assert reason in str(found.pop(1))
    assert reason in str(found.pop(3))
    assert found == {2: "is blank"}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (b"Atlas,red", "has 2 values; the header has 9"),
        (ROW + b",more", "has 10 values; the header has 9"),
        (ROW.replace(b",", b",\xe9", 1), "is not UTF-8"),
        (b'"Atlas"x' + ROW, "is not CSV: ',' expected"),
        (b"a\rb" + ROW, "is not CSV: new-line"),
        (b"x" * (LONGEST + 1), f"is longer than {LONGEST} characters"),
        (b"x" * 1_048_576, f"is longer than {LONGEST} characters"),
        (b'"open' + b"\r\nx" * 5, "is not CSV"),
        (b"  ", "is blank"),
        (b",,,,,,,,", "is blank"),
    ],
)
def test_a_bad_row_is_refused_and_the_others_are_not(row: bytes, reason: str) -> None:
    found = refusals("a.csv", b"\r\n".join([HEADER, ROW, row, ROW]))
    assert found[1] is None
    assert reason in str(found[2])
    assert found[len(found)] is None


@pytest.mark.parametrize("length", [LONGEST - 1, LONGEST, LONGEST + 1, 3 * LONGEST])
def test_a_quote_that_is_never_closed_ends_where_it_is(length: int) -> None:
    tail = b"\r\n".join([b"y" * 100] * (length // 102))
    found = refusals("a.csv", b"\r\n".join([HEADER, ROW, b'"open', tail, ROW]))
    assert "quote that is not closed" in str(found[2]) or "unexpected end" in str(found[2])
    assert found[3] == "has 1 values; the header has 9"
    assert found[len(found)] is None


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "is not JSON"),
        (b"[" * 10_000, "is not JSON"),
        (b'{"a":' * 10_000, "is not JSON"),
        (b"1" * 10_000, "is not JSON"),
        (b'["Atlas"]', "is not a JSON object"),
        (b"null", "is not a JSON object"),
        (b'{"dragonName": "\xe9"}', "is not UTF-8"),
        (b'{"dragonName": "\\ud83d"}', "dragonName holds half a character"),
        (b'{"\\ud83d": "x"}', "? is not a field of a report"),
        (b'{"dragonName": NaN}', "dragonName must be string"),
        (b'{"dragonName": 1e999}', "dragonName must be string"),
        (b'{"dragonName": {"a": []}}', "dragonName must be string"),
        (b'{"confirmationRequired": null}', "confirmationRequired must be boolean"),
        (b'{"dragon_name_str": "Atlas"}', "dragon_name_str is not a field of a report"),
        (b'{"reporterSub": "x", "textAllowed": true}', "reporterSub is not a field of a report; textAllowed"),
        (b'{"a": "' + b"x" * 1_048_576 + b'"}', f"is longer than {LONGEST} characters"),
        (b'{"family": "' + b"\xf0\x9f\x90\x89" * 20_000 + b'"}', f"is longer than {LONGEST} characters"),
    ],
)
def test_a_bad_line_is_refused_and_the_others_are_not(line: bytes, reason: str) -> None:
    good = json.dumps(REPORT).encode()
    found = refusals("a.jsonl", b"\n".join([good, line, b"", good, b"", b" "]))
    assert reason in str(found.pop(2))
    assert found == {1: None, 3: "is blank", 4: None}


def test_what_the_workflow_can_judge_is_left_to_it() -> None:
    cells = dict.fromkeys(FIELDS, "x") | {"confirmationRequired": "maybe", "reportingPhoneNumber": ""}
    [(line, report)] = lines("a.csv", as_csv([cells], FIELDS).encode())
    assert (line, report) == (Line(1, "x"), recorded(cells))
    [(line, report)] = lines("a.jsonl", b'{"family": true}')
    assert (line, report) == (Line(1, None), {"family_str": True})


def test_memory_is_bounded_by_a_line_and_not_by_the_file() -> None:
    class Endless(io.RawIOBase):
        """Six lines of 8 MB each, in pieces as they are asked for."""

        left = 6 * 8_000_000

        def read(self, size: int = -1) -> bytes:
            size = min(size, self.left)
            self.left -= size
            return (
                b"\n".join([b"x" * (size - 1), b""]) if self.left % 8_000_000 == 0 and size else b"x" * size
            )

    tracemalloc.start()
    found = list(read("a.jsonl", Content(Endless()), 100))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert {line.refused for line, _ in found} == {f"is longer than {LONGEST} characters"}
    assert peak < 16_000_000
