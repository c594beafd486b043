"""The two schemas and the names that join them."""

import jsonschema
import pytest

from dragons.fields import RECORD_NAMES, dragon_fields
from dragons.images import KEYS
from dragons.schemas import schema


@pytest.mark.parametrize("name", ["dragon", "report"])
def test_it_is_a_draft_4_schema_that_allows_its_own_fields_alone(name: str) -> None:
    document = schema(name)
    jsonschema.Draft4Validator.check_schema(document)
    assert document["$schema"] == "http://json-schema.org/draft-04/schema#"
    assert set(document["required"]) <= set(document["properties"])
    assert document["additionalProperties"] is False


def test_every_dragon_has_what_finds_it_in_the_dataset() -> None:
    assert set(KEYS) <= set(schema("dragon")["required"])
    assert {schema("dragon")["properties"][name]["type"] for name in KEYS} == {"string"}
    assert dragon_fields() == tuple(schema("dragon")["properties"])


def test_a_reports_fields_have_the_rules_of_the_record() -> None:
    report, record = schema("report")["properties"], schema("dragon")["properties"]
    assert {name: report[name] for name in RECORD_NAMES} == {
        name: record[RECORD_NAMES[name]] for name in RECORD_NAMES
    }
    assert set(report) - set(RECORD_NAMES) == {"reportingPhoneNumber", "confirmationRequired"}
