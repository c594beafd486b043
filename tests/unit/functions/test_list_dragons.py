"""GET /dragons: filters and pages, over a dataset in memory."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragons.dataset import object_key, to_lines
from dragons.errors import ConfigurationError
from dragons.fields import RECORD_NAMES
from dragons.paging import from_token, to_token
from list_dragons.engines import choose_engine
from list_dragons.query import Position, Query, Reading, page
from list_dragons.scan import ScanEngine
from support.fakes import FakeS3
from support.strategies import texts


def dragon(name: str, family: str = "red", **fields: str) -> dict[str, Any]:
    return dict.fromkeys(RECORD_NAMES.values(), "x") | {
        "dragon_name_str": name,
        "family_str": family,
        **fields,
    }


def dataset(batches: list[list[dict[str, Any]]]) -> FakeS3:
    """Write batches as the stream's consumer does: one object a family and batch."""
    s3 = FakeS3()
    for sequence, batch in enumerate(batches):
        for family in {each["family_str"] for each in batch}:
            members = [each for each in batch if each["family_str"] == family]
            s3.objects[object_key("dragons/", family, str(sequence))] = to_lines(members)
    return s3


def all_pages(s3: FakeS3, filters: dict[str, str], limit: int) -> list[list[str]]:
    engine = ScanEngine(s3, "bucket", "dragons/")  # type: ignore[arg-type]
    pages, after = [], None
    while True:
        found = page(engine, Query(filters, limit, after), Reading())
        pages.append([each["dragon_name_str"] for each in found.dragons])
        if found.next_after is None:
            return pages
        after = Position(*from_token(to_token(found.next_after, filters), filters))


names_in_batches = st.lists(texts, unique=True, max_size=30).flatmap(
    lambda names: st.tuples(
        st.just(names),
        st.lists(st.sampled_from(["red", "blue", "a/b"]), min_size=len(names), max_size=len(names)),
        st.integers(1, 5),
    )
)


@given(names_in_batches, st.integers(1, 7), st.sampled_from([None, "red", "a/b", "none"]))
def test_pages_hold_every_match_once(
    made: tuple[list[str], list[str], int], limit: int, family: str | None
) -> None:
    names, families, size = made
    dragons = [dragon(name, each) for name, each in zip(names, families, strict=True)]
    s3 = dataset([dragons[start : start + size] for start in range(0, len(dragons), size)])
    filters = {} if family is None else {"family_str": family}
    pages = all_pages(s3, filters, limit)
    wanted = sorted(each["dragon_name_str"] for each in dragons if family in (None, each["family_str"]))
    assert sorted(name for each in pages for name in each) == wanted
    assert all(len(each) == limit for each in pages[:-1])
    assert len(pages[-1]) <= limit


def test_the_family_filter_reads_that_family_alone() -> None:
    s3 = dataset([[dragon("a", "red"), dragon("b", "blue")], [dragon("c", "red")]])
    assert all_pages(s3, {"family_str": "red"}, 50) == [["a", "c"]]
    assert {key.split("/")[1] for key in s3.read} == {"family_str=red"}


def test_a_page_reads_not_much_more_than_it_needs() -> None:
    s3 = dataset([[dragon(f"{n:03}")] for n in range(100)])
    page(ScanEngine(s3, "bucket", "dragons/"), Query({}, 5), Reading())  # type: ignore[arg-type]
    assert len(s3.read) <= 4 * 6


def test_filters_are_exact_and_all_have_to_match() -> None:
    s3 = dataset([[dragon("a", location_city_str="Oslo"), dragon("b", location_city_str="oslo")]])
    assert all_pages(s3, {"location_city_str": "Oslo"}, 50) == [["a"]]
    assert all_pages(s3, {"location_city_str": "Oslo", "family_str": "blue"}, 50) == [[]]
    assert all_pages(s3, {"location_city_str": "x' or '1'='1"}, 50) == [[]]


@pytest.mark.parametrize(
    ("value", "asked"), [("Oslo", "Oslo"), (7, "7"), (0.5, "0.5"), (True, "true"), (["Rome", 7], "7")]
)
def test_a_filter_finds_a_field_of_any_type_and_none_that_is_not_there(value: Any, asked: str) -> None:
    cityless = dragon("b")
    del cityless["location_city_str"]
    empty: list[Any] = [None, {}, []]
    others = [cityless, *(dragon(f"c{n}") | {"location_city_str": each} for n, each in enumerate(empty))]
    s3 = dataset([[dragon("a") | {"location_city_str": value}, *others]])
    assert all_pages(s3, {"location_city_str": asked}, 50) == [["a"]]
    for nothing in ("null", "None", ""):
        assert all_pages(s3, {"location_city_str": nothing}, 50) == [[]]


def test_a_line_of_an_earlier_schema_is_listed_without_what_left_the_schema() -> None:
    early = {"dragon_name_str": "a", "colour_str": "red", "family_str": "red"}
    s3 = dataset([[early]])
    found = page(ScanEngine(s3, "bucket", "dragons/"), Query({}, 5), Reading())  # type: ignore[arg-type]
    assert found.dragons == [{"dragon_name_str": "a", "family_str": "red"}]


def test_a_page_goes_on_where_its_object_was_rewritten_or_is_gone() -> None:
    s3 = dataset([[dragon("a"), dragon("b"), dragon("c")], [dragon("d")]])
    engine = ScanEngine(s3, "bucket", "dragons/")  # type: ignore[arg-type]
    first = page(engine, Query({}, 2), Reading())
    key = object_key("dragons/", "red", "0")
    s3.objects[key] = to_lines([dragon("c")])
    rest = page(engine, Query({}, 2, first.next_after), Reading())
    assert [each["dragon_name_str"] for each in rest.dragons] == ["c", "d"]
    del s3.objects[key]
    rest = page(engine, Query({}, 2, first.next_after), Reading())
    assert [each["dragon_name_str"] for each in rest.dragons] == ["d"]


def test_an_unknown_engine_is_named_with_the_ones_there_are() -> None:
    with pytest.raises(
        ConfigurationError,
        match=r"^query_engine is 'sqlite': set the parameter to one of scan, s3_select, athena$",
    ):
        choose_engine("sqlite", FakeS3(), "bucket", "p")  # type: ignore[arg-type]
