"""The statements of S3 Select: whatever a caller wants is a literal in them, or not in them at all."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragons.fields import RECORD_NAMES
from list_dragons.lines import matches
from list_dragons.sql import of_array, of_lines, of_record, quoted
from support.datasets import wanted_of
from support.fake_select import read_statement
from support.strategies import HOSTILE_TEXTS, texts

CITY = "location_city_str"
FIELDS = sorted(RECORD_NAMES.values())


@pytest.mark.parametrize(
    ("wanted", "condition"),
    [
        ("O'Brien", """(s."location_city_str" = 'O''Brien' OR s."location_city_str"[0] IS NOT MISSING)"""),
        (
            "7",
            """(s."location_city_str" = '7' OR s."location_city_str" = 7"""
            """ OR s."location_city_str"[0] IS NOT MISSING)""",
        ),
        (
            "true",
            """(s."location_city_str" = 'true' OR s."location_city_str" = TRUE"""
            """ OR s."location_city_str"[0] IS NOT MISSING)""",
        ),
    ],
)
def test_a_filter_is_a_condition(wanted: str, condition: str) -> None:
    assert of_lines({CITY: wanted}) == f"SELECT * FROM S3Object s WHERE {condition}"
    named = 's."dragon_name_str" IS NOT MISSING'
    assert of_array({CITY: wanted}) == f"SELECT * FROM S3Object[*][*] s WHERE {named} AND {condition}"
    assert of_record({CITY: wanted}) == f"SELECT * FROM S3Object s WHERE {named} AND {condition}"


def test_no_filter_is_no_condition() -> None:
    assert of_lines({}) == "SELECT * FROM S3Object s"


@pytest.mark.parametrize(
    "wanted", ["\x00", "a\nb", "a\rb", "\ud83d", "\ufffe", "\u2028", "x" * 40_000, "0.5", "1e+16", "9" * 17]
)
def test_what_a_statement_cannot_say_for_certain_is_left_out(wanted: str) -> None:
    assert of_lines({CITY: wanted}) == "SELECT * FROM S3Object s"


def test_a_statement_is_within_the_limit_of_s3_select() -> None:
    for longest in ("'" * 16_383, "\U0001f409" * 8_191, "x" * 32_766):
        assert quoted(longest) is not None
        assert quoted(longest + "xxx") is None
        assert len(of_lines(dict.fromkeys(FIELDS, longest)).encode()) <= 256 * 1024


def test_a_field_that_is_none_of_a_dragon_is_no_column() -> None:
    with pytest.raises(KeyError):
        of_lines({'x" = 1 OR s."y': "x"})


@given(texts)
def test_a_literal_has_no_end_but_its_own(text: str) -> None:
    literal = quoted(text)
    if literal is None:
        assert re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]", text)
    else:
        assert literal[0] == literal[-1] == "'"
        assert "'" not in literal[1:-1].replace("''", "")
        assert literal[1:-1].replace("''", "'") == text


scalars = st.one_of(
    texts, st.sampled_from(HOSTILE_TEXTS), st.integers(), st.floats(allow_nan=False, allow_infinity=False)
) | st.sampled_from([True, False, None, 0, 7, "7", "true", "null", "0.5", 0.5, ""])
values = st.one_of(
    scalars, st.lists(scalars, max_size=3), st.dictionaries(st.text(max_size=3), scalars, max_size=2)
)
dragons_on_record = st.dictionaries(st.sampled_from(FIELDS), values)


@given(dragons_on_record, st.data())
def test_a_statement_lets_every_dragon_pass_that_matches(dragon: dict[str, Any], data: st.DataObject) -> None:
    asked = data.draw(st.lists(st.sampled_from(sorted(dragon)), unique=True)) if dragon else []
    filters = {field: wanted_of(dragon[field]) for field in asked}
    if matches(dragon, filters):
        _, passes = read_statement(of_lines(filters))
        assert passes(json.loads(json.dumps(dragon)))


@given(st.dictionaries(st.sampled_from(FIELDS), texts), st.sampled_from(FIELDS), texts)
def test_a_statement_lets_few_others_pass(dragon: dict[str, Any], field: str, wanted: str) -> None:
    asked = of_lines({field: wanted})
    if "WHERE" in asked and not matches(dragon, {field: wanted}):
        _, passes = read_statement(asked)
        assert not passes(dragon)
