"""The workflow's first step: schema, duplicates, and a report's own retry."""

from typing import Any

import pytest
from hypothesis import given

from dragons.errors import DragonValidationException
from dragons.fields import RECORD_NAMES
from support.strategies import reports
from validate_dragon.table import DynamoDBRegistry
from validate_dragon.validate import DUPLICATE, validate


class FakeTable:
    """A DynamoDB client with one table's items."""

    def __init__(self, items: dict[str, dict[str, Any]]) -> None:
        self.items = items

    def get_item(self, **request: Any) -> dict[str, Any]:
        asked = {"TableName": "table", "ProjectionExpression": "report_id", "ConsistentRead": True}
        assert request == asked | {"Key": request["Key"]}
        item = self.items.get(request["Key"]["dragon_name_str"]["S"])
        return {} if item is None else {"Item": item}


def registry(**report_ids: str | None) -> DynamoDBRegistry:
    items = {name: {} if by is None else {"report_id": {"S": by}} for name, by in report_ids.items()}
    return DynamoDBRegistry(FakeTable(items), "table")  # type: ignore[arg-type]


def workflow_input(report: dict[str, Any]) -> dict[str, Any]:
    return {RECORD_NAMES.get(name, name): value for name, value in report.items()}


GOOD: dict[str, Any] = dict.fromkeys(RECORD_NAMES.values(), "x") | {
    "dragon_name_str": "Atlas",
    "reportingPhoneNumber": "+15555550100",
    "confirmationRequired": False,
}


@given(reports)
def test_a_new_dragon_passes(report: dict[str, Any]) -> None:
    validate(workflow_input(report), "r1", registry())


@pytest.mark.parametrize("recorded_by", ["another", None])
def test_a_dragon_on_record_is_a_duplicate(recorded_by: str | None) -> None:
    with pytest.raises(DragonValidationException, match=f"^{DUPLICATE}$"):
        validate(GOOD, "r1", registry(Atlas=recorded_by))


def test_a_dragon_that_came_without_a_report_is_nobodys() -> None:
    assert registry(Atlas=None).report_of("Atlas") == ""
    assert registry().report_of("Atlas") is None


def test_a_reports_own_dragon_is_no_duplicate() -> None:
    validate(GOOD, "r1", registry(Atlas="r1"))


def test_the_reason_names_every_bad_field() -> None:
    bad = {name: value for name, value in GOOD.items() if name != "family_str"} | {"location_city_str": 1}
    with pytest.raises(DragonValidationException, match=r"^family is required; city must be string$"):
        validate(bad, "r1", registry())


def test_what_the_api_adds_for_the_workflow_is_no_field_of_a_report() -> None:
    added = {"textAllowed": True, "reporterSub": "sub-1"}
    validate(GOOD | added, "r1", registry())
    with pytest.raises(DragonValidationException, match=r"^colour is not a field of a report$"):
        validate(GOOD | added | {"colour": "red"}, "r1", registry())


def test_the_handler_takes_the_workflows_payload(monkeypatch: pytest.MonkeyPatch) -> None:
    from validate_dragon import handler

    monkeypatch.setattr(handler, "registry", registry(Atlas="other"))
    with pytest.raises(DragonValidationException, match=DUPLICATE):
        handler.handler({"report": GOOD, "reportId": "r1"}, None)
    handler.handler({"report": GOOD, "reportId": "other"}, None)
