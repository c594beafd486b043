"""Faults of a query, each with the code that AWS has for it.

Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#SelectObjectContentErrorCodeList
"""

import bz2
import gzip
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localcloud.s3_select.operation import answer
from localcloud.s3_select.values import SelectError
from tests.selection import DOCUMENT, LINES, csv, select

ALL = "SELECT * FROM S3Object"
LONG = "x" * 1024 * 1024

EXPRESSIONS = {
    "": "ParseUnsupportedSelect",
    "DROP TABLE S3Object": "ParseUnsupportedSelect",
    f"{ALL}; {ALL}": "ParseUnsupportedSelect",
    "SELECT FROM S3Object": "ParseUnsupportedSelect",
    "SELECT a": "ParseUnsupportedSelect",
    "SELECT *, a FROM S3Object": "ParseAsteriskIsNotAloneInSelectList",
    "SELECT a FROM 'S3Object'": "ParseInvalidPathComponent",
    "SELECT a FROM .S3Object": "ParseUnexpectedToken",
    "SELECT a FROM S3Object WHERE": "ParseUnexpectedToken",
    "SELECT a FROM S3Object WHERE a =": "ParseUnexpectedToken",
    "SELECT a FROM S3Object WHERE a::INT = 1": "ParseUnexpectedToken",
    "SELECT a FROM S3Object WHERE a IS 1": "ParseUnexpectedToken",
    "SELECT a FROM S3Object ORDER BY a": "UnsupportedSqlStructure",
    "SELECT a FROM S3Object GROUP BY a": "UnsupportedSqlStructure",
    "SELECT a FROM S3Object a, S3Object b": "UnsupportedSqlStructure",
    "SELECT DISTINCT a FROM S3Object": "UnsupportedSqlStructure",
    "SELECT a FROM S3Object WHERE a = ALL (1, 2)": "UnsupportedFunction",
    "SELECT a ILIKE 'x' FROM S3Object": "UnsupportedSyntax",
    "SELECT a ILIKE 'x' ESCAPE 'y' FROM S3Object": "ParseUnexpectedToken",
    "SELECT a FROM S3Object[*": "ParseUnexpectedToken",
    "SELECT a FROM S3Object s WHERE s.* = 1": "ParseInvalidPathComponent",
    "SELECT CAST('1x' AS FLOAT) FROM S3Object": "CastFailed",
    "SELECT a FROM S3Object HAVING a = 1": "UnsupportedSqlStructure",
    "SELECT a FROM (SELECT * FROM S3Object)": "ParseInvalidPathComponent",
    "SELECT a FROM S3Object WHERE a IN (SELECT b FROM S3Object)": "UnsupportedSyntax",
    "SELECT 'a FROM S3Object": "ParseUnexpectedToken",
    "SELECT `2010` FROM S3Object": "UnsupportedSyntax",
    "SELECT s.a[*] FROM S3Object s": "ParseInvalidPathComponent",
    "SELECT s.a.* FROM S3Object s": "ParseInvalidPathComponent",
    "SELECT a FROM elsewhere": "EvaluatorBindingDoesNotExist",
    "SELECT a FROM S3Object.path": "InvalidKeyPath",
    "SELECT a FROM S3Object[*][1.5]": "ParseInvalidPathComponent",
    "SELECT a FROM S3Object LIMIT -1": "ParseExpectedNumber",
    "SELECT a FROM S3Object LIMIT 1.5": "ParseExpectedNumber",
    "SELECT a FROM S3Object LIMIT 'x'": "ParseExpectedNumber",
    "SELECT SUM(*) FROM S3Object": "UnsupportedSyntax",
    "SELECT SUM(a, b) FROM S3Object": "UnsupportedFunction",
    "SELECT SUM(a), b FROM S3Object": "UnsupportedSqlStructure",
    "SELECT SUM(COUNT(a)) FROM S3Object": "UnsupportedFunction",
    "SELECT a FROM S3Object WHERE COUNT(a) = 1": "UnsupportedFunction",
    "SELECT SQRT(a) FROM S3Object": "UnsupportedFunction",
    "SELECT LOWER(a, b) FROM S3Object": "UnsupportedFunction",
    "SELECT LOWER() FROM S3Object": "UnsupportedFunction",
    "SELECT CAST(a) FROM S3Object": "ParseUnexpectedToken",
    "SELECT CAST(a AS elephant) FROM S3Object": "InvalidDataType",
    "SELECT CAST(a AS JSON) FROM S3Object": "InvalidDataType",
    "SELECT 'a' LIKE 1 FROM S3Object": "LikeInvalidInputs",
    "SELECT 'a' LIKE 'a' ESCAPE 'ab' FROM S3Object": "EvaluatorLikePatternInvalidEscapeSequence",
    "SELECT 'a' LIKE '!a' ESCAPE '!' FROM S3Object": "EvaluatorLikePatternInvalidEscapeSequence",
    "SELECT 'a' LIKE 'a!' ESCAPE '!' FROM S3Object": "EvaluatorLikePatternInvalidEscapeSequence",
    f"SELECT '{'x' * 256 * 1024}' FROM S3Object": "ExpressionTooLong",
    f"SELECT 1e{'9' * 50} FROM S3Object": "UnsupportedSyntax",
    "SELECT -a FROM S3Object": "UnsupportedSyntax",
    "SELECT -'a' FROM S3Object": "UnsupportedSyntax",
    f"SELECT a FROM S3Object LIMIT {'9' * 5000}": "ParseExpectedNumber",
    "SELECT a[1.5] FROM S3Object": "ParseInvalidPathComponent",
    # When a row is evaluated:
    "SELECT CAST(s.t AS INT) FROM S3Object s": "CastFailed",
    "SELECT CAST(1e999999999 AS INT) FROM S3Object s": "CastFailed",
    "SELECT CAST(s.l AS STRING) FROM S3Object s": "CastFailed",
    "SELECT LOWER(s.n) FROM S3Object s": "IncorrectSqlFunctionArgumentType",
    "SELECT SUM(s.t) FROM S3Object s": "IncorrectSqlFunctionArgumentType",
    "SELECT MAX(s.t) FROM S3Object s": "IncorrectSqlFunctionArgumentType",
    "SELECT SUBSTRING(s.t, 1, -1) FROM S3Object s": "IllegalSqlFunctionArgument",
    "SELECT s.twice FROM S3Object s": "AmbiguousFieldName",
    "SELECT s.t LIKE s.n FROM S3Object s": "LikeInvalidInputs",
}

REQUESTS: list[tuple[dict[str, Any], str]] = [
    ({"Expression": None}, "ParseUnsupportedSelect"),
    ({"ExpressionType": "XPATH"}, "InvalidExpressionType"),
    ({"InputSerialization": {}}, "InvalidDataSource"),
    ({"InputSerialization": {"JSON": {"Type": "DOCUMENTS"}}}, "InvalidJsonType"),
    ({"InputSerialization": {"Parquet": {}}}, "InvalidDataSource"),
    ({"InputSerialization": {**LINES, **csv()}}, "InvalidDataSource"),
    ({"InputSerialization": csv(FileHeaderInfo="YES")}, "InvalidFileHeaderInfo"),
    ({"InputSerialization": csv(FieldDelimiter=",,")}, "InvalidRequestParameter"),
    ({"InputSerialization": csv(FieldDelimiter='"')}, "InvalidRequestParameter"),
    ({"InputSerialization": csv(RecordDelimiter="|")}, "InvalidRequestParameter"),
    ({"InputSerialization": csv(QuoteCharacter="'")}, "InvalidRequestParameter"),
    ({"InputSerialization": csv(QuoteEscapeCharacter="!")}, "InvalidRequestParameter"),
    ({"InputSerialization": csv(Comments="!")}, "InvalidRequestParameter"),
    ({"InputSerialization": csv(AllowQuotedRecordDelimiter=True)}, "InvalidRequestParameter"),
    ({"InputSerialization": {**LINES, "CompressionType": "ZIP"}}, "InvalidCompressionFormat"),
    ({"OutputSerialization": {"XML": {}}}, "InvalidDataSource"),
    ({"OutputSerialization": csv(QuoteFields="ALWAYS")}, "InvalidRequestParameter"),
    ({"OutputSerialization": csv(QuoteEscapeCharacter="!")}, "InvalidRequestParameter"),
    ({"ScanRange": {"Start": 5, "End": 4}}, "InvalidScanRange"),
    ({"ScanRange": {"Start": 1000}}, "InvalidScanRange"),
    ({"ScanRange": {"End": 4}}, "InvalidScanRange"),
    ({"ScanRange": {"Start": 0}, "InputSerialization": DOCUMENT}, "UnsupportedScanRangeInput"),
    ({"ScanRange": {"Start": 0}, "InputSerialization": csv()}, "UnsupportedScanRangeInput"),
    (
        {"ScanRange": {"Start": 0}, "InputSerialization": {**LINES, "CompressionType": "GZIP"}},
        "UnsupportedScanRangeInput",
    ),
]

OBJECTS: list[tuple[str, Any, Any, str]] = [
    (ALL, '{"a":}', LINES, "JSONParsingError"),
    (ALL, '{"a":1}{"a":2}', LINES, "JSONParsingError"),
    (ALL, '{"a":NaN}', LINES, "JSONParsingError"),
    (ALL, '{"a":-Infinity}', LINES, "JSONParsingError"),
    (ALL, f'{{"a":{"9" * 5000}}}', LINES, "JSONParsingError"),
    (ALL, f'{{"a":1e{"9" * 50}}}', LINES, "JSONParsingError"),
    ("SELECT SUM(s.a) FROM S3Object s", '{"a":9e999999}\n{"a":9e999999}', LINES, "ExternalEvalException"),
    (ALL, '{"a":"\n"}', DOCUMENT, "JSONParsingError"),
    (ALL, "[" * 100_000, DOCUMENT, "JSONParsingError"),
    (ALL, b'{"a":"\xff"}', LINES, "InvalidTextEncoding"),
    (ALL, b'["\xff"]', DOCUMENT, "InvalidTextEncoding"),
    (ALL, b"\xff", csv(), "InvalidTextEncoding"),
    (ALL, '"a\nb"', csv(), "CSVParsingError"),
    (ALL, '"a"b', csv(), "CSVParsingError"),
    (ALL, LONG + "x", csv(), "OverMaxRecordSize"),
    (ALL, LONG * 5, LINES, "OverMaxRecordSize"),
    (ALL, f'["{LONG}"]', DOCUMENT, "OverMaxRecordSize"),
    (ALL, '{"a":1}', {**LINES, "CompressionType": "GZIP"}, "InvalidCompressionFormat"),
    (ALL, '{"a":1}', {**LINES, "CompressionType": "BZIP2"}, "InvalidCompressionFormat"),
    (ALL, gzip.compress(b'{"a":1}\n')[:-9], {**LINES, "CompressionType": "GZIP"}, "InvalidCompressionFormat"),
    (ALL, bz2.compress(b'{"a":1}\n')[:-9], {**LINES, "CompressionType": "BZIP2"}, "InvalidCompressionFormat"),
    ("SELECT b FROM S3Object", "a\n1\n", csv(FileHeaderInfo="USE"), "MissingHeaders"),
    ('SELECT "A" FROM S3Object', "a\n1\n", csv(FileHeaderInfo="USE"), "MissingHeaders"),
    ("SELECT a FROM S3Object", "a,A\n1,2\n", csv(FileHeaderInfo="USE"), "AmbiguousFieldName"),
    (ALL, "a,a\n1,2\n", csv(FileHeaderInfo="USE"), "AmbiguousFieldName"),
    ("SELECT _1 FROM S3Object", "a\n1\n", csv(FileHeaderInfo="USE"), "MissingHeaders"),
    ("SELECT a FROM S3Object", "a\n1\n", csv(), "MissingHeaders"),
    ("SELECT _0 FROM S3Object", "a\n1\n", csv(), "MissingHeaders"),
    ("SELECT t._1 FROM S3Object s", "a\n", csv(), "InvalidKeyPath"),
    ("SELECT s._1[0] FROM S3Object s", "a\n", csv(), "InvalidKeyPath"),
    ("SELECT s[0] FROM S3Object s", "a\n", csv(), "MissingHeaders"),
    ("SELECT _1 FROM S3Object[*].a", "a\n", csv(), "InvalidKeyPath"),
]


def code(expression: str, data: Any, given: Any = LINES, **request: Any) -> str:
    """The code of an error."""
    with pytest.raises(SelectError) as raised:
        select(expression, data, given, **request)
    assert raised.value.message.endswith(".")
    return raised.value.code


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=lambda each: str(each)[:60])
def test_expressions(expression: str) -> None:
    data = '{"t":"x","n":1,"l":[],"twice":1,"Twice":2}'
    assert code(expression, data) == EXPRESSIONS[expression]


@pytest.mark.parametrize(("change", "expected"), REQUESTS)
def test_requests(change: dict[str, Any], expected: str) -> None:
    asked: dict[str, Any] = {"Expression": ALL, "InputSerialization": LINES, **change}
    assert code(asked.pop("Expression"), '{"a":1}\n', asked.pop("InputSerialization"), **asked) == expected


@pytest.mark.parametrize(
    ("expression", "data", "given", "expected"), OBJECTS, ids=[each[3] for each in OBJECTS]
)
def test_objects(expression: str, data: Any, given: Any, expected: str) -> None:
    assert code(expression, data, given) == expected


def test_csv_takes_no_nested_values() -> None:
    assert code(ALL, '{"a":[1]}', OutputSerialization=csv()) == "UnsupportedSqlOperation"


def test_a_record_of_the_longest_length_is_read() -> None:
    """1 MB (https://docs.aws.amazon.com/AmazonS3/latest/userguide/selecting-content-from-objects.html)."""
    line = f'{{"a":"{LONG[8:]}"}}'
    assert len(line) == len(LONG)
    assert select("SELECT CHAR_LENGTH(s.a) FROM S3Object s", line) == f'{{"_1":{len(LONG) - 8}}}\n'


WORDS = """
SELECT FROM WHERE S3Object s . * [ ] ( ) , 'a' "b" 1 -1 1e9 AND OR NOT IN LIKE ESCAPE BETWEEN IS NULL MISSING
CASE WHEN THEN ELSE END CAST AS INT TIMESTAMP DATE_ADD year `2010T` COUNT SUM TRIM BOTH EXTRACT LIMIT = < + ||
% a b s.a s.b[0] LOWER COALESCE NULLIF {} ; :: @ ?
"""
SOME_WORDS = st.lists(st.sampled_from(WORDS.split()), max_size=12)


@given(SOME_WORDS, SOME_WORDS)
def test_whatever_is_asked_gives_an_answer_or_a_code(columns: list[str], condition: list[str]) -> None:
    """Property: no expression makes S3 Select fail in another way."""
    expression = f"SELECT {' '.join(columns)} FROM S3Object s WHERE {' '.join(condition)}"
    with suppress(SelectError):
        select(expression, '{"a":"x","b":[1,{"c":null}]}\n{"a":-1.5}\n[]\n"b"\n')


@given(st.binary(max_size=40), st.sampled_from([LINES, DOCUMENT, csv(), csv(FileHeaderInfo="USE")]))
def test_whatever_an_object_holds_gives_an_answer_or_a_code(data: bytes, given: Any) -> None:
    """Property: no object makes S3 Select fail in another way."""
    with suppress(SelectError):
        select(ALL, data, given, csv())


def test_an_error_behind_the_first_event_is_the_last_message() -> None:
    def rest() -> Any:
        yield b"second"
        raise SelectError("JSONParsingError", "No.")

    *messages, failure = answer(b"first", rest())
    assert messages == [b"first", b"second"]
    assert b":error-code\x07\x00\x10JSONParsingError" in failure
    assert b":message-type\x07\x00\x05error" in failure
