"""Names in order, prefixes of names and counts: who may ask for them, and what goes with them."""

import json
from pathlib import Path

import pytest
from hypothesis import given

from list_dragons.query import Asked, CountQuery, NamesQuery, Query
from list_dragons.request import FILTERS, read_request
from support.list_requests import event, query, wrong
from support.strategies import texts

EVENTS = Path(__file__).parents[2] / "fixtures" / "events"
NOT_ORDERED = "cannot be combined with order=name or a prefix of names"
NOT_COUNTED = (
    "cannot be combined with count=true: count all dragons, or those of one dragonName, family or country"
)


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("Atlas", Query({"dragon_name_str": "Atlas"}, 50)),
        ("At*", NamesQuery("At", 50)),
        ("*", NamesQuery("", 50)),
        ("A*t*", NamesQuery("A*t", 50)),
        ("At**", NamesQuery("At*", 50)),
        ("*At", Query({"dragon_name_str": "*At"}, 50)),
        ("At* ", Query({"dragon_name_str": "At* "}, 50)),
        ("At\\*", Query({"dragon_name_str": "At*"}, 50)),
        ("At\\\\*", Query({"dragon_name_str": "At\\*"}, 50)),
        ("\\*", Query({"dragon_name_str": "*"}, 50)),
        ("At\\", Query({"dragon_name_str": "At\\"}, 50)),
        ("\\*At", Query({"dragon_name_str": "\\*At"}, 50)),
        ("", Query({"dragon_name_str": ""}, 50)),
    ],
)
def test_a_final_star_asks_for_names_that_begin_so(name: str, asked: Asked) -> None:
    assert read_request(event(dragonName=name)) == asked
    assert read_request(event(dragonName=name, order="name")) == asked


@given(texts)
def test_every_name_can_be_asked_for(name: str) -> None:
    written = f"{name[:-1]}\\*" if name.endswith("*") else name
    assert query(event(dragonName=written)).filters == {"dragon_name_str": name}


@pytest.mark.parametrize("name", [name for name in FILTERS if name != "dragonName"])
def test_no_other_filter_takes_a_prefix(name: str) -> None:
    for value in ("At*", "At\\*"):
        assert query(event(**{name: value})).filters == {FILTERS[name]: value}


def test_all_are_listed_in_the_order_of_names() -> None:
    assert read_request(event(order="name", limit="7")) == NamesQuery("", 7)


@pytest.mark.parametrize(
    "parameters", [{"order": "name"}, {"dragonName": "At*"}, {"order": "name", "dragonName": "Atlas"}]
)
def test_names_in_order_go_with_no_other_filter(parameters: dict[str, str]) -> None:
    refused = wrong(event(**parameters, city="Oslo", family="red"))
    assert refused == {"city": NOT_ORDERED, "family": NOT_ORDERED}


@pytest.mark.parametrize("value", ["", "Name", "name ", "family", "-name"])
def test_order_is_by_name_alone(value: str) -> None:
    assert wrong(event(order=value)) == {"order": "must be name"}


@pytest.mark.parametrize("value", ["", "True", "false", "1"])
def test_count_is_asked_for_by_true_alone(value: str) -> None:
    assert wrong(event(count=value)) == {"count": "must be true"}


@pytest.mark.parametrize(
    ("parameters", "filters"),
    [
        ({}, {}),
        ({"family": "red"}, {"family_str": "red"}),
        ({"family": ""}, {"family_str": ""}),
        ({"country": "Norway"}, {"location_country_str": "Norway"}),
        ({"dragonName": "Atlas"}, {"dragon_name_str": "Atlas"}),
        ({"dragonName": "At\\*"}, {"dragon_name_str": "At*"}),
    ],
)
def test_what_can_be_counted(parameters: dict[str, str], filters: dict[str, str]) -> None:
    assert read_request(event(**parameters, count="true")) == CountQuery(filters)
    assert read_request(event(**parameters) | {"httpMethod": "HEAD"}) == CountQuery(filters)
    assert read_request(event(**parameters, count="true") | {"httpMethod": "HEAD"}) == CountQuery(filters)


@pytest.mark.parametrize(
    ("parameters", "named"),
    [
        ({"city": "Oslo"}, {"city"}),
        ({"family": "red", "city": "Oslo"}, {"city"}),
        ({"family": "red", "country": "Norway"}, {"family", "country"}),
        ({"dragonName": "Atlas", "family": "red"}, {"dragonName", "family"}),
        ({"dragonName": "At*"}, {"dragonName"}),
        ({"order": "name"}, {"order"}),
        ({"limit": "5"}, {"limit"}),
        ({"limit": "50", "family": "red"}, {"limit"}),
        ({"nextToken": "x"}, {"nextToken"}),
    ],
)
def test_what_cannot_be_counted_is_named(parameters: dict[str, str], named: set[str]) -> None:
    refused = dict.fromkeys(named, NOT_COUNTED)
    assert wrong(event(**parameters, count="true")) == refused
    assert wrong(event(**parameters) | {"httpMethod": "HEAD"}) == refused


@pytest.mark.parametrize("name", ["rest_proxy.json", "http_proxy.json"])
def test_head_is_told_by_either_api(name: str) -> None:
    of_fixture = json.loads((EVENTS / name).read_text().replace('"GET"', '"HEAD"').replace("&limit=2", ""))
    for several in ("queryStringParameters", "multiValueQueryStringParameters"):
        of_fixture.get(several, {}).pop("limit", None)
    assert read_request(of_fixture) == CountQuery({"family_str": "red"})
