"""The two schemas and the names that join them."""

import jsonschema
import pytest

from dragons.fields import RECORD_NAMES
from dragons.schemas import schema


@pytest.mark.parametrize("name", ["dragon", "report"])
def test_it_is_a_draft_4_schema_that_requires_all_and_allows_no_more(name: str) -> None:
    document = schema(name)
    jsonschema.Draft4Validator.check_schema(document)
    assert document["$schema"] == "http://json-schema.org/draft-04/schema#"
    assert document["required"] == list(document["properties"])
    assert document["additionalProperties"] is False


def test_a_reports_fields_have_the_rules_of_the_record() -> None:
    report, record = schema("report")["properties"], schema("dragon")["properties"]
    assert {RECORD_NAMES[name]: report[name] for name in RECORD_NAMES} == record
    assert set(report) - set(RECORD_NAMES) == {"reportingPhoneNumber", "confirmationRequired"}
