"""Validation: what the schema accepts passes, and every wrong field is named."""

from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragons import validation
from dragons.fields import RECORD_NAMES
from dragons.schemas import schema
from dragons.validation import report_errors
from support.reports import REPORT
from support.strategies import reports


def as_input(report: dict[str, Any]) -> dict[str, Any]:
    return {RECORD_NAMES.get(name, name): value for name, value in report.items()}


@given(reports)
def test_a_good_report_passes(report: dict[str, Any]) -> None:
    assert report_errors(as_input(report)) == []


@given(
    st.dictionaries(
        st.sampled_from([*REPORT, "other"]),
        st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=3), st.just("+4912345")),
    )
)
def test_it_agrees_with_the_schema(changes: dict[str, Any]) -> None:
    report = REPORT | changes
    valid = jsonschema.Draft4Validator(schema("report")).is_valid(report)
    assert (report_errors(as_input(report)) == []) == valid


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("dragonName", "", "must be longer than or equal to 1 characters"),
        ("city", "x" * 201, "must be shorter than or equal to 200 characters"),
        ("description", "x" * 4001, "must be shorter than or equal to 4000 characters"),
        ("family", 3, "must be string"),
        ("confirmationRequired", "yes", "must be boolean"),
        ("reportingPhoneNumber", "+1555\n", "must match pattern ^\\+[1-9][0-9]{1,14}$"),
        ("reportingPhoneNumber", "5555550100", "must match pattern ^\\+[1-9][0-9]{1,14}$"),
        ("colour", "red", "is not a field of a report"),
    ],
)
def test_a_wrong_field_is_named_with_its_reason(field: str, value: object, reason: str) -> None:
    [error] = report_errors(as_input(REPORT | {field: value}))
    assert (error.field, error.reason) == (field, reason)


def test_all_missing_fields_are_named() -> None:
    assert [error.field for error in report_errors({})] == schema("report")["required"]


@pytest.fixture
def optional_city(monkeypatch: pytest.MonkeyPatch) -> None:
    """A schema in which reports need no city."""
    report = schema("report")
    required = [name for name in report["required"] if name != "city"]
    monkeypatch.setattr(validation, "schema", lambda _: report | {"required": required})


@pytest.mark.usefixtures("optional_city")
def test_an_optional_field_may_be_missing_but_not_wrong() -> None:
    cityless = {name: value for name, value in REPORT.items() if name != "city"}
    assert report_errors(as_input(cityless)) == []
    assert report_errors(as_input(REPORT)) == []
    assert [error.field for error in report_errors(as_input(REPORT | {"city": 3}))] == ["city"]


def test_the_names_of_a_report_are_no_names_of_the_workflows_input() -> None:
    errors = {error.field: error.reason for error in report_errors(REPORT)}
    assert errors["family"] == "is not a field of a report"


def test_four_byte_characters_count_as_one() -> None:
    assert report_errors(as_input(REPORT | {"city": "\U0001f409" * 200})) == []
    assert report_errors(as_input(REPORT | {"city": "\U0001f409" * 201})) != []
