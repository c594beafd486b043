"""GET /dragons: filters, pages and tokens, over a dataset in memory."""

import json
from typing import Any
from urllib.parse import parse_qsl, quote, quote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragons.dataset import object_key, to_lines
from dragons.errors import ConfigurationError, InvalidRequestError
from dragons.fields import RECORD_NAMES
from dragons.paging import from_token, to_token
from list_dragons.engines import choose_engine
from list_dragons.query import Position, Query, Reading, page
from list_dragons.request import FILTERS, read_query
from list_dragons.scan import ScanEngine
from support.fakes import PARAMETERS, FakeS3
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


def test_a_page_reads_no_further_than_it_needs() -> None:
    s3 = dataset([[dragon(f"{n:03}")] for n in range(100)])
    page(ScanEngine(s3, "bucket", "dragons/"), Query({}, 5), Reading())  # type: ignore[arg-type]
    assert len(s3.read) == 6


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


positions = st.builds(Position, texts, texts)
filters_asked = st.dictionaries(st.sampled_from(sorted(FILTERS.values())), texts)


@given(positions, filters_asked)
def test_a_token_comes_back_as_the_position_it_was(position: Position, filters: dict[str, str]) -> None:
    assert Position(*from_token(to_token(position, filters), filters)) == position


@given(positions, filters_asked, filters_asked)
def test_a_token_is_good_for_its_filters_alone(
    position: Position, filters: dict[str, str], others: dict[str, str]
) -> None:
    if filters != others:
        with pytest.raises(InvalidRequestError):
            from_token(to_token(position, filters), others)


@given(positions, filters_asked, st.data())
def test_a_changed_token_is_refused(position: Position, filters: dict[str, str], data: st.DataObject) -> None:
    token = to_token(position, filters)
    at = data.draw(st.integers(0, len(token) - 1))
    character = data.draw(st.characters(codec="ascii"))
    changed = data.draw(st.sampled_from([token[:at], token[:at] + character + token[at + 1 :]]))
    if changed != token:
        with pytest.raises(InvalidRequestError):
            from_token(changed, filters)


@given(st.text())
def test_any_text_as_a_token_is_refused_in_words(token: str) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        from_token(token, {})
    assert caught.value.body() == {
        "message": "Invalid nextToken",
        "errors": [{"field": "nextToken", "reason": "is not a token of this query: start again without it"}],
    }


def event(**parameters: str) -> dict[str, Any]:
    return {
        "queryStringParameters": parameters or None,
        "multiValueQueryStringParameters": {k: [v] for k, v in parameters.items()} or None,
    }


def test_every_filter_has_its_course_name() -> None:
    query = read_query(event(dragonName="a", family="b", city="c", country="d", state="e", neighborhood="f"))
    assert sorted(query.filters.values()) == list("abcdef")
    assert query.filters["location_neighborhood_str"] == "f"
    assert query.limit == 50


@pytest.mark.parametrize("limit", [1, 9, 10, 100, 200])
def test_a_limit_from_1_to_200_is_taken(limit: int) -> None:
    assert read_query({"queryStringParameters": {"limit": str(limit)}}).limit == limit


def test_an_error_tells_a_client_what_a_limit_may_be() -> None:
    with pytest.raises(InvalidRequestError) as caught:
        read_query({"queryStringParameters": {"limit": "201"}})
    assert [error.reason for error in caught.value.errors] == ["must be a whole number from 1 to 200"]


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
        ({"limit": ""}, "limit"),
        ({"nextToken": ""}, "nextToken"),
        ({"nextToken": "[" * 100000}, "nextToken"),
    ],
)
def test_a_bad_parameter_is_named(parameters: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        read_query(event(**parameters))
    assert [error.field for error in caught.value.errors] == [field]


def test_all_bad_parameters_are_named_at_once() -> None:
    asked = {"multiValueQueryStringParameters": {"family": ["red", "blue"], "x": ["1"], "limit": ["x"]}}
    with pytest.raises(InvalidRequestError) as caught:
        read_query(asked)
    assert {error.field for error in caught.value.errors} == {"family", "x", "limit"}


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


def outcome(event: dict[str, Any]) -> Query | dict[str, Any]:
    try:
        return read_query(event)
    except InvalidRequestError as error:
        return error.body()


asked_names = st.sampled_from([*FILTERS, "limit", "nextToken", "colour"])
asked_values = st.one_of(texts, st.integers(0, 201).map(str), st.just(to_token(Position("k", "n"), {})))


@given(st.lists(st.tuples(asked_names, asked_values), max_size=4), st.sampled_from([quote, quote_plus]))
def test_a_query_is_the_same_through_either_api(asked: list[tuple[str, str]], quoting: Any) -> None:
    raw_query = urlencode(asked, quote_via=quoting)
    assert outcome(http_event(raw_query)) == outcome(rest_event(raw_query))


def test_a_comma_is_no_repetition_and_a_repetition_no_comma() -> None:
    assert read_query(http_event("family=red%2Cblue")).filters == {"family_str": "red,blue"}
    with pytest.raises(InvalidRequestError) as caught:
        read_query(http_event("family=red&family=blue"))
    assert [error.reason for error in caught.value.errors] == ["is given more than once"]


def test_a_filter_for_no_text_is_a_filter() -> None:
    assert read_query(http_event("family=")).filters == {"family_str": ""}


def test_a_limit_of_four_digits_is_none() -> None:
    with pytest.raises(InvalidRequestError):
        read_query(event(limit="0100"))


def test_an_unknown_engine_is_named_with_the_ones_there_are() -> None:
    with pytest.raises(
        ConfigurationError, match=r"^query_engine is 'sqlite': set the parameter to one of scan$"
    ):
        choose_engine("sqlite", FakeS3(), "bucket", "p")  # type: ignore[arg-type]


def test_the_handler_answers_pages_and_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    from list_dragons import handler

    s3 = dataset([[dragon("a"), dragon("b")]])
    monkeypatch.setattr(handler, "s3", s3)
    monkeypatch.setattr(handler, "parameters", PARAMETERS)
    first = json.loads(handler.handler(event(limit="1"), None)["body"])
    assert first["dragons"] == [dragon("a")]
    second = handler.handler(event(limit="1", nextToken=first["nextToken"]), None)
    assert (second["statusCode"], json.loads(second["body"])) == (200, {"dragons": [dragon("b")]})
    refused = handler.handler(event(colour="red"), None)
    assert refused["statusCode"] == 400
    assert json.loads(refused["body"]) == {
        "message": "Invalid request parameters",
        "errors": [{"field": "colour", "reason": "is not a filter of this route"}],
    }
