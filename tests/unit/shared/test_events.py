"""Events: what a publisher says is what a consumer reads, and anything else is refused with its reason."""

import json
from dataclasses import dataclass, replace
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragons.events import (
    SOURCE,
    TYPES,
    VERSION,
    DragonAdded,
    DragonChanged,
    DragonRefused,
    DragonRemoved,
    Event,
    EventError,
    ImportFinished,
    ReporterJoined,
    detail,
    from_text,
)
from dragons.schemas import event_schema
from support.strategies import dragons, texts

AT = "2026-11-28T12:00:00.000+00:00"

events: st.SearchStrategy[Event] = st.one_of(
    st.builds(DragonAdded, st.uuids().map(str), st.just(AT), dragons),
    st.builds(DragonChanged, st.uuids().map(str), st.just(AT), dragons, dragons),
    st.builds(DragonRemoved, st.uuids().map(str), st.just(AT), dragons),
    st.builds(DragonRefused, st.uuids().map(str), st.just(AT), st.uuids().map(str), texts, texts),
    st.builds(ReporterJoined, st.uuids().map(str), st.just(AT), st.uuids().map(str)),
    st.builds(ImportFinished, st.uuids().map(str), st.just(AT), texts, texts, *[st.integers(0, 10**6)] * 4),
)


def envelope(event: Event, **changes: Any) -> str:
    said = {"source": SOURCE, "detail-type": type(event).__name__, "detail": detail(event)}
    return json.dumps(said | changes)


@given(events)
def test_what_is_said_is_read(event: Event) -> None:
    assert from_text(envelope(event)) == event
    jsonschema.validate(detail(event), event_schema(type(event).__name__))


@pytest.mark.parametrize("detail_type", TYPES)
def test_a_schema_stands_alone_and_allows_its_own_fields_alone(detail_type: str) -> None:
    document = event_schema(detail_type)
    jsonschema.Draft4Validator.check_schema(document)
    assert document["$schema"] == "http://json-schema.org/draft-04/schema#"
    assert set(document["required"]) == set(document["properties"])
    assert document["additionalProperties"] is False
    assert document["title"] == detail_type


ADDED = DragonAdded("1", AT, {"dragon_name_str": "Atlas", "family_str": "red"})


@pytest.mark.parametrize("others", [{}, {"location_city_str": 5}, {"location_country_str": ""}])
def test_a_dragon_that_is_older_than_the_schema_is_told_as_it_is(others: dict[str, Any]) -> None:
    older = replace(ADDED, dragon=ADDED.dragon | others)
    assert from_text(envelope(older)) == older


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        (envelope(ADDED).replace("Atlas", "\\ud83d"), "not JSON"),
        ("[]", "not an event of the source dragons"),
        (envelope(ADDED, source="aws.s3"), "not an event of the source dragons"),
        (envelope(ADDED, **{"detail-type": "DragonSlain"}), "detail type DragonSlain is not known"),
        (envelope(ADDED, detail=detail(ADDED) | {"version": 2}), "DragonAdded: data.version must be one of"),
        (envelope(ADDED, detail=detail(ADDED) | {"colour": "red"}), "DragonAdded: data must not contain"),
        (envelope(ADDED, detail=[]), "DragonAdded: data must be object"),
        (envelope(replace(ADDED, dragon={"dragon_name_str": "Atlas"})), "must contain .'family_str'"),
    ],
)
def test_anything_else_is_refused_with_its_reason(body: str, reason: str) -> None:
    with pytest.raises(EventError, match=reason):
        from_text(body)


@dataclass(frozen=True)
class DragonFed(Event):
    """An event that has got a field: events of before lack it."""

    food_given: str | None = None


@pytest.mark.parametrize(
    ("event", "said"), [(DragonFed("1", AT), {}), (DragonFed("1", AT, "hay"), {"foodGiven": "hay"})]
)
def test_an_optional_field_is_there_or_it_is_not(
    monkeypatch: pytest.MonkeyPatch, event: DragonFed, said: dict[str, str]
) -> None:
    monkeypatch.setitem(TYPES, "DragonFed", DragonFed)
    monkeypatch.setattr("dragons.events._validator", lambda _: lambda _: None)
    assert detail(event) == {"version": VERSION, "eventId": "1", "at": AT, **said}
    assert from_text(envelope(event)) == event
