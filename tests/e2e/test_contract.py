"""The deployed API answers as its published contract says, whatever it is asked.

Schemathesis makes requests out of the contract, good and bad ones, and always the same.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from people import Person
from system import Api

CONTRACT = Path(__file__).parents[2] / "docs" / "openapi.json"
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
contract: Any = schemathesis.openapi.from_dict(json.loads(CONTRACT.read_text(encoding="utf-8")))
OPERATIONS = [found.ok() for found in contract.get_all_operations()]


@pytest.fixture
def reported(outputs: dict[str, Any], aws: Callable[[str], Any]) -> Iterator[list[str]]:
    """The names of dragons that a test reports; they leave the table when it ends."""
    names: list[str] = []
    yield names
    table = aws("dynamodb")
    for name in names:
        table.delete_item(TableName=outputs["dragons_table"], Key={"dragon_name_str": {"S": name}})


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_every_answer_is_in_the_contract(
    operation: schemathesis.schemas.APIOperation[Any, Any, Any, Any],
    api: Api,
    reporter: Person,
    reported: list[str],
) -> None:
    @settings(max_examples=30, derandomize=True, suppress_health_check=[HealthCheck.filter_too_much])
    @given(operation.as_strategy())
    def is_in_the_contract(case: schemathesis.Case[Any]) -> None:
        signed_in = {"Authorization": reporter.tokens.id} if case.method == "POST" else {}
        response = case.call(base_url=api.url, headers=signed_in, timeout=60)
        if response.status_code == 202:
            reported.append(json.loads(response.request.body or "{}")["dragonName"])
        case.validate_response(response, checks=CHECKS)

    is_in_the_contract()
