"""Dragons by their names, which the table tells: at once, in order, and by how they begin."""

from typing import Any

import pytest

from dragons.fields import RECORD_NAMES
from e2e.listing.conftest import List
from samples.load import samples
from support.hostile import asked
from support.system import Api, Make, poll

NAMES = sorted(dragon["dragon_name_str"] for dragon in samples())


def record_of(report: dict[str, Any]) -> dict[str, str]:
    return {record: report[field] for field, record in RECORD_NAMES.items()}


def names_of(dragons: list[dict[str, str]]) -> list[str]:
    return [dragon["dragon_name_str"] for dragon in dragons]


def test_a_dragon_is_found_by_its_name_as_soon_as_its_report_has_succeeded(
    api: Api, make_report: Make, list_by: List
) -> None:
    report = make_report()
    name = report["dragonName"]
    assert api.accepted(report)["status"] == "SUCCEEDED"
    assert list_by(dragonName=name).json() == {"dragons": [record_of(report)]}
    assert list_by(dragonName=name, city=report["city"], family=report["family"]).json()["dragons"]
    assert list_by(dragonName=name, city=report["city"], family="another").json() == {"dragons": []}
    assert list_by("HEAD", dragonName=name).headers["X-Total-Count"] == "1"
    poll(lambda: list_by(dragonName=f"{name[:-1]}*").json()["dragons"] or None, f"{name} to be in the index")


def test_names_that_begin_alike_are_listed_in_order(api: Api, list_by: List) -> None:
    for prefix in ("Atlas", "At", "A"):
        found = names_of(api.listed(dragonName=f"{prefix}*", limit="3"))
        assert all(name.startswith(prefix) for name in found)
        assert [name for name in found if name in NAMES] == [
            name for name in NAMES if name.startswith(prefix)
        ]
        page = list_by(dragonName=f"{prefix}*").json()
        assert names_of(page["dragons"]) == found[:50]
        assert list_by(dragonName=f"{prefix}*", order="name").json()["dragons"] == page["dragons"]
    assert list_by(dragonName="no dragon begins so*").json() == {"dragons": []}


@pytest.mark.parametrize("name", ["{}*", "{}\\*", "{}\\", "{}*x"])
def test_a_name_with_a_star_is_asked_for_exactly(
    api: Api, make_report: Make, list_by: List, name: str
) -> None:
    own = make_report()["dragonName"]
    report, other = make_report(dragonName=name.format(own)), make_report(dragonName=f"{name.format(own)}x")
    assert {api.accepted(each)["status"] for each in (report, other)} == {"SUCCEEDED"}
    assert list_by(dragonName=asked(report["dragonName"])).json() == {"dragons": [record_of(report)]}


@pytest.mark.parametrize("limit", [1, 7, 200])
def test_all_dragons_are_listed_in_the_order_of_their_names(api: Api, limit: int) -> None:
    found = api.listed(order="name", limit=str(limit))
    names = names_of(found)
    assert names == sorted(set(names), key=str.encode)
    by_name = {dragon["dragon_name_str"]: dragon for dragon in samples()}
    assert [dragon for dragon in found if dragon["dragon_name_str"] in by_name] == [
        by_name[name] for name in sorted(by_name, key=str.encode)
    ]


def test_a_token_of_names_is_good_for_its_own_query_alone(list_by: List) -> None:
    token = list_by(order="name", limit="1").json()["nextToken"]
    assert list_by(order="name", nextToken=token).status_code == 200
    for query in ({}, {"dragonName": "A*"}, {"family": "red"}):
        answer = list_by(**query, nextToken=token)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "nextToken")
