"""Every example of AWS's SQL reference for S3 Select, and what it says beside them.

Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-select-sql-reference.html and the pages
below it, whose names the sections here have. Where a page contradicts itself, the test says so.
"""

import json
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localcloud.s3_select.values import SelectError
from tests.selection import DOCUMENT, evaluate, records, select

RULES = """{ "Rules": [ {"id": "1"}, {"expr": "y > x"}, {"id": "2", "expr": "z = DEBUG"} ]}
{ "created": "June 27", "modified": "July 6" }"""
FILES = """{ "created": "93", "dir_name": "important_docs", "files": [ { "name": "." }, { "name": ".." } ], \
"owner": "AWS S3" }
{ "created": "93", "dir_name": "other_docs", "files": [ { "name": "." }, { "name": "my stuff" } ], \
"owner": "User" }"""
STAFF = (
    '{"name": "Susan Smith", "org": "engineering", "projects": [{"project_name":"project1"},'
    ' {"project_name":"project2", "completed":true}]}'
)
BOOKS = '{"books": [{"price": 1.50, "title": "a"}, {"price": 20, "title": "b"}]}'

# s3-select-sql-reference-select.html
SELECTED = [
    ("SELECT id FROM S3Object[*].Rules[*].id", RULES, '{"id":"1"}\n{}\n{"id":"2"}\n{}\n'),
    ("SELECT id FROM S3Object[*].Rules[*].id WHERE id IS NOT MISSING", RULES, '{"id":"1"}\n{"id":"2"}\n'),
    (
        "SELECT d.dir_name, d.files FROM S3Object[*] d",
        FILES,
        '{"dir_name":"important_docs","files":[{"name":"."},{"name":".."}]}\n'
        '{"dir_name":"other_docs","files":[{"name":"."},{"name":"my stuff"}]}\n',
    ),
    (
        "SELECT _1.dir_name, _1.owner FROM S3Object[*]",
        FILES,
        '{"dir_name":"important_docs","owner":"AWS S3"}\n{"dir_name":"other_docs","owner":"User"}\n',
    ),
    ("Select s.name from S3Object s", STAFF, '{"name":"Susan Smith"}\n'),
    ("Select s.projects[0].project_name from S3Object s", STAFF, '{"project_name":"project1"}\n'),
    ("SELECT price FROM S3Object[*].books[*].price", BOOKS, '{"price":1.50}\n{"price":20}\n'),
    ("SELECT _1.price FROM S3Object[*].books[*]", BOOKS, '{"price":1.50}\n{"price":20}\n'),
    ("SELECT price FROM S3Object[*].books[*] LIMIT 1", BOOKS, '{"price":1.50}\n'),
    ("SELECT s.title FROM S3Object[*]['books'][1] AS s", BOOKS, '{"title":"b"}\n'),
    ("SELECT s[0].title FROM S3Object[*].* s", BOOKS, '{"title":"a"}\n'),
    ("SELECT s['books'][1]['title'] FROM S3Object s", BOOKS, '{"title":"b"}\n'),
    ('SELECT s."CAST" from S3Object s', '{"CAST": 1}', '{"CAST":1}\n'),
    ("SELECT s.name from S3Object s", '{"NAME": "x"}', '{"name":"x"}\n'),
    ('SELECT s."NAME" from S3Object s', '{"NAME": 1, "name": 2}', '{"NAME":1}\n'),
    ("SELECT * FROM S3Object s LIMIT 1", RULES, RULES.splitlines()[0].replace(" ", "").replace(
        "y>x", "y > x").replace("z=DEBUG", "z = DEBUG") + "\n"),
    ("SELECT * FROM S3Object LIMIT 0", RULES, ""),
    ("SELECT s.* FROM S3Object AS s LIMIT 1", '{"b":1,"a":{}}', '{"b":1,"a":{}}\n'),
    ("SELECT s.created = 'June 27' FROM S3Object s", RULES, '{}\n{"_1":true}\n'),
    ("SELECT 'a' x, 'b' AS y, 'c' FROM S3Object", "{}", '{"x":"a","y":"b","_3":"c"}\n'),
]  # fmt: skip

# s3-select-sql-reference-operators.html and -data-types.html
OPERATORS: list[tuple[str, Any]] = [
    ("1 < 2 AND 2 > 1 AND 1 <= 1 AND 1 >= 1 AND 1 = 1 AND 1 <> 2 AND 1 != 2", True),
    ("NOT 1 = 1 OR 2=2", True),
    ("2 BETWEEN 1 AND 2", True),
    ("3 BETWEEN 1 AND 2", False),
    ("3 NOT BETWEEN 1 AND 2", True),
    ("'b' IN ('a', 'b', 'c')", True),
    ("'d' IN ('a', 'b', 'c')", False),
    ("'d' NOT IN ('a')", True),
    ("'abc' LIKE 'a_c' AND 'abc' LIKE '%c' AND NOT 'abc' LIKE 'b%'", True),
    ("NULL IS NULL AND MISSING IS NULL AND 1 IS NOT NULL AND NULL IS NOT MISSING", True),
    ("'a' || 'b'", "ab"),
    ("TRUE", True),
    ("123.456", 123.456),
    ("-2 < -1 AND (1) = 1.0 AND -0.5 > -1", True),
    ("'O''Brien'", "O'Brien"),
    ("NULL = NULL", None),
    ("NULL AND FALSE", False),
    ("NULL AND TRUE", None),
    ("NULL OR TRUE", True),
    ("NOT NULL", None),
    ("NULL IN (NULL)", None),
    ("1 IN (2, NULL)", None),
    ("MISSING = 1", "missing"),
    ("'1' = 1", False),
    ("'1' <> 1", True),
    ("'1' < 2", "missing"),
    ("TRUE = 1", False),
    ("1 LIKE '1'", "missing"),
    ("NULL < 1", None),
    ("MISSING < NULL", "missing"),
]

# s3-select-sql-reference-conversion.html
CASTS: list[tuple[str, Any]] = [
    ("CAST(0.456 AS FLOAT)", 0.456),
    ("CAST('12' AS INT)", 12),
    ("CAST('-3' AS INTEGER) = -3", True),
    ("CAST(2.9 AS INT)", 2),
    ("CAST('1.50' AS DECIMAL) = 1.5 AND CAST('2' AS NUMERIC) = 2", True),
    ("CAST('TRUE' AS BOOL)", True),
    ("CAST(0 AS BOOL)", False),
    ("CAST(TRUE AS INT)", 1),
    ("CAST(1.50 AS STRING)", "1.50"),
    ("CAST(FALSE AS STRING)", "false"),
    ("CAST(NULL AS INT)", None),
    ("CAST(MISSING AS INT)", "missing"),
]

# s3-select-sql-reference-string.html; its SUBSTRING has texts in double quotes, which are names elsewhere
STRINGS: list[tuple[str, Any]] = [
    ("CHAR_LENGTH('')", 0),
    ("CHAR_LENGTH('abcdefg')", 7),
    ("CHARACTER_LENGTH('😀é')", 2),
    ("LOWER('AbCdEfG!@#$')", "abcdefg!@#$"),
    ("SUBSTRING('123456789', 0)", "123456789"),
    ("SUBSTRING('123456789', 1)", "123456789"),
    ("SUBSTRING('123456789', 2)", "23456789"),
    ("SUBSTRING('123456789', -4)", "123456789"),
    ("SUBSTRING('123456789', 0, 999)", "123456789"),
    ("SUBSTRING('123456789', 1, 5)", "12345"),
    ("SUBSTRING('123456789' FROM 2 FOR 3)", "234"),
    ("SUBSTRING('123456789' FROM 8)", "89"),
    ("SUBSTRING('123456789', -3, 2)", ""),
    ("SUBSTRING('123456789', -1, 5)", "123"),
    ("TRIM('       foobar         ')", "foobar"),
    (r"TRIM('      \tfoobar\t         ')", r"\tfoobar\t"),
    ("TRIM(LEADING FROM '       foobar         ')", "foobar         "),
    ("TRIM(TRAILING FROM '       foobar         ')", "       foobar"),
    ("TRIM(BOTH FROM '       foobar         ')", "foobar"),
    ("TRIM(BOTH '12' FROM '1112211foobar22211122')", "foobar"),
    ("UPPER('AbCdEfG!@#$')", "ABCDEFG!@#$"),
    ("UPPER(NULL)", None),
    ("LOWER(MISSING)", "missing"),
]

# Of these pages, and of -conditional.html and -date.html: what is left out, and what it is answered with.
LEFT_OUT = {
    "UnsupportedSyntax": [
        *("2 + 3", "3 - 2", "2 * 3", "6 / 2", "7 % 4", "'a' + 1", "1 + NULL"),
        *("CASE WHEN NULL THEN 1 WHEN TRUE THEN 2 END", "CASE 1 WHEN 2 THEN 3 END"),
        "CASE venuecity WHEN 'New York City' THEN 'Big Apple' ELSE 'other' END",
        "CASE WHEN CAST(pricepaid as FLOAT) < 10000 THEN 'group 1' ELSE 'group 3' END",
        "`2007T` = `2007-01-01T00:00Z`",
        "EXTRACT(YEAR FROM `2010-01-01T`)",
        "EXTRACT(MONTH FROM `2010T`)",
        "EXTRACT(MONTH FROM `2010-10T`)",
        "EXTRACT(HOUR FROM `2017-01-02T03:04:05+07:08`)",
        "EXTRACT(MINUTE FROM `2017-01-02T03:04:05+07:08`)",
        "EXTRACT(TIMEZONE_HOUR FROM `2017-01-02T03:04:05+07:08`)",
        "EXTRACT(TIMEZONE_MINUTE FROM `2017-01-02T03:04:05+07:08`)",
        "EXTRACT(SECOND FROM `2017-01-02T03:04:05.250Z`)",
    ],
    "InvalidDataType": ["CAST('2007-04-05T14:30Z' AS TIMESTAMP)", "CAST(1 AS DECIMAL(3, 2))"],
    "UnsupportedFunction": [
        "COALESCE(1)",
        "COALESCE(null)",
        "COALESCE(null, null)",
        "COALESCE(missing)",
        "COALESCE(missing, missing)",
        "COALESCE(1, null)",
        "COALESCE(null, null, 1)",
        "COALESCE(null, 'string')",
        "COALESCE(missing, 1)",
        "NULLIF(1, 1)",
        "NULLIF(1, 2)",
        "NULLIF(1.0, 1)",
        "NULLIF(1, '1')",
        "NULLIF([1], [1])",
        "NULLIF(1, NULL)",
        "NULLIF(NULL, 1)",
        "NULLIF(null, null)",
        "NULLIF(missing, null)",
        "NULLIF(missing, missing)",
        "DATE_ADD(year, 5, `2010-01-01T`)",
        "DATE_ADD(month, 1, `2010T`)",
        "DATE_ADD(month, 13, `2010T`)",
        "DATE_ADD(day, -1, `2017-01-10T`)",
        "DATE_ADD(hour, 1, `2017T`)",
        "DATE_ADD(hour, 1, `2017-01-02T03:04Z`)",
        "DATE_ADD(minute, 1, `2017-01-02T03:04:05.006Z`)",
        "DATE_ADD(second, 1, `2017-01-02T03:04:05.006Z`)",
        "DATE_ADD(month, 1, `2010-01-31T`)",
        "DATE_DIFF(year, `2010-01-01T`, `2011-01-01T`)",
        "DATE_DIFF(month, `2010T`, `2010-05T`)",
        "DATE_DIFF(year, `2010T`, `2010-05T`)",
        "DATE_DIFF(month, `2010T`, `2011T`)",
        "DATE_DIFF(month, `2011T`, `2010T`)",
        "DATE_DIFF(day, `2010-01-01T23:00`, `2010-01-02T01:00`)",
        "TO_STRING(`1969-07-20T20:18Z`, 'MMMM d, y')",
        "TO_STRING(`1969-07-20T20:18Z`, 'MMM d, yyyy')",
        "TO_STRING(`1969-07-20T20:18Z`, 'M-d-yy')",
        "TO_STRING(`1969-07-20T20:18Z`, 'MM-d-y')",
        "TO_STRING(`1969-07-20T20:18Z`, 'MMMM d, y h:m a')",
        "TO_STRING(`1969-07-20T20:18Z`, 'y-MM-dd''T''H:m:ssX')",
        "TO_STRING(`1969-07-20T20:18+08:00Z`, 'y-MM-dd''T''H:m:ssX')",
        "TO_STRING(`1969-07-20T20:18+08:00`, 'y-MM-dd''T''H:m:ssXXXX')",
        "TO_STRING(`1969-07-20T20:18+08:00`, 'y-MM-dd''T''H:m:ssXXXXX')",
        "TO_STRING(`1969-07-20T09:08:07.06-01:30`, 'HH:mm:s.SSS n xxx hh')",
        "TO_TIMESTAMP('2007T')",
        "TO_TIMESTAMP('2007-02-23T12:14:33.079-08:00')",
        "UTCNOW() > `2024-07-25T` AND DATE_DIFF(day, UTCNOW(), UTCNOW()) = 0",
    ],
}


@pytest.mark.parametrize(("expression", "data", "expected"), SELECTED)
def test_select(expression: str, data: str, expected: str) -> None:
    assert select(expression, data, DOCUMENT) == expected


@pytest.mark.parametrize(("expression", "expected"), [*OPERATORS, *CASTS, *STRINGS])
def test_expressions(expression: str, expected: Any) -> None:
    found = evaluate(expression)
    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("code", "expression"), [(code, each) for code, found in LEFT_OUT.items() for each in found]
)
def test_what_is_left_out_is_refused(code: str, expression: str) -> None:
    for query in (f"SELECT {expression} FROM S3Object", f"SELECT * FROM S3Object WHERE {expression} = 1"):
        with pytest.raises(SelectError) as raised:
            records(query, "")
        assert raised.value.code == code


@pytest.mark.parametrize(
    ("aggregate", "expected"),
    [
        ("COUNT(*)", 5),
        ("COUNT(x)", 3),
        ("SUM(x)", 6.5),
        ("MAX(x)", 3.5),
        ("MIN(x)", 1),
        ("AVG(n)", 1.5),
        ("SUM(n)", 3),
        ("MAX(nothing)", None),
        ("AVG(nothing)", None),
        ("COUNT(nothing)", 0),
        ("SUM(CAST(t AS INT))", 7),
    ],
)
def test_aggregates(aggregate: str, expected: Any) -> None:
    """Of s3-select-sql-reference-aggregate.html."""
    data = '{"x":1,"n":1}\n{"x":2}\n{"x":3.5,"n":2}\n{"x":null}\n{"t":"7"}\n'
    (record,) = records(f"SELECT {aggregate} FROM S3Object s", data)
    assert record == {"_1": expected}


def test_wildcards_give_one_record_at_least() -> None:
    assert records("SELECT * FROM S3Object[*].a[*]", '{"a":[]}\n{"a":{}}\n{"b":1}\n{"a":[1,{"c":2}]}') == [
        *({}, {}, {}),
        *({"_1": 1}, {"c": 2}),
    ]


def test_what_a_record_lacks_is_left_out_and_null_is_not() -> None:
    assert select("SELECT s.a, s.b, s.c.d FROM S3Object s", '{"b":null,"c":[1]}') == '{"b":null}\n'


def test_numbers_and_texts_come_back_as_they_are() -> None:
    line = '{"z":1.50,"a":12345678901234567890123,"e":1E+400,"t":"é\\u0001\\"\\/😀","n":[{}],"f":-0.0}\n'
    (found,) = select("SELECT * FROM S3Object", line).splitlines()
    assert found == '{"z":1.50,"a":12345678901234567890123,"e":1E+400,"t":"é\\u0001\\"/😀","n":[{}],"f":-0.0}'


def test_half_a_surrogate_pair_stays_escaped() -> None:
    assert select("SELECT * FROM S3Object", r'{"a":"\ud800"}') == '{"a":"\\ud800"}\n'


def quoted(text: str) -> str:
    """A literal."""
    return "'" + text.replace("'", "''") + "'"


ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(ANY_TEXT, ANY_TEXT)
def test_a_literal_matches_itself_alone(text: str, other: str) -> None:
    """Property: any text is a literal with its single quotes doubled, and with spaces around `=` or none."""
    data = "".join(json.dumps({"x": each}) + "\n" for each in (text, other))
    for equals in ("=", " = "):
        found = records(f'SELECT * FROM S3Object[*] s WHERE s."x"{equals}{quoted(text)}', data)
        assert found == [{"x": each} for each in (text, other) if each == text]


@given(st.text("ab%_!\n", max_size=8), st.text("ab%_!\n", max_size=8))
def test_like_agrees_with_its_definition(text: str, pattern: str) -> None:
    """Property: LIKE is what a matcher gives that tries every way, one character after the other."""

    def matches(text: str, pattern: str) -> bool:
        if not pattern:
            return not text
        if pattern[0] == "%":
            return any(matches(text[skipped:], pattern[1:]) for skipped in range(len(text) + 1))
        return bool(text) and pattern[0] in ("_", text[0]) and matches(text[1:], pattern[1:])

    assert evaluate(f"{quoted(text)} LIKE {quoted(pattern)}") is matches(text, pattern)


@given(ANY_TEXT, ANY_TEXT)
def test_an_escaped_pattern_matches_its_text_alone(text: str, other: str) -> None:
    pattern = "".join("!" + each if each in "%_!" else each for each in text)
    assert evaluate(f"{quoted(text)} LIKE {quoted(pattern)} ESCAPE '!'") is True
    assert evaluate(f"{quoted(other)} LIKE {quoted(pattern)} ESCAPE '!'") is (text == other)


def test_a_pattern_of_many_wildcards_takes_no_time() -> None:
    assert evaluate(f"'{'a' * 2000}' LIKE '{'%a' * 100}%b'") is False


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3), st.integers(-(2**62), 2**62))
def test_numbers_compare_by_value(decimal: Decimal, integer: int) -> None:
    assert evaluate(f"{decimal:f} < {integer}") is (decimal < integer)


def test_a_long_condition_nests_in_no_depth() -> None:
    condition = " OR ".join(f"s.x = '{number}'" for number in range(5000))
    assert len(records(f"SELECT * FROM S3Object s WHERE {condition}", '{"x":"4999"}\n{"x":"5000"}')) == 1


@pytest.mark.parametrize(
    "expression", ["(" * 3000 + "1" + ")" * 3000, "NOT " * 3000 + "TRUE"], ids=["brackets", "NOT"]
)
def test_a_query_nested_too_deeply_is_refused(expression: str) -> None:
    with pytest.raises(SelectError, match="MaxOperatorsExceeded"):
        evaluate(expression)


@pytest.mark.parametrize(
    "pieces", [("NOT ", "TRUE", ""), ("(", "1", ")"), ("'a' || ", "'b'", ""), ("LOWER(", "'A'", ")")]
)
def test_a_query_that_is_compiled_can_be_evaluated(pieces: tuple[str, str, str]) -> None:
    """A query is compiled in more calls than it is evaluated in, however deeply it is nested."""
    before, middle, after = pieces
    for depth in (*range(1, 120, 7), *range(120, 1000, 80)):
        with suppress(SelectError):
            evaluate(before * depth + middle + after * depth)
    assert evaluate(before * 8 + middle + after * 8) != "missing"
