"""The Athena engine, over a dataset in memory: its answers, its statements, and why it has none."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dragons.dataset import object_key, to_lines
from dragons.errors import ConfigurationError
from dragons.merged import to_object
from list_dragons.athena import AthenaEngine
from list_dragons.athena_client import Athena
from list_dragons.engines import choose_engine
from list_dragons.query import Position, Query, Reading, page
from list_dragons.scan import ScanEngine
from list_dragons.unavailable import QueryUnavailableError
from support.athena import FakeAthena
from support.fakes import FakeS3
from support.strategies import texts

CITY = "location_city_str"
HOSTILE = [
    "O'Brien",
    "''",
    "?",
    "a?b",
    "%",
    "\\",
    '"',
    "x' OR '1'='1",
    "\n",
    "\x00",
    "é😀",
    "1",
    "true",
    "[]",
]


def dragon(name: str, family: str = "red", /, **fields: Any) -> dict[str, Any]:
    return {"dragon_name_str": name, "family_str": family, **fields}


def key(sequence: int, family: str = "red") -> str:
    return object_key("dragons/", family, str(sequence))


def dataset(*dragons: dict[str, Any]) -> FakeS3:
    """Each in an object of its own."""
    s3 = FakeS3()
    for sequence, each in enumerate(dragons):
        s3.objects[key(sequence, each["family_str"])] = to_lines([each])
    return s3


def engine(s3: FakeS3) -> tuple[AthenaEngine, FakeAthena]:
    fake = FakeAthena(s3)
    runner = Athena("dragons-unit", "dragons_unit")
    runner._made = fake  # type: ignore[assignment]
    return AthenaEngine(runner, "bucket", "dragons/"), fake


def pages(engine: Any, filters: dict[str, str], limit: int) -> list[list[str]]:
    found, after = [], None
    while True:
        each = page(engine, Query(filters, limit, after), Reading())
        found.append([dragon["dragon_name_str"] for dragon in each.dragons])
        if each.next_after is None:
            return found
        after = each.next_after


def names(s3: FakeS3, **filters: str) -> list[str]:
    return [name for each in pages(engine(s3)[0], filters, 2) for name in each]


@settings(max_examples=40)
@given(
    st.lists(st.tuples(texts, st.sampled_from(["red", "a/b", "O'Brien", "100%"]), st.sampled_from(HOSTILE))),
    st.sampled_from([{}, {"family_str": "O'Brien"}, *({CITY: each} for each in HOSTILE)]),
    st.integers(1, 4),
)
def test_it_answers_as_the_scan_does_page_by_page(
    dragons: list[tuple[str, str, str]], filters: dict[str, str], limit: int
) -> None:
    s3 = dataset(*(dragon(name, family, **{CITY: city}) for name, family, city in dragons))
    scan = ScanEngine(s3, "bucket", "dragons/")  # type: ignore[arg-type]
    assert pages(engine(s3)[0], filters, limit) == pages(scan, filters, limit)


@pytest.mark.parametrize("wanted", HOSTILE)
def test_a_hostile_text_matches_itself_alone(wanted: str) -> None:
    s3 = dataset(*(dragon(f"d{number}", **{CITY: each}) for number, each in enumerate(HOSTILE)))
    assert names(s3, **{CITY: wanted}) == [f"d{HOSTILE.index(wanted)}"]


def test_values_that_are_no_text_match_by_their_json_and_lists_by_an_element() -> None:
    values: list[Any] = [12, 12.0, 100000.0, True, None, ["x", "12"], {"a": "12"}, "12"]
    s3 = dataset(*(dragon(f"d{number}", **{CITY: value}) for number, value in enumerate(values)))
    assert names(s3, **{CITY: "12"}) == ["d0", "d5", "d7"]
    assert names(s3, **{CITY: "12.0"}) == ["d1"]
    assert names(s3, **{CITY: "100000.0"}) == ["d2"]
    assert names(s3, **{CITY: "true"}) == ["d3"]
    assert names(s3, **{CITY: "null"}) == []


def test_a_page_is_full_where_the_first_rows_do_not_match() -> None:
    s3 = dataset(
        *(dragon(f"d{number}", **{CITY: [number]}) for number in range(8)), dragon("last", **{CITY: "x"})
    )
    asked, fake = engine(s3)
    assert [each["dragon_name_str"] for each in page(asked, Query({CITY: "x"}, 1), Reading()).dragons] == [
        "last"
    ]
    assert len(fake.statements) == 5  # of two rows each


def test_a_long_text_is_handed_over_in_pieces() -> None:
    wanted = "'" * 1200
    s3 = dataset(dragon("long", **{CITY: wanted}), dragon("short", **{CITY: "'" * 1199}))
    assert names(s3, **{CITY: wanted}) == ["long"]


def test_no_text_of_a_caller_is_in_the_statement_and_a_family_is_its_folder() -> None:
    asked, fake = engine(dataset())
    after = Position(key(3, "o'red"), "nessie's")
    list(asked.dragons(Query({"family_str": "o'red", CITY: "O'Slo"}, 7, after), Reading()))
    [(statement, parameters)] = fake.statements
    uri = f"'s3://bucket/{after.key}'"
    assert parameters == ["'o%27red'", uri, uri, "'nessie''s'", "'O''Slo'"]
    assert not [word for word in ("red", "nessie", "Slo") if word in statement]
    assert "FROM dragons_by_family" in statement
    assert statement.endswith("LIMIT 8\n")


@pytest.mark.parametrize("filters", [{CITY: "\ud800"}, {"family_str": "a\udc00"}])
def test_what_cannot_match_is_not_asked(filters: dict[str, str]) -> None:
    asked, fake = engine(dataset(dragon("a")))
    assert list(asked.dragons(Query(filters, 5), Reading())) == []
    assert fake.statements == []


def test_an_empty_text_elsewhere_is_one() -> None:
    assert names(
        dataset(dragon("a", **{CITY: ""}), dragon("b", **{CITY: "x"}), dragon("c")), **{CITY: ""}
    ) == ["a"]


def test_the_first_place_of_a_part_counts_while_it_is_merged() -> None:
    s3 = dataset(dragon("a"), dragon("b"))
    s3.objects[key(2)] = to_object(
        key(2), {key(0): [dragon("a", **{CITY: "later"})], key(1): [dragon("b")], key(2): [dragon("c")]}
    )
    s3.objects[key(0)] = to_object(key(0), {key(0): []})  # its dragon has left since
    s3.objects[key(1)] = b""  # it is merged
    assert names(s3) == ["b", "c"]
    assert names(s3, family_str="red") == ["b", "c"]


def test_other_objects_are_not_read_and_malformed_lines_counted(caplog: pytest.LogCaptureFixture) -> None:
    s3 = dataset(dragon("a"))
    s3.objects["dragons/family_str=red/seed.json"] = to_lines([dragon("seed")])
    s3.objects[key(9)] = b'{"dragon_name_str":"b","family_str":1}\nno json\n'
    reading = Reading()
    found = page(engine(s3)[0], Query({}, 5), reading)
    assert [each["dragon_name_str"] for each in found.dragons] == ["a"]
    assert (reading.malformed, reading.bytes, reading.objects) == (1, 7, 0)
    assert key(9) in caplog.text


def test_a_query_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("list_dragons.athena.SECONDS", 0.2)
    asked, fake = engine(dataset(dragon("a")))
    fake.status = {"State": "RUNNING"}
    with pytest.raises(
        QueryUnavailableError, match=r"took longer than 0\.2 seconds: add family or dragonName"
    ) as it:
        page(asked, Query({}, 5), Reading())
    assert (it.value.retry_after, fake.stopped) == (5, ["0"])


@pytest.mark.parametrize(
    ("status", "remedy", "retry_after"),
    [
        (
            {"State": "CANCELLED", "StateChangeReason": "Bytes scanned limit was exceeded"},
            "bytes_per_query",
            None,
        ),
        ({"State": "FAILED", "AthenaError": {"Retryable": True}}, "try again", 5),
    ],
)
def test_what_ends_a_query_says_what_to_do(
    status: dict[str, Any], remedy: str, retry_after: int | None
) -> None:
    asked, fake = engine(dataset())
    fake.status = status
    with pytest.raises(QueryUnavailableError, match=remedy) as caught:
        page(asked, Query({}, 5), Reading())
    assert caught.value.retry_after == retry_after


def test_another_failure_is_an_error_with_athenas_reason() -> None:
    asked, fake = engine(dataset())
    fake.status = {"State": "FAILED", "StateChangeReason": "TABLE_NOT_FOUND"}
    with pytest.raises(RuntimeError, match="FAILED: TABLE_NOT_FOUND"):
        page(asked, Query({}, 5), Reading())


def test_a_throttled_query_may_come_again() -> None:
    asked, fake = engine(dataset())
    fake.refuses = True
    with pytest.raises(QueryUnavailableError, match="try again") as caught:
        page(asked, Query({}, 5), Reading())
    assert caught.value.retry_after == 5


def test_it_wants_the_environments_tables() -> None:
    s3: Any = FakeS3()
    with pytest.raises(ConfigurationError, match="input `athena`"):
        choose_engine("athena", s3, "bucket", "dragons/", Athena("", ""))
    assert isinstance(choose_engine("athena", s3, "bucket", "dragons/", Athena("w", "d")), AthenaEngine)


def test_the_client_is_made_once_and_only_where_it_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def client(service: str) -> object:
        made.append(service)
        return object()

    monkeypatch.setattr("boto3.client", client)
    athena = Athena("w", "d")
    assert made == []
    assert athena.client is athena.client
    assert made == ["athena"]


def test_a_line_is_the_bytes_that_were_written() -> None:
    written = dragon("a", **{CITY: "\r\n\x01\u2028é"}, number_str=1.50)
    [found] = [each for _, each in engine(dataset(written))[0].dragons(Query({}, 1), Reading())]
    assert json.dumps(found) == json.dumps(written)
