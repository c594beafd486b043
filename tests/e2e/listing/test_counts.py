"""How many dragons there are, by `count=true` and by HEAD; and what an answer took."""

import re
import time
from collections.abc import Callable

import pytest

from e2e.listing.conftest import List
from samples.load import samples
from support.system import Api, Make, poll

QUERIES = [
    {"family": "red"},
    {"country": samples()[0]["location_country_str"]},
    {"dragonName": "Atlas"},
    {"dragonName": "nobody's name"},
    {"family": "no family"},
]
TIMING = re.compile(r'plan;desc="(\w+)", objects;desc="(\d+)", bytes;desc="(\d+)", query;dur=[\d.]+')


@pytest.mark.parametrize("query", QUERIES, ids=str)
def test_as_many_are_counted_as_are_listed(api: Api, list_by: List, query: dict[str, str]) -> None:
    def counted() -> int | None:
        """The number, once tallies and dataset have followed the table."""
        before = len(api.listed(**query))
        answer = list_by(**query, count="true").json()
        assert list(answer) == ["count"]
        return answer["count"] if answer["count"] == before == len(api.listed(**query)) else None

    number = poll(counted, f"as many of {query} to be counted as are listed")
    answer = list_by(**query, count="true")
    assert answer.headers["X-Total-Count"] == str(answer.json()["count"])
    assert 'plan;desc="count"' in answer.headers["Server-Timing"]
    head = list_by("HEAD", **query)
    assert (head.status_code, head.content, head.headers["X-Total-Count"]) == (200, b"", str(number))


def test_all_are_counted(api: Api, make_report: Make, list_by: List) -> None:
    """Other tests tell of dragons that are none: the number may differ from the list, and keeps doing so."""

    def look() -> tuple[int, int]:
        """How many are listed, and by how many more the number is."""
        number, listed = list_by(count="true").json()["count"], len(api.listed(limit="200"))
        return listed, number - listed

    def settled() -> tuple[int, int] | None:
        before = look()
        time.sleep(5)  # other tests' events may be under way
        return before if before == look() else None

    listed, difference = poll(settled, "the number of all dragons to settle")
    assert {api.accepted(make_report())["status"] for _ in range(2)} == {"SUCCEEDED"}
    poll(lambda: look() == (listed + 2, difference) or None, "two dragons more to be counted")
    head = list_by("HEAD")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["X-Total-Count"] == str(listed + 2 + difference)


def test_a_dragon_counts_while_it_is_on_record(
    api: Api, make_report: Make, know: Callable[[str], str], list_by: List
) -> None:
    family = make_report()["dragonName"]
    know(family)

    def count(number: int) -> None:
        poll(lambda: list_by(family=family, count="true").json() == {"count": number} or None, f"{number}")

    count(1)
    assert api.accepted(make_report(family=family))["status"] == "SUCCEEDED"
    count(2)


@pytest.mark.parametrize(
    ("query", "plan"),
    [
        ({"dragonName": "Atlas"}, "name"),
        ({"dragonName": "Atlas", "family": "red"}, "name"),
        ({"order": "name"}, "names"),
        ({"dragonName": "At*"}, "names"),
        ({"family": "red"}, "family"),
        ({"family": "red", "country": "Norway"}, "family"),
        ({"city": "Oslo"}, "dataset"),
        ({}, "dataset"),
        ({"count": "true"}, "count"),
    ],
    ids=str,
)
def test_an_answer_tells_what_it_took(list_by: List, query: dict[str, str], plan: str) -> None:
    found = TIMING.fullmatch(list_by(**query).headers["Server-Timing"])
    assert found
    told, objects, read = found.groups()
    assert told == plan
    assert int(objects) > 0
    assert (int(read) > 0) is (plan in ("family", "dataset"))
    assert plan not in ("name", "count") or objects == "1"


REFUSED = [
    ({"order": "name", "family": "red"}, ["family"]),
    ({"order": "family"}, ["order"]),
    ({"order": ""}, ["order"]),
    ({"order": "name", "city": "Oslo", "state": "x"}, ["city", "state"]),
    ({"dragonName": "At*", "country": "Norway"}, ["country"]),
    ({"dragonName": "*", "neighborhood": "x"}, ["neighborhood"]),
    ({"count": "yes"}, ["count"]),
    ({"count": "false"}, ["count"]),
    ({"count": "true", "city": "Oslo"}, ["city"]),
    ({"count": "true", "family": "red", "country": "Norway"}, ["family", "country"]),
    ({"count": "true", "dragonName": "At*"}, ["dragonName"]),
    ({"count": "true", "order": "name"}, ["order"]),
    ({"count": "true", "limit": "5"}, ["limit"]),
]


@pytest.mark.parametrize(("query", "fields"), REFUSED, ids=str)
def test_what_does_not_go_together_is_named(list_by: List, query: dict[str, str], fields: list[str]) -> None:
    answer = list_by(**query)
    assert answer.status_code == 400, answer.text
    errors = answer.json()["errors"]
    assert {error["field"] for error in errors} == {*fields}
    assert all(error["reason"] for error in errors)


@pytest.mark.parametrize("query", [{"city": "Oslo"}, {"order": "name"}, {"dragonName": "At*"}], ids=str)
def test_a_head_that_is_refused_has_no_body(list_by: List, query: dict[str, str]) -> None:
    answer = list_by("HEAD", **query)
    assert (answer.status_code, answer.content) == (400, b"")
    assert "X-Total-Count" not in answer.headers
