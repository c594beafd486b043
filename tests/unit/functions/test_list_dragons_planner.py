"""Which plan a query gets, and what it reads."""

from collections.abc import Iterator

import pytest

from list_dragons.query import CountQuery, Page, Position, Query, Reading
from support.planned import FakeEngine, answered, names_of
from support.registry import Registry, in_memory


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with in_memory() as made:
        yield made


def test_a_name_is_one_consistent_read_of_the_table(registry: Registry) -> None:
    registry.put("Atlas", location_city_str={"S": "Oslo"})
    registry.asked.clear()
    found = answered(Query({"dragon_name_str": "Atlas"}, 50), registry)
    [(operation, parameters)] = registry.asked
    assert (operation, parameters["ConsistentRead"]) == ("GetItem", True)
    assert names_of(found.found) == ["Atlas"]
    assert (found.timing.plan, found.timing.reading) == ("name", Reading(objects=1))
    assert found.timing.milliseconds == 250


@pytest.mark.parametrize(
    ("filters", "wanted"),
    [
        ({}, ["Atlas"]),
        ({"family_str": "red", "location_city_str": "Oslo"}, ["Atlas"]),
        ({"location_country_str": "7"}, ["Atlas"]),
        ({"family_str": "blue"}, []),
        ({"location_city_str": "oslo"}, []),
        ({"location_state_str": ""}, []),
        ({"location_city_str": "\ud800"}, []),
    ],
)
def test_the_other_filters_are_checked_on_the_item(
    registry: Registry, filters: dict[str, str], wanted: list[str]
) -> None:
    registry.put("Atlas", location_city_str={"S": "Oslo"}, location_country_str={"N": "7"})
    found = answered(Query({"dragon_name_str": "Atlas"} | filters, 50), registry)
    assert (found.timing.plan, names_of(found.found)) == ("name", wanted)


@pytest.mark.parametrize(
    ("filters", "plan"),
    [
        ({"family_str": "red"}, "family"),
        ({"family_str": "red", "location_city_str": "Oslo"}, "family"),
        ({}, "dataset"),
        ({"location_city_str": "Oslo"}, "dataset"),
    ],
)
def test_the_rest_is_read_by_the_engine_as_far_as_a_page_needs(
    registry: Registry, filters: dict[str, str], plan: str
) -> None:
    engine = FakeEngine("a", "b", "c", "d")
    query = Query(filters, 2, Position("key", "Z"))
    found = answered(query, registry, engine)
    assert engine.asked == [query]
    assert isinstance(found.found, Page)
    assert (names_of(found.found), found.found.next_after) == (["a", "b"], Position("key", "b"))
    assert (found.timing.plan, found.timing.reading) == (plan, Reading(objects=3, bytes=30))


@pytest.mark.parametrize("field", ["family_str", "location_city_str"])
def test_half_a_surrogate_pair_is_on_no_record_and_reads_nothing(registry: Registry, field: str) -> None:
    assert answered(Query({field: "\ud800"}, 50), registry).found == Page([], None)


@pytest.mark.parametrize(
    ("filters", "wanted"),
    [
        ({}, 188),
        ({"family_str": "red"}, 20),
        ({"family_str": "Red"}, 0),
        ({"location_country_str": "Norway"}, 3),
        ({"location_country_str": "\ud800"}, 0),
        ({"dragon_name_str": "Atlas"}, 1),
        ({"dragon_name_str": "atlas"}, 0),
        ({"dragon_name_str": ""}, 0),
    ],
)
def test_a_count_is_a_tally_or_whether_a_name_is_there(
    registry: Registry, filters: dict[str, str], wanted: int
) -> None:
    registry.put("Atlas")
    for tally, dragons in {"registry#dragons": 188, "family#red": 20, "country#Norway": 3}.items():
        registry.tally(tally, dragons)
    registry.asked.clear()
    found = answered(CountQuery(filters), registry)
    assert len(registry.asked) <= 1
    assert all(operation == "GetItem" and each["ConsistentRead"] for operation, each in registry.asked)
    assert (found.found, found.timing.plan, found.timing.reading.objects) == (wanted, "count", 1)
