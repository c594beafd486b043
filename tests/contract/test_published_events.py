"""What is really put on the bus is what the published schemas say."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import jsonschema
import pytest
from hypothesis import given

from announce_dragon.announce import announce
from announce_dragon.journal import JournalQueue
from contract import event_schemas
from contract.rendering import ROOT, import_machine, state_machine
from dragons.bus import EventBridgeBus
from dragons.events import SOURCE, TYPES, VERSION, from_text
from dragons.fields import RECORD_NAMES
from post_confirmation.enrol import enrol
from support.fakes import FakeFifoQueue
from support.strategies import reports

FIXTURES = ROOT / "tests" / "fixtures" / "events"
FORMATS = jsonschema.FormatChecker(formats=())
SUB = "6b1f4c1e-0000-4000-8000-1d3f5a7b9c0e"


@FORMATS.checks("date-time", raises=ValueError)
def is_date_time(text: object) -> bool:
    """Whether a text is a time with an offset, as RFC 3339 wants it."""
    return not isinstance(text, str) or datetime.fromisoformat(text).tzinfo is not None


def fixture(name: str) -> Any:
    return json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))


class FakeEvents:
    """EventBridge, with what was put."""

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []

    def put_events(self, Entries: Sequence[dict[str, Any]]) -> dict[str, Any]:
        self.entries += Entries
        return {"Entries": [{"EventId": "1"} for _ in Entries]}


class Registry:
    """The reporters and their group, which take everybody."""

    def add(self, *said: str) -> str:
        return said[-1]


def check(entry: dict[str, Any]) -> str:
    """Check an entry against its published schema, and as a consumer reads it; return its type."""
    detail_type, detail = entry["DetailType"], json.loads(entry["Detail"])
    schema = json.loads(event_schemas.published(event_schemas.newest())[detail_type])
    jsonschema.Draft4Validator(schema, format_checker=FORMATS).validate(detail)
    envelope = {"source": entry["Source"], "detail-type": detail_type, "detail": detail}
    assert from_text(json.dumps(envelope)).event_id == detail["eventId"]
    assert (entry["EventBusName"], detail["version"]) == ("dragons-test", VERSION)
    return str(detail_type)


def of_the_stream() -> list[dict[str, Any]]:
    events, sqs = FakeEvents(), FakeFifoQueue()
    bus = EventBridgeBus(events, "dragons-test")  # type: ignore[arg-type]
    announce(fixture("dynamodb_stream")["Records"], bus, JournalQueue(sqs, sqs.url))  # type: ignore[arg-type]
    return events.entries


def of_a_sign_up() -> list[dict[str, Any]]:
    events, registry = FakeEvents(), Registry()
    bus = EventBridgeBus(events, "dragons-test")  # type: ignore[arg-type]
    enrol(fixture("post_confirmation"), registry, registry, bus)  # type: ignore[arg-type]
    return events.entries


def of_a_refusal(report: dict[str, Any]) -> list[dict[str, Any]]:
    """What the workflow's state puts for a report, as Step Functions fills it in."""
    given = {
        "$": {
            **{RECORD_NAMES.get(name, name): value for name, value in report.items()},
            "error": {"Cause": {"errorMessage": "Duplicate dragon reported"}},
        },
        "$$": {
            "Execution": {"Name": f"{SUB}-first-sighting"},
            "State": {"EnteredTime": "2026-11-28T12:00:00.123Z"},
        },
    }
    parameters = json.loads(state_machine())["States"]["AnnounceRefusal"]["Parameters"]
    entries: list[dict[str, Any]] = filled(parameters, given)["Entries"]
    # the service writes a Detail that is an object as text
    return [entry | {"Detail": json.dumps(entry["Detail"])} for entry in entries]


def of_an_import(file: str) -> list[dict[str, Any]]:
    """What the workflow's state puts for a file, as Step Functions fills it in."""
    counts = dict.fromkeys(("accepted", "duplicate", "refused", "failed"), 3)
    given = {
        "$": {"key": file, "finished": {"resultKey": f"results/{file}.jsonl", **counts}},
        "$$": {"Execution": {"Name": "0f1e2d3c"}, "State": {"EnteredTime": "2026-11-29T12:00:00.123Z"}},
    }
    parameters = json.loads(import_machine())["States"]["AnnounceImport"]["Parameters"]
    entries: list[dict[str, Any]] = filled(parameters, given)["Entries"]
    return [entry | {"Detail": json.dumps(entry["Detail"])} for entry in entries]


def filled(template: Any, given: dict[str, Any]) -> Any:
    """Put what a payload template's paths, names alone, find in their places."""
    if isinstance(template, list):
        return [filled(each, given) for each in template]
    if not isinstance(template, dict):
        return template
    return {
        name.removesuffix(".$"): found(value, given) if name.endswith(".$") else filled(value, given)
        for name, value in template.items()
    }


def found(path: str, given: dict[str, Any]) -> Any:
    root, *names = path.split(".")
    value: Any = given[root]
    for name in names:
        value = value[name]
    return value


def test_every_event_has_a_publisher_whose_entries_are_what_is_published() -> None:
    entries = [
        *of_the_stream(),
        *of_a_sign_up(),
        *of_a_refusal(fixture_report()),
        *of_an_import("Fáfnir.csv"),
    ]
    assert {check(entry) for entry in entries} == set(TYPES)
    assert {entry["Source"] for entry in entries} == {SOURCE}


def fixture_report() -> dict[str, Any]:
    report: dict[str, Any] = json.loads((ROOT / "tests" / "fixtures" / "report.json").read_text())
    return report


@given(reports)
def test_whatever_was_reported_its_refusal_is_an_event(report: dict[str, Any]) -> None:
    [entry] = of_a_refusal(report)
    check(entry)
    detail = json.loads(entry["Detail"])
    assert (detail["dragonName"], detail["reason"]) == (report["dragonName"], "Duplicate dragon reported")


@pytest.mark.parametrize("at", ["yesterday", "2026-11-28T12:00:00"])
def test_a_time_that_is_none_is_noticed(at: str) -> None:
    [entry] = of_a_sign_up()
    detail = json.loads(entry["Detail"]) | {"at": at}
    with pytest.raises(jsonschema.ValidationError):
        check(entry | {"Detail": json.dumps(detail)})
