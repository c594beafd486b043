"""The job `preprocess`: what it mends, what it leaves, and that an import reads what comes of it."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from moto import mock_aws

from dragons.imports import ImportFile
from dragons.schemas import schema
from preprocess.cleaning import Cleaned, clean
from preprocess.fields import names, value
from preprocess.job import RefusedError, preprocess
from preprocess.text import lines, to_bytes
from read_import.read import read
from read_import.text import Content
from support.reports import REPORT

ROOT = Path(__file__).parents[3]
FIELDS = list(schema("report")["properties"])
HEADER = ",".join(FIELDS)
ROW = "Atlas,Old,red,Rome,Italy,Lazio,Centro,+12065550100,true"
BUCKET = "imports"


def cleaned(content: bytes | str, key: str = "a.csv") -> tuple[str, Cleaned]:
    count = Cleaned()
    given = content.encode() if isinstance(content, str) else content
    found = b"".join(map(to_bytes, clean(key, lines(io.BytesIO(given)), count)))
    return found.decode(errors="surrogateescape"), count


def imported(content: str, key: str = "a.csv") -> list[dict[str, Any] | None]:
    """What an import makes of it: the report of each line, or none."""
    raw = io.BytesIO(content.encode(errors="surrogateescape"))
    return [report for _, report in read(key, Content(raw), 10**6)]


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("Dragon Name", "dragonName"),
        (" DRAGON_NAME ", "dragonName"),
        ("dragon_name_str", "dragonName"),
        ("location_city_str", "city"),
        ("Reporting phone-number", "reportingPhoneNumber"),
        ("weight (t)", "weight (t)"),
    ],
)
def test_a_field_has_many_spellings(name: str, field: str) -> None:
    assert names([name, "family"]) == [field, "family"]


def test_two_columns_of_one_meaning_are_left_for_a_person_to_decide() -> None:
    assert names(["city", "City", "state"]) == ["city", "City", "state"]


@pytest.mark.parametrize(
    ("field", "written", "meant"),
    [
        ("family", "\u00a0 red \t", "red"),
        ("reportingPhoneNumber", "+1 (206) 555-0100", "+12065550100"),
        ("reportingPhoneNumber", "0044 20 7946 0958", "+442079460958"),
        ("reportingPhoneNumber", "206 555 0100", "206 555 0100"),
        ("confirmationRequired", " Yes", "true"),
        ("confirmationRequired", "0", "false"),
        ("confirmationRequired", "perhaps", "perhaps"),
        ("city", "1", "1"),
    ],
)
def test_a_value_is_written_in_one_way(field: str, written: str, meant: str) -> None:
    assert value(field, written) == meant


@pytest.mark.parametrize(
    "dirty",
    [
        f"\ufeff{HEADER}\r\n{ROW}\r\n".encode(),
        f"{HEADER}\r\n{ROW}\r\n".encode("utf-16"),
        f"{HEADER.replace(',', ';')}\n{ROW.replace(',', ';')}\n".encode(),
        f"{HEADER}\n{ROW}\n".replace(",", "\t").encode("utf-16"),
        f"\n ,,\n{HEADER}\n\n{ROW}\n,,,,,,,,\n{ROW}\n".encode(),
        f"{HEADER.upper()}\n{ROW.replace(',', ' , ')}\n{HEADER.upper()}\n".encode(),
        f"{HEADER}\n{ROW},,\n".encode(),
    ],
    ids=["mark", "utf-16", "semicolons", "tabs", "empty and repeated", "spelling and space", "too wide"],
)
def test_what_spreadsheets_do_is_mended(dirty: bytes) -> None:
    assert cleaned(dirty)[0] == f"{HEADER}\n{ROW}\n"


def test_windows_1252_and_utf_8_may_be_in_one_file() -> None:
    rows = [ROW.replace("Old", old) for old in ("Fáfnir", "Żmij")]
    dirty = f"{HEADER}\n".encode() + rows[0].encode("cp1252") + b"\n" + rows[1].encode() + b"\n"
    assert cleaned(dirty)[0] == f"{HEADER}\n{rows[0]}\n{rows[1]}\n"


def test_what_was_left_out_is_counted() -> None:
    _, count = cleaned(f"{HEADER}\n\n{ROW}\n{ROW}\n,,\n{ROW}\n")
    assert count == Cleaned(lines=2, empty=2, repeated=2)


@pytest.mark.parametrize(
    "line", ["one,two", 'Atlas,"Old', 'At"las","x"y', "Atlas,Old,red,Rome,Italy,Lazio,Centro,none,maybe"]
)
def test_what_cannot_be_mended_stays_and_spoils_no_other(line: str) -> None:
    text, _ = cleaned(f"{HEADER}\n{line}\n{ROW}\n")
    assert text == f"{HEADER}\n{line}\n{ROW}\n"


def test_a_quoted_value_keeps_its_line_ends_and_quotes() -> None:
    row = ROW.replace("Old", '"two\nlines, ""quoted"""')
    assert cleaned(f"{HEADER}\n{row}\n")[0] == f"{HEADER}\n{row}\n"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04\x00\x00\x81\x00", b"a,b\n1,2\n"])
def test_what_is_no_file_of_reports_stays(content: bytes) -> None:
    text, _ = cleaned(content)
    assert text.rstrip("\n").encode(errors="surrogateescape") in (content.rstrip(b"\n"), to_bytes(text)[:-1])
    assert [line.strip() for line in text.splitlines()] == [
        line.strip() for line in "".join(lines(io.BytesIO(content))).splitlines()
    ]


def test_json_lines_are_cleaned_too() -> None:
    written = {" Dragon Name ": " Atlas", "reportingPhoneNumber": "+1 206", "confirmationRequired": "yes"}
    text, count = cleaned(f"{json.dumps(written)}\n\n{{\n{json.dumps(written)}\n[1]\n", "a.jsonl")
    first, second, third = text.splitlines()
    assert json.loads(first) == {
        "dragonName": "Atlas",
        "reportingPhoneNumber": "+1206",
        "confirmationRequired": True,
    }
    assert (second, third) == ("{", "[1]")
    assert count == Cleaned(lines=3, empty=1, repeated=1)


words = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=20).map(str.strip)
clean_reports = st.fixed_dictionaries(
    {field: words.filter(bool) for field in FIELDS[:7]}
    | {
        "reportingPhoneNumber": st.from_regex(r"\A\+[1-9][0-9]{5,14}\Z"),
        "confirmationRequired": st.booleans(),
    }
)


@given(
    st.lists(clean_reports, min_size=1, max_size=5, unique_by=lambda report: report["dragonName"]),
    st.permutations(FIELDS),
    st.sampled_from(",;\t|"),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.data(),
)
def test_a_dirty_file_is_imported_as_the_reports_that_it_was_made_of(
    made: list[dict[str, Any]], order: list[str], delimiter: str, encoding: str, data: st.DataObject
) -> None:
    dirt = st.sampled_from(["", " ", "\t ", "\u00a0"])
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    spelt = st.sampled_from([str, str.upper, lambda name: f" {name} "])
    writer.writerow([data.draw(spelt)(field) for field in order])  # type: ignore[operator]
    for report in made:
        row = [data.draw(dirt) + str(report[field]) + data.draw(dirt) for field in order]
        for _ in range(data.draw(st.integers(1, 2))):
            writer.writerow(row)
        text.write(data.draw(st.sampled_from(["", "\r\n", f"{delimiter}\r\n"])))
    found, count = cleaned(text.getvalue().encode(encoding))
    expected, _ = cleaned("".join(f"{json.dumps(report)}\n" for report in made), "a.jsonl")
    assert imported(found) == imported(expected, "a.jsonl")
    assert count.lines == len(made) + 1
    assert cleaned(found)[0] == found


@example(b"\xa0")  # a space of Windows-1252, which no line feed is
@given(st.binary(max_size=300) | st.text(',;"\r\n a\u00e9{}', max_size=200).map(str.encode))
def test_whatever_the_bytes_nothing_raises_and_no_line_is_dropped_that_is_not_empty_or_repeated(
    content: bytes,
) -> None:
    for key in ("a.csv", "a.jsonl", "a"):
        text, count = cleaned(content, key)
        before = re.sub(r"[\s,;|]", "", "".join(lines(io.BytesIO(content))))
        assert re.sub(r"[\s,;|]", "", text) or not before
        assert count.lines <= content.count(b"\n") + 1


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket=BUCKET)
        client.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
        yield client


def put(s3: Any, key: str, content: str) -> ImportFile:
    return ImportFile(key, s3.put_object(Bucket=BUCKET, Key=key, Body=content.encode())["VersionId"])


def get(s3: Any, key: str) -> str:
    return str(s3.get_object(Bucket=BUCKET, Key=key)["Body"].read().decode())


def test_the_version_that_was_named_is_put_where_it_is_imported(s3: Any) -> None:
    file = put(s3, "incoming/2026/Fáfnir.csv", f"\ufeff{HEADER}\r\n{ROW}\r\n")
    put(s3, file.key, "another")
    assert preprocess(s3, BUCKET, file) == Cleaned(lines=2)
    assert get(s3, "2026/Fáfnir.csv") == f"{HEADER}\n{ROW}\n"
    preprocess(s3, BUCKET, ImportFile(file.key, ""))
    assert get(s3, "2026/Fáfnir.csv") == "another\n"


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("incoming/gone.csv", "The file is gone."),
        ("a.csv", "Only what is below incoming/, and not below incoming/results/, is cleaned."),
        (
            "incoming/results/a.csv",
            "Only what is below incoming/, and not below incoming/results/, is cleaned.",
        ),
    ],
)
def test_what_cannot_be_cleaned_is_told_where_users_look(s3: Any, key: str, reason: str) -> None:
    file = ImportFile(key, "")
    with pytest.raises(RefusedError, match=reason[:10]):
        preprocess(s3, BUCKET, file)
    told = {"line": 0, "dragonName": None, "outcome": "refused", "reason": reason}
    assert json.loads(get(s3, file.result_key)) == told
    assert s3.list_objects_v2(Bucket=BUCKET)["KeyCount"] == 1


def test_a_failure_of_ours_is_told_too(s3: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    file = put(s3, "incoming/a.csv", HEADER)
    monkeypatch.setattr("preprocess.job.clean", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        preprocess(s3, BUCKET, file)
    told = json.loads(get(s3, file.result_key))
    assert (told["outcome"], told["reason"]) == ("failed", "The file could not be cleaned: division by zero")
    found = s3.head_object(Bucket=BUCKET, Key=file.result_key)
    assert found["Metadata"] == {"file-version": file.version_id}


@pytest.mark.parametrize(
    ("words", "error"),
    [([], "usage: python -m preprocess <key> [<version>]"), (["incoming/a.csv"], "IMPORT_BUCKET is not set")],
)
def test_a_wrong_start_says_so_in_one_line(words: list[str], error: str) -> None:
    own = {name: text for name, text in os.environ.items() if name != "IMPORT_BUCKET"}
    env = {**own, "PYTHONPATH": "workers:shared", "AWS_DEFAULT_REGION": "us-east-1"}
    command = [sys.executable, "-m", "preprocess", *words]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert error in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_report_that_is_clean_stays_as_it_is() -> None:
    line = json.dumps(REPORT) + "\n"
    assert cleaned(line, "a.jsonl")[0] == line
