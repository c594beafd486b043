"""Objects that S3 Select reads, what it writes, and the events of an answer.

Sources: https://docs.aws.amazon.com/AmazonS3/latest/userguide/selecting-content-from-objects.html,
https://docs.aws.amazon.com/AmazonS3/latest/API/API_InputSerialization.html, .../API_OutputSerialization.html
and .../RESTSelectObjectAppendix.html. What moto's tests found when they ran on AWS, is said so:
https://github.com/getmoto/moto/blob/master/tests/test_s3/test_s3_select.py
"""

import bz2
import gzip
import io
import json
import re
import tracemalloc
import zlib
from collections import Counter
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localcloud.s3_select import answer
from localcloud.s3_select.operation import Selection
from tests.selection import DOCUMENT, LINES, csv, events, records, select

ALL = "SELECT * FROM S3Object"
TABLE = 'name,Città\nann,"Rome, Italy"\r\nbob,"the ""Big"" Apple"\n#nobody,\n\ncid\n'
USE = {"FileHeaderInfo": "USE"}
RANGED = "".join(f"[{number}]\n" for number in range(6))
SIMPLE = json.dumps({"a1": "b1", "a2": "b2", "a3": None})
STAFF = json.dumps([{"staff": [{"name": "Janelyn M"}, {"name": "Stacy P"}], "country": "USA"}])
COMPACT = json.dumps(json.loads(STAFF), separators=(",", ":"))
LONG = "".join(json.dumps({"a": {f"b{i}": "s"}, "c": f"d{i}"}) for i in range(5))


@pytest.mark.parametrize(
    ("expression", "data", "expected", "details"),
    [
        (ALL, SIMPLE, '{"a1":"b1","a2":"b2","a3":null},', None),
        ("SELECT count(*) FROM S3Object", SIMPLE, '{"_1":1},', (36, 36, 9)),
        ("SELECT count(*) as cnt FROM S3Object", SIMPLE, '{"cnt":1},', None),
        ("SELECT count(*) as cnt FROM S3Object", STAFF, '{"cnt":1},', None),
        ("select * from s3object[*].staff[*] s", STAFF, "{},", None),
        ("select * from s3object s", STAFF, f'{{"_1":{COMPACT}}},', None),
        (
            *("select * from s3object[*].a", LONG),
            *("".join(f'{{"b{i}":"s"}},' for i in range(5)), (145, 145, 55)),
        ),
        ("select * from s3object[*] s where s.c = 'd2'", LONG, '{"a":{"b2":"s"},"c":"d2"},', (145, 145, 26)),
        ("select * from s3object[*][*] s", STAFF, COMPACT[1:-1] + ",", None),
    ],
)  # fmt: skip
def test_documents(expression: str, data: str, expected: str, details: Any) -> None:
    """As AWS answered moto's tests; the last shows how to get at the elements."""
    wanted = {"JSON": {"RecordDelimiter": ","}}
    found = events(expression, data, DOCUMENT, wanted)
    assert found[0] == ("Records", expected.encode())
    if details:
        assert numbers(found[-2]) == details


def numbers(event: tuple[str, bytes]) -> tuple[int, ...]:
    """Of Stats or Progress: the bytes scanned, processed and returned."""
    kind, payload = event
    members = "".join(rf"<Bytes{name}>(\d+)</Bytes{name}>" for name in ("Scanned", "Processed", "Returned"))
    found = re.fullmatch(
        rf'<\?xml version="1.0" encoding="UTF-8"\?><{kind}>{members}</{kind}>', payload.decode()
    )
    assert found
    return tuple(int(number) for number in found.groups())


@pytest.mark.parametrize("data", ["", "\n", " \r\n\n"])
@pytest.mark.parametrize("given", [LINES, DOCUMENT, csv(), csv(FileHeaderInfo="USE")])
def test_an_object_without_records_gives_none(data: str, given: Any) -> None:
    if data == " \r\n\n" and "CSV" in given:
        data = "\r\n\n"
    found = events(ALL, data, given)
    assert [kind for kind, _ in found] == ["Stats", "End"]
    assert numbers(found[0]) == (len(data), len(data), 0)


def test_empty_lines_stand_between_json_lines() -> None:
    assert records(ALL, '\n{"a":1}\r\n\n  \n{"a":2}') == [{"a": 1}, {"a": 2}]


@pytest.mark.parametrize(
    ("options", "expression", "expected"),
    [
        ({}, ALL, 'name,Città\nann,"Rome, Italy"\nbob,"the ""Big"" Apple"\ncid\n'),
        ({}, "SELECT s._2 FROM S3Object s", 'Città\n"Rome, Italy"\n"the ""Big"" Apple"\n""\n'),
        (USE, ALL, 'ann,"Rome, Italy"\nbob,"the ""Big"" Apple"\ncid,\n'),
        (USE, "SELECT NAME FROM S3Object s WHERE s.\"Città\" LIKE '%Apple'", "bob\n"),
        ({}, "SELECT _3, s._1 FROM S3Object s LIMIT 1", ",name\n"),
        ({"FileHeaderInfo": "IGNORE"}, "SELECT COUNT(*), COUNT(_2) FROM S3Object", "3,2\n"),
        ({"Comments": "#", "RecordDelimiter": "\n"}, "SELECT _1 FROM S3Object", "name\nann\nbob\ncid\n"),
        ({"FileHeaderInfo": "Use"}, "SELECT S3Object.name FROM S3Object LIMIT 1", "ann\n"),
    ],
)
def test_csv(options: dict[str, str], expression: str, expected: str) -> None:
    assert select(expression, TABLE, csv(**options), csv()) == expected


def test_csv_becomes_json() -> None:
    assert select(ALL, TABLE, csv(**USE)) == (
        '{"name":"ann","Città":"Rome, Italy"}\n'
        '{"name":"bob","Città":"the \\"Big\\" Apple"}\n{"name":"cid","Città":null}\n'
    )
    assert select(ALL, "a,b\n", csv()) == '{"_1":"a","_2":"b"}\n'
    assert select("SELECT s FROM S3Object s", "a\n", csv()) == '{"s":{"_1":"a"}}\n'


def test_csv_has_a_delimiter_of_its_own() -> None:
    assert records(ALL, 'a;"b;c";d,e\n', csv(FieldDelimiter=";")) == [{"_1": "a", "_2": "b;c", "_3": "d,e"}]


def test_csv_is_quoted_where_it_must() -> None:
    row = '{"a":"x","b":"x;y","c":"say \\"hi\\"","d":null,"e":1.50,"f":true,"g":"l\\nm"}'
    wanted = csv(FieldDelimiter=";", RecordDelimiter="|\n")
    assert select(ALL, row, LINES, wanted) == 'x;"x;y";"say ""hi""";;1.50;true;"l\nm"|\n'


CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n#"))


@given(st.lists(st.lists(CELL, min_size=2, max_size=4), max_size=4))
def test_csv_that_was_written_is_read_the_same(rows: list[list[str]]) -> None:
    """Property: what S3 Select writes as CSV, it reads as CSV."""
    data = "".join(json.dumps({str(place): cell for place, cell in enumerate(row)}) + "\n" for row in rows)
    written = select(ALL, data, LINES, csv())
    assert [list(row.values()) for row in records(ALL, written, csv())] == rows


@pytest.mark.parametrize(("name", "compress"), [("GZIP", gzip.compress), ("BZIP2", bz2.compress)])
def test_compressed_objects(name: str, compress: Any) -> None:
    data = compress(b'{"a":1}\n') + compress(b'{"a":2}\n')  # such a file may have several parts
    found = events(ALL, data, {**LINES, "CompressionType": name})
    assert found[0] == ("Records", b'{"a":1}\n{"a":2}\n')
    assert numbers(found[1]) == (len(data), 16, 16)


@pytest.mark.parametrize(
    ("scanned", "expected"),
    [
        ({"Start": 1, "End": 4}, "[1]\n"),  # the example of the user guide, whose records have 4 bytes too
        ({"Start": 0, "End": 4}, "[0]\n[1]\n"),
        ({"Start": 4, "End": 4}, "[1]\n"),
        ({"Start": 5, "End": 7}, ""),
        ({"Start": 17}, "[5]\n"),
        ({"Start": 0, "End": 1000}, RANGED),
        ({"Start": 24}, ""),
    ],
)
def test_scan_ranges(scanned: dict[str, int], expected: str) -> None:
    found = select("SELECT s FROM S3Object s", RANGED, ScanRange=scanned)
    assert found == "".join(f'{{"s":{line}}}\n' for line in expected.splitlines())


@given(
    st.lists(st.sampled_from(["", '{"é":1}', '{"a":"xyz"}', "[]"]), max_size=8),
    st.sets(st.integers(1, 60), max_size=4),
)
def test_ranges_side_by_side_give_each_record_once(lines: list[str], cuts: set[int]) -> None:
    """Property: the ranges' records are the object's, and so are the bytes that were scanned."""
    data = "\n".join(lines).encode()
    edges = [0, *sorted(cut for cut in cuts if cut < len(data)), len(data) + 1]
    ranges = [{"Start": start, "End": end - 1} for start, end in pairwise(edges)]
    found = [events(ALL, data, ScanRange=each) for each in ranges]
    assert b"".join(event[0][1] for event in found if event[0][0] == "Records").decode() == select(ALL, data)


def test_records_are_cut_anywhere_and_lose_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer, "LONGEST_PAYLOAD", 5)
    data = '{"a":"😀😀"}\n{"a":"é"}\n'
    found = events(ALL, data, RequestProgress={"Enabled": True})
    assert [len(payload) for kind, payload in found if kind == "Records"] == [5, 5, 5, 5, 5, 3]
    assert select(ALL, data) == data
    assert [kind for kind, _ in found[-3:]] == ["Progress", "Stats", "End"]
    assert numbers(found[-3]) == numbers(found[-2]) == (28, 28, 28)


@pytest.mark.parametrize(("asked", "kind"), [(True, "Progress"), (False, "Cont")])
def test_a_query_that_finds_nothing_says_that_it_runs(
    asked: bool, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answer, "HEARTBEAT", 128 * 1024)
    data = b'{"a":1}\n' * (4 * 64 * 1024 // 8)
    found = events("SELECT * FROM S3Object s WHERE s.a = 2", data, RequestProgress={"Enabled": asked})
    assert Counter(each for each, _ in found)[kind] == 2 + asked


class Endless(io.RawIOBase):
    """An object without an end."""

    def seek(self, offset: int, whence: int = 0) -> int:
        return offset

    def read(self, size: int = -1) -> bytes:
        return b'{"a":1,"b":"x"}\n' * (size // 16)


def test_an_answer_begins_before_the_object_ends_and_takes_little_memory() -> None:
    asked = {"Expression": ALL, "ExpressionType": "SQL", "InputSerialization": LINES}
    found = Selection({**asked, "OutputSerialization": {"JSON": {}}}).events(Endless())
    tracemalloc.start()
    try:
        for _ in range(20):
            assert len(next(found)) > answer.LONGEST_PAYLOAD
        assert tracemalloc.get_traced_memory()[1] < 16 * 64 * 1024
    finally:
        tracemalloc.stop()


def test_a_limit_ends_the_scan() -> None:
    found = events(f"{ALL} LIMIT 1", b'{"a":1}\n' * 64 * 1024)
    assert numbers(found[1]) == (8, 8, 8)


def test_a_message_is_what_the_appendix_says() -> None:
    """The End message of https://docs.aws.amazon.com/AmazonS3/latest/API/RESTSelectObjectAppendix.html."""
    message = answer.event("End")
    headers = b"\x0b:event-type\x07\x00\x03End\x0d:message-type\x07\x00\x05event"
    prelude = (16 + len(headers)).to_bytes(4) + len(headers).to_bytes(4)
    body = prelude + zlib.crc32(prelude).to_bytes(4) + headers
    assert message == body + zlib.crc32(body).to_bytes(4)
