"""The deployed API answers as its published contract says, whatever it is asked.

Schemathesis makes requests out of the contract, good and bad ones, and always the same.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings

from support.people import Person
from support.system import Api

ROOT = Path(__file__).parents[3]
contract = schemathesis.openapi.from_path(
    ROOT / "docs" / "openapi.json", config=schemathesis.Config.from_path(ROOT / "schemathesis.toml")
)


@pytest.fixture
def reported(outputs: dict[str, Any], aws: Callable[[str], Any]) -> Iterator[list[str]]:
    """The ids of what a test reports; when it ends, no report waits, and their dragons leave the table."""
    ids: list[str] = []
    yield ids
    table, steps = aws("dynamodb"), aws("stepfunctions")
    for report_id in set(ids):
        arn = f"{outputs['report_dragon_arn'].replace(':stateMachine:', ':execution:')}:{report_id}"
        steps.stop_execution(executionArn=arn)  # families that a test makes up are new
        name = json.loads(steps.describe_execution(executionArn=arn)["input"])["dragon_name_str"]
        table.delete_item(TableName=outputs["dragons_table"], Key={"dragon_name_str": {"S": name}})


def keep_what_goes_together(case: schemathesis.Case[Any]) -> None:
    """Take parameters out of a query that fit the contract one by one, and that the API refuses together."""
    case.query.pop("nextToken", None)  # it fits its pattern, and is none that the API gave
    name = str(case.query.get("dragonName", ""))
    if case.method == "HEAD" or "count" in case.query:
        counted = [each for each in ("family", "country") if each in case.query]
        kept = {"count", *counted[:1]}
    elif "order" in case.query or name.endswith("*"):
        kept = {"order", "dragonName", "limit"}
    else:
        return
    for each in [*case.query]:
        if each not in kept:
            del case.query[each]


@contract.parametrize()
@settings(max_examples=30, derandomize=True, suppress_health_check=list(HealthCheck))
def test_every_answer_is_in_the_contract(
    case: schemathesis.Case[Any], api: Api, reporter: Person, reported: list[str]
) -> None:
    good = case.meta is not None and case.meta.generation.mode.is_positive
    if good:
        keep_what_goes_together(case)
    signed_in = {"Authorization": reporter.tokens.id} if case.method == "POST" else {}
    response = case.call(base_url=api.url, headers=signed_in, timeout=60)
    if response.status_code == 202:
        reported.append(response.json()["reportId"])
    case.validate_response(response)
    assert not (good and response.status_code == 400), response.text
