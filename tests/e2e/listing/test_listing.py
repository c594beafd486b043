"""GET /dragons over HTTP: the samples, every filter, pages, and requests that are refused."""

import uuid

import pytest

from dragons.fields import RECORD_NAMES
from samples.load import samples
from support.strategies import HOSTILE_TEXTS
from support.system import Api

FILTERS = {name: record for name, record in RECORD_NAMES.items() if name != "description"}


def test_the_samples_are_listed_as_they_are(api: Api) -> None:
    listed = {dragon["dragon_name_str"]: dragon for dragon in api.listed()}
    assert len(samples()) >= 100
    assert [listed[dragon["dragon_name_str"]] for dragon in samples()] == samples()


def test_atlas_is_red(api: Api) -> None:
    [atlas] = api.listed(dragonName="Atlas")
    assert atlas["family_str"] == "red"


@pytest.mark.parametrize("name", FILTERS)
def test_each_filter_is_exact(api: Api, name: str) -> None:
    record = FILTERS[name]
    value = samples()[7][record]
    wanted = {dragon["dragon_name_str"] for dragon in samples() if dragon[record] == value}
    assert {dragon["dragon_name_str"] for dragon in api.listed(**{name: value})} == wanted
    assert api.listed(**{name: value + " "}) == []
    assert api.listed(**{name: value.swapcase()}) == []


def test_filters_have_to_match_together(api: Api) -> None:
    first = samples()[0]
    both = api.listed(family=first["family_str"], city=first["location_city_str"])
    assert first in both
    assert all(dragon["location_city_str"] == first["location_city_str"] for dragon in both)


@pytest.mark.parametrize("name", FILTERS)
@pytest.mark.parametrize("value", HOSTILE_TEXTS)
def test_a_hostile_value_matches_nothing(api: Api, name: str, value: str) -> None:
    query = {name: value, "state": "a state of no dragon"}  # other tests report dragons with these texts
    for params in (query, {name: f"{uuid.uuid4()}{value}"}):
        answer = api.get("/dragons", params=params)
        assert answer.status_code == 200, answer.text
        assert answer.json() == {"dragons": []}


@pytest.mark.parametrize("limit", [1, 7, 200])
def test_pages_hold_every_dragon_once(api: Api, limit: int) -> None:
    names = [dragon["dragon_name_str"] for dragon in api.listed(family="red", limit=str(limit))]
    assert len(names) == len(set(names))
    wanted = {dragon["dragon_name_str"] for dragon in samples() if dragon["family_str"] == "red"}
    assert set(names) == wanted


def test_a_page_holds_fifty_unless_asked(api: Api) -> None:
    first = api.get("/dragons").json()
    assert len(first["dragons"]) == 50
    assert first["nextToken"]


def test_a_last_page_has_no_token(api: Api) -> None:
    assert "nextToken" not in api.get("/dragons", params={"dragonName": "Atlas"}).json()


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("colour=red", "colour"),
        ("description=x", "description"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=ten", "limit"),
        ("family=red&family=blue", "family"),
        ("nextToken=x", "nextToken"),
        ("nextToken=", "nextToken"),
    ],
)
def test_a_bad_parameter_is_named(api: Api, query: str, field: str) -> None:
    answer = api.get(f"/dragons?{query}")
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert answer.json()["message"]


def test_a_token_is_good_for_its_own_query_alone(api: Api) -> None:
    token = api.get("/dragons", params={"limit": "1", "family": "red"}).json()["nextToken"]
    assert api.get("/dragons", params={"family": "red", "nextToken": token}).status_code == 200
    for params in [{"nextToken": token}, {"family": "blue", "nextToken": token}]:
        assert api.get("/dragons", params=params).status_code == 400
    assert api.get("/dragons", params={"family": "red", "nextToken": token + "A"}).status_code == 400
