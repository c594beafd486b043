"""Request bodies: which JSON is read, and how a model's violations are worded."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localcloud.apigateway.model_keywords import model_errors
from localcloud.gateway.json_text import InvalidJsonError, parse_request_json

MODEL = {
    "$schema": "http://json-schema.org/draft-04/schema#",
    "type": "object",
    "required": ["name", "family"],
    "additionalProperties": False,
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 5},
        "family": {"enum": ["red", "blue"]},
        "phone": {"type": "string", "pattern": r"^\+[1-9][0-9]{1,14}$"},
        "count": {"type": ["number", "null"]},
        "a/b": {"type": "object", "required": ["x"]},
    },
}


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from("abc"), inner),
    )
)
def test_json_is_read_as_it_is(value: Any) -> None:
    assert parse_request_json(json.dumps(value, ensure_ascii=False).encode()) == value


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "Expecting value"),
        (b"{", "Expecting property name"),
        (b'{"a":1} x', "Extra data"),
        ('{"a":"é"}'.encode("latin-1"), "not UTF-8"),
        (b'{"a":NaN}', "NaN"),
        (b'{"a":-Infinity}', "-Infinity"),
        (b'{"a":1e999}', "too large"),
        (b'{"a":1,"a":2}', "repeated"),
        (rb'{"a":"\ud800"}', "surrogate"),
        (rb'{"\udc00":1}', "surrogate"),
        (b'{"a":' * 2000 + b"1" + b"}" * 2000, "1000 levels"),
        (b"[" * 100_000 + b"]" * 100_000, "1000 levels"),
    ],
)
def test_other_bodies_are_refused_with_the_reason(body: bytes, reason: str) -> None:
    with pytest.raises(InvalidJsonError, match=reason):
        parse_request_json(body)


def test_the_deepest_body_is_read() -> None:
    assert parse_request_json("[" * 1000 + "]" * 1000)


GOOD = {"name": "Atlas", "family": "red"}


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        (GOOD, []),
        ({**GOOD, "count": 1.5, "phone": "+123"}, []),
        ({**GOOD, "name": "\U0001f409" * 5}, []),
        ([], ['instance type (array) does not match any allowed primitive type (allowed: ["object"])']),
        ({}, ['object has missing required properties (["family","name"])']),
        (
            {"name": 1, "z": 1, "y": 2},
            [
                'object instance has properties which are not allowed by the schema: ["y","z"]',
                'object has missing required properties (["family"])',
            ],
        ),
        ({**GOOD, "name": ""}, ['/name: string "" is too short (length: 0, required minimum: 1)']),
        (
            {**GOOD, "name": "Atlas!"},
            ['/name: string "Atlas!" is too long (length: 6, maximum allowed: 5)'],
        ),
        (
            {**GOOD, "name": 7},
            [
                "/name: instance type (integer) does not match any allowed primitive type "
                '(allowed: ["string"])'
            ],
        ),
        (
            {**GOOD, "count": True},
            [
                "/count: instance type (boolean) does not match any allowed primitive type "
                '(allowed: ["integer","null","number"])'
            ],
        ),
        (
            {**GOOD, "phone": "+12\n"},
            ['/phone: ECMA 262 regex "^\\+[1-9][0-9]{1,14}$" does not match input string "+12\n"'],
        ),
        (
            {**GOOD, "family": "é"},
            ['/family: instance value ("é") not found in enum (possible values: ["red","blue"])'],
        ),
        ({**GOOD, "a/b": {}}, ['/a~1b: object has missing required properties (["x"])']),
    ],
)
def test_violations_are_worded_as_api_gateway_words_them(body: Any, errors: list[str]) -> None:
    assert model_errors(MODEL, body) == errors


def test_a_long_value_is_not_sent_back_whole() -> None:
    (error,) = model_errors(MODEL, {**GOOD, "name": "x" * 300_000})

    assert "length: 300000" in error
    assert len(error) < 400
