"""A dragon's field stands in each of these places; the one that was forgotten is named."""

from collections.abc import Collection
from typing import Any

import pytest

from contract.rendering import mapping_templates, openapi, state_machine
from dragons.fields import RECORD_NAMES
from dragons.schemas import schema
from list_dragons.request import FILTERS, OPTIONS
from samples.load import samples
from support.reports import REPORT

FIELDS = list(schema("report")["properties"])
OF_A_DRAGON = [name for name in FIELDS if name not in ("reportingPhoneNumber", "confirmationRequired")]


def filters() -> set[str]:
    return {each["name"] for each in openapi()["paths"]["/dragons"]["get"]["parameters"]}


@pytest.mark.parametrize("field", OF_A_DRAGON)
def test_a_field_of_a_dragon_has_its_places(field: str) -> None:
    assert field in RECORD_NAMES, (
        f"give {field} its name on record in RECORD_NAMES of shared/dragons/fields.py"
    )
    record = RECORD_NAMES[field]
    places: dict[str, Collection[Any]] = {
        "shared/dragons/schemas/dragon.json": schema("dragon")["properties"],
        "AddDragon in terraform/system/workflows/report_dragon.asl.json.tftpl": state_machine(),
        "terraform/system/rest_api/templates/start_report.vtl": mapping_templates()["start_report"],
    }
    if record in schema("dragon")["required"]:
        places["every dragon of samples/dragons.json"] = set.intersection(*(set(each) for each in samples()))
    missing = [place for place, holds in places.items() if record not in holds]
    assert not missing, f"add {record} to {missing}"
    assert field not in FILTERS or field in filters(), (
        f"add {field} to the parameters of GET /dragons in terraform/system/rest_api/openapi.yaml.tftpl"
    )


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_of_a_report_has_its_places(field: str) -> None:
    template = mapping_templates()["start_report"]
    assert f"$.{field}'" in template, f"read {field} in terraform/system/rest_api/templates/start_report.vtl"
    assert field in REPORT or field not in schema("report")["required"], (
        f"add {field} to tests/fixtures/report.json"
    )


def test_no_place_has_a_field_that_no_schema_has() -> None:
    assert set(RECORD_NAMES) == set(OF_A_DRAGON)
    assert set(RECORD_NAMES.values()) == set(schema("dragon")["properties"])
    assert set(REPORT) <= set(FIELDS)
    assert filters() - {"limit", "nextToken", *OPTIONS} == set(FILTERS)
