"""What a large registry refuses, and what it does not."""

import pytest

from dragons.errors import FieldError, InvalidRequestError
from dragons.parameters import LIFETIME_SECONDS
from list_dragons.query import Query
from list_dragons.scan_limit import ScanLimit


def test_a_large_registry_refuses_to_be_read_as_a_whole_and_names_the_way_out() -> None:
    query = Query({"location_city_str": "Oslo", "location_state_str": "x"}, 50)
    ScanLimit(250_000, {"registry#dragons": 250_000}.__getitem__).check(query, "scan")
    with pytest.raises(InvalidRequestError, match=r"^Invalid request parameters$") as caught:
        ScanLimit(249_999, {"registry#dragons": 250_000}.__getitem__).check(query, "scan")
    reason = "would read all of 250,000 dragons: add family or dragonName"
    assert caught.value.errors == [FieldError("city", reason), FieldError("state", reason)]


@pytest.mark.parametrize(
    ("filters", "engine"),
    [
        ({}, "scan"),
        ({"family_str": "red"}, "scan"),
        ({"family_str": "red", "location_city_str": "Oslo"}, "s3_select"),
        ({"location_city_str": "Oslo"}, "athena"),
    ],
)
def test_what_spares_reading_everything_passes_and_reads_no_tally(
    filters: dict[str, str], engine: str
) -> None:
    def no_tally(_tally: str) -> int:
        raise AssertionError("the size does not matter")

    ScanLimit(0, no_tally).check(Query(filters, 50), engine)


def test_the_size_is_read_at_most_twice_a_minute() -> None:
    now, sizes = 0.0, [0, 1]
    limit = ScanLimit(0, lambda _: sizes.pop(0), clock=lambda: now)
    query = Query({"location_city_str": "Oslo"}, 50)
    limit.check(query, "scan")
    now = LIFETIME_SECONDS - 0.1
    limit.check(query, "scan")
    now = LIFETIME_SECONDS
    with pytest.raises(InvalidRequestError):
        limit.check(query, "s3_select")
    assert sizes == []
