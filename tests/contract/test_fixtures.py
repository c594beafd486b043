"""The fixtures and the samples are what the schemas say."""

import json
from pathlib import Path

import jsonschema
import pytest

from dragons.schemas import schema
from list_dragons.query import Query
from list_dragons.request import read_request
from samples.load import samples

FIXTURES = Path(__file__).parents[1] / "fixtures"


def test_the_samples_are_dragons_each_with_a_name_of_its_own() -> None:
    validator = jsonschema.Draft4Validator(schema("dragon"))
    assert [list(validator.iter_errors(dragon)) for dragon in samples()] == [[]] * len(samples())
    assert len({dragon["dragon_name_str"] for dragon in samples()}) == len(samples()) >= 100
    assert {"Atlas": "red"}.items() <= {d["dragon_name_str"]: d["family_str"] for d in samples()}.items()


def test_the_readmes_report_is_a_report() -> None:
    jsonschema.validate(json.loads((FIXTURES / "report.json").read_text()), schema("report"))


@pytest.mark.parametrize("name", ["rest_proxy.json", "rest_proxy_no_query.json", "http_proxy.json"])
def test_a_proxy_event_as_api_gateway_documents_it_is_a_query(name: str) -> None:
    event = json.loads((FIXTURES / "events" / name).read_text())
    asked = event["queryStringParameters"] or {}
    filters = {"family_str": asked["family"]} if asked else {}
    assert read_request(event) == Query(filters, int(asked.get("limit", 50)))
