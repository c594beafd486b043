"""Every engine gives the same pages for the same question, and they are what a few lines of Python find."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import cycle
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dragons.dataset import family_folder
from dragons.fields import dragon_fields
from list_dragons.athena import AthenaEngine
from list_dragons.athena_client import Athena
from list_dragons.query import Page, Position, Query, QueryEngine, Reading, page
from list_dragons.scan import ScanEngine
from list_dragons.select import SelectEngine
from support.athena import FakeAthena
from support.datasets import PREFIX, datasets, datasets_with_documents, filters_of, records_of
from support.fake_select import SelectingS3

EngineOf = Callable[[Any, str, str], QueryEngine]


def athena_engine(s3: Any, bucket: str, prefix: str) -> AthenaEngine:
    """Athena over the same objects."""
    runner = Athena("dragons-unit", "dragons_unit")
    runner._made = FakeAthena(s3)  # type: ignore[assignment]
    return AthenaEngine(runner, bucket, prefix)


OF_S3: list[EngineOf] = [ScanEngine, SelectEngine]


def is_wanted(value: Any, wanted: str) -> bool:
    """Whether a value is what a caller asked for."""
    if isinstance(value, list):
        return any(is_wanted(each, wanted) for each in value)
    if isinstance(value, bool):
        return wanted == ("true" if value else "false")
    return value == wanted if isinstance(value, str) else wanted == repr(value) and value is not None


def reference(s3: SelectingS3, filters: dict[str, str]) -> list[tuple[Position, dict[str, Any]]]:
    """All that match, in the order of positions: of a part that stands twice, the first place counts."""
    folder = family_folder(PREFIX, filters["family_str"]) if "family_str" in filters else PREFIX
    found: list[tuple[Position, dict[str, Any]]] = []
    counted: set[str] = set()
    for key in sorted(key for key, content in s3.objects.items() if content and key.startswith(folder)):
        here = {key}
        for record in records_of(key, s3.objects[key]):
            if record is None:
                continue
            origin = f"{key.rpartition('/')[0]}/{record.get('_origin', key.rpartition('/')[2])}"
            here.add(origin)
            matches = all(is_wanted(record.get(field), wanted) for field, wanted in filters.items())
            if matches and origin not in counted and "dragon_name_str" in record:
                found.append((Position(origin, record["dragon_name_str"]), record))
        counted |= here
    return sorted(found, key=lambda each: each[0])


def pages(s3: SelectingS3, engines: Iterable[EngineOf], query: Query) -> Iterator[Page[Position]]:
    """All pages of a query, by one engine after the other."""
    made = cycle([engine(s3, "bucket", PREFIX) for engine in engines])
    while True:
        found = page(next(made), query, Reading())
        yield found
        if found.next_after is None:
            return
        query = replace(query, after=found.next_after)


def pages_wanted(s3: SelectingS3, query: Query) -> list[Page[Position]]:
    """All pages that the reference has."""
    found = reference(s3, dict(query.filters))
    shown = [{name: each[name] for name in dragon_fields() if name in each} for _, each in found]
    starts = range(0, max(len(found), 1), query.limit)
    return [
        Page(shown[start:end], found[end - 1][0] if end < len(found) else None)
        for start in starts
        for end in [start + query.limit]
    ]


def check_one_answer(s3: SelectingS3, engines: list[EngineOf], data: st.DataObject) -> None:
    for filters in [{}, *(data.draw(filters_of(s3)) for _ in range(4))]:
        query = Query(filters, data.draw(st.integers(1, 4)))
        wanted = pages_wanted(s3, query)
        for engine in engines:
            assert list(pages(s3, [engine], query)) == wanted
        assert list(pages(s3, engines, query)) == wanted


@settings(max_examples=100, deadline=None)
@given(datasets(), st.data())
def test_engines_of_s3_and_reference_agree_page_by_page(s3: SelectingS3, data: st.DataObject) -> None:
    check_one_answer(s3, OF_S3, data)


@settings(max_examples=25, deadline=None)
@given(datasets(), st.data())
def test_athena_agrees_with_them(s3: SelectingS3, data: st.DataObject) -> None:
    check_one_answer(s3, [*OF_S3, athena_engine], data)


@settings(max_examples=50, deadline=None)
@given(datasets_with_documents(), st.data())
def test_those_that_read_documents_agree_on_them_too(s3: SelectingS3, data: st.DataObject) -> None:
    check_one_answer(s3, OF_S3, data)


@settings(max_examples=30, deadline=None)
@given(datasets_with_documents())
def test_whoever_reads_all_counts_the_same_lines_as_malformed(s3: SelectingS3) -> None:
    malformed = sum(each is None for key in s3.objects for each in records_of(key, s3.objects[key]))
    for engine in OF_S3:
        reading = Reading()
        page(engine(s3, "bucket", PREFIX), Query({}, 10**6), reading)
        assert reading.malformed == malformed
