"""What GET and HEAD /dragons may ask, and in which words the rest is refused."""

from typing import Any
from urllib.parse import parse_qsl, quote, quote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragons.errors import InvalidRequestError
from dragons.paging import to_token
from list_dragons.query import Asked, Position
from list_dragons.request import FILTERS, read_request
from support.list_requests import event, query, wrong
from support.strategies import texts


def test_every_filter_has_its_course_name() -> None:
    asked = query(event(dragonName="a", family="b", city="c", country="d", state="e", neighborhood="f"))
    assert sorted(asked.filters.values()) == list("abcdef")
    assert asked.filters["location_neighborhood_str"] == "f"
    assert asked.limit == 50


@pytest.mark.parametrize("limit", [1, 9, 10, 100, 200])
def test_a_limit_from_1_to_200_is_taken(limit: int) -> None:
    assert query(event(limit=str(limit))).limit == limit


def test_an_error_tells_a_client_what_a_limit_may_be() -> None:
    assert wrong(event(limit="201")) == {"limit": "must be a whole number from 1 to 200"}


@pytest.mark.parametrize(
    ("parameters", "field"),
    [
        ({"colour": "red"}, "colour"),
        ({"description": "x"}, "description"),
        ({"limit": "0"}, "limit"),
        ({"limit": "201"}, "limit"),
        ({"limit": "-1"}, "limit"),
        ({"limit": "1e2"}, "limit"),
        ({"limit": "٣"}, "limit"),
        ({"limit": "9" * 5000}, "limit"),
        ({"limit": "0100"}, "limit"),
        ({"limit": ""}, "limit"),
        ({"nextToken": ""}, "nextToken"),
        ({"nextToken": "[" * 100000}, "nextToken"),
    ],
)
def test_a_bad_parameter_is_named(parameters: dict[str, str], field: str) -> None:
    assert list(wrong(event(**parameters))) == [field]


def test_all_bad_parameters_are_named_at_once() -> None:
    asked = {"multiValueQueryStringParameters": {"family": ["red", "blue"], "x": ["1"], "limit": ["x"]}}
    assert set(wrong(asked)) == {"family", "x", "limit"}


def rest_event(raw_query: str) -> dict[str, Any]:
    """What a REST API makes of a query: the same parameters, decoded."""
    values: dict[str, list[str]] = {}
    for name, value in parse_qsl(raw_query, keep_blank_values=True):
        values.setdefault(name, []).append(value)
    last = {name: several[-1] for name, several in values.items()}
    return {
        "queryStringParameters": last or None,
        "multiValueQueryStringParameters": values or None,
    }


def http_event(raw_query: str) -> dict[str, Any]:
    """What an HTTP API makes of it: repeated parameters joined, and the query as it came."""
    joined: dict[str, str] = {}
    for name, value in parse_qsl(raw_query, keep_blank_values=True):
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    found = {"version": "2.0", "rawQueryString": raw_query}
    return found | ({"queryStringParameters": joined} if joined else {})


def outcome(event: dict[str, Any]) -> Asked | dict[str, Any]:
    try:
        return read_request(event)
    except InvalidRequestError as error:
        return error.body()


asked_names = st.sampled_from([*FILTERS, "limit", "nextToken", "order", "count", "colour"])
asked_values = st.one_of(
    texts,
    st.integers(0, 201).map(str),
    st.just(to_token(Position("k", "n"), {})),
    st.sampled_from(["name", "true"]),
)


@given(st.lists(st.tuples(asked_names, asked_values), max_size=4), st.sampled_from([quote, quote_plus]))
def test_a_query_is_the_same_through_either_api(asked: list[tuple[str, str]], quoting: Any) -> None:
    raw_query = urlencode(asked, quote_via=quoting)
    assert outcome(http_event(raw_query)) == outcome(rest_event(raw_query))


def test_a_comma_is_no_repetition_and_a_repetition_no_comma() -> None:
    assert query(http_event("family=red%2Cblue")).filters == {"family_str": "red,blue"}
    assert wrong(http_event("family=red&family=blue")) == {"family": "is given more than once"}


def test_a_filter_for_no_text_is_a_filter() -> None:
    assert query(http_event("family=")).filters == {"family_str": ""}
