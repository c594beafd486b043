"""Texts go to whom they may go, and no more of them than one person may have.

The environment's own limit is out of reach, so the machine of most tests is one with another: see `machines`.
"""

import json
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dragons.fields import RECORD_NAMES
from support.people import Person
from support.reports import a_number
from support.system import Api, Make, Report

LIMIT = 2
REFUSED = {"family": "x" * 201}

Aws = Callable[[str], Any]
Machines = Callable[..., str]
Execute = Callable[[str, dict[str, Any]], dict[str, Any]]
Run = Callable[..., dict[str, Any]]
"""Runs a report of some reporter's through a machine, and gives the execution's output."""
Texts = Callable[[str], list[str]]


def workflow_input(report: Report) -> dict[str, Any]:
    return {RECORD_NAMES.get(name, name): value for name, value in report.items()}


def today(days_later: int = 0) -> str:
    return (datetime.now(UTC) + timedelta(days_later)).date().isoformat()


def a_sub(outputs: dict[str, Any], aws: Aws) -> Iterator[str]:
    """Somebody who has had no text yet, and of whom none is known when the test ends."""
    sub = str(uuid.uuid4())
    yield sub
    aws("dynamodb").delete_item(TableName=outputs["texts_table"], Key={"sub": {"S": sub}})


reporter_sub = pytest.fixture(a_sub, name="reporter_sub")
another_sub = pytest.fixture(a_sub, name="another_sub")


@pytest.fixture
def run(machines: Machines, execute: Execute, reporter_sub: str) -> Run:
    """Run the reporter's reports through one machine, which sends texts to any number."""
    machine = machines("any", LIMIT)

    def report_to_machine(report: Report, **told: Any) -> dict[str, Any]:
        return execute(machine, workflow_input(report) | {"reporterSub": reporter_sub} | told)

    return report_to_machine


def test_the_machine_of_these_tests_is_the_deployed_one_but_for_the_limit(
    outputs: dict[str, Any], aws: Aws, machines: Machines
) -> None:
    steps = aws("stepfunctions")
    arns = (outputs["report_dragon_arn"], machines("any", LIMIT))
    deployed, ours = (
        json.loads(steps.describe_state_machine(stateMachineArn=arn)["definition"]) for arn in arns
    )
    values = ours["States"]["CountText"]["Parameters"]["ExpressionAttributeValues"]
    assert values[":limit"] == {"N": str(LIMIT)}
    values[":limit"] = deployed["States"]["CountText"]["Parameters"]["ExpressionAttributeValues"][":limit"]
    assert ours == deployed


def test_a_reporter_has_texts_up_to_the_limit_and_reports_beyond(
    run: Run, make_report: Make, texts_to: Texts
) -> None:
    number = a_number()
    reports = [make_report(reportingPhoneNumber=number, confirmationRequired=True) for _ in range(LIMIT + 1)]
    *told, untold = [run(report) for report in reports]
    refused = run(make_report(reportingPhoneNumber=number, **REFUSED))
    assert len(texts_to(number)) == LIMIT
    assert all("alertError" not in output for output in told)
    assert "error" not in untold
    assert "family" in refused["error"]["Cause"]["errorMessage"]
    for output in (untold, refused):
        assert output["alertError"]["Error"] == "DynamoDB.ConditionalCheckFailedException"


def test_refusals_count_and_reports_that_want_no_text_do_not(
    run: Run, make_report: Make, texts_to: Texts
) -> None:
    number = a_number()
    for _ in range(LIMIT + 1):
        run(make_report(reportingPhoneNumber=number, confirmationRequired=False))
    for _ in range(LIMIT + 1):
        run(make_report(reportingPhoneNumber=number, **REFUSED))
    assert len(texts_to(number)) == LIMIT


def test_reports_at_once_do_not_pass_the_limit_together(run: Run, make_report: Make, texts_to: Texts) -> None:
    number = a_number()
    reports = [make_report(reportingPhoneNumber=number, confirmationRequired=True) for _ in range(5)]
    with ThreadPoolExecutor(len(reports)) as callers:
        list(callers.map(run, reports))
    assert len(texts_to(number)) == LIMIT


@pytest.mark.parametrize(("day", "sent"), [(-1, 1), (1, 0)])
def test_a_new_day_begins_anew_and_an_earlier_one_does_not(
    run: Run,
    make_report: Make,
    texts_to: Texts,
    outputs: dict[str, Any],
    aws: Aws,
    reporter_sub: str,
    day: int,
    sent: int,
) -> None:
    used_up = {"sub": {"S": reporter_sub}, "text_day": {"S": today(day)}, "texts": {"N": str(LIMIT)}}
    aws("dynamodb").put_item(TableName=outputs["texts_table"], Item=used_up)
    number = a_number()
    run(make_report(reportingPhoneNumber=number, confirmationRequired=True))
    assert len(texts_to(number)) == sent


def test_the_limit_is_each_reporters_own(
    run: Run, make_report: Make, texts_to: Texts, another_sub: str
) -> None:
    number = a_number()
    for _ in range(LIMIT):
        run(make_report(reportingPhoneNumber=number, confirmationRequired=True))
    run(make_report(reportingPhoneNumber=number, confirmationRequired=True), reporterSub=another_sub)
    assert len(texts_to(number)) == LIMIT + 1


@pytest.mark.parametrize("told", [{}, {"reporterSub": None}, {"reporterSub": 3}])
def test_an_execution_that_was_started_by_hand_has_nobody_to_count_for(
    machines: Machines, make_report: Make, texts_to: Texts, execute: Execute, told: dict[str, Any]
) -> None:
    number = a_number()
    report = make_report(reportingPhoneNumber=number, confirmationRequired=True)
    output = execute(machines("any", LIMIT), workflow_input(report) | told)
    assert not {"error", "alertError"} & set(output)
    assert len(texts_to(number)) == 1


def test_a_report_whose_text_cannot_be_counted_is_recorded_without_it(
    machines: Machines, make_report: Make, texts_to: Texts, execute: Execute, outputs: dict[str, Any]
) -> None:
    number = a_number()
    report = make_report(reportingPhoneNumber=number, confirmationRequired=True)
    machine = machines("any", LIMIT, texts_table=f"{outputs['texts_table']}-gone")
    output = execute(machine, workflow_input(report) | {"reporterSub": "nobody"})
    assert "error" not in output
    assert output["alertError"]["Error"] != "DynamoDB.ConditionalCheckFailedException"
    assert texts_to(number) == []


@pytest.mark.parametrize("refused", [False, True])
def test_confirmed_sends_texts_to_numbers_that_the_api_vouches_for(
    machines: Machines,
    make_report: Make,
    texts_to: Texts,
    execute: Execute,
    reporter_sub: str,
    refused: bool,
) -> None:
    machine, number = machines("confirmed", LIMIT), a_number()
    for told, texts in (({}, 0), ({"textAllowed": False}, 0), ({"textAllowed": True}, 1)):
        report = make_report(
            reportingPhoneNumber=number, confirmationRequired=True, **(REFUSED if refused else {})
        )
        output = execute(machine, workflow_input(report) | {"reporterSub": reporter_sub} | told)
        assert ("error" in output) is refused
        assert len(texts_to(number)) == texts


def test_the_api_says_whose_report_it_is_and_the_text_is_counted(
    api: Api, make_report: Make, texts_to: Texts, reporter: Person, outputs: dict[str, Any], aws: Aws
) -> None:
    def counted() -> dict[str, Any]:
        key = {"sub": {"S": reporter.sub}}
        found = aws("dynamodb").get_item(TableName=outputs["texts_table"], Key=key, ConsistentRead=True)
        item: dict[str, Any] = found.get("Item", {})
        return item

    number, before = a_number(), counted()
    api.accepted(make_report(reportingPhoneNumber=number, confirmationRequired=True))
    assert len(texts_to(number)) == 1
    assert counted()["text_day"]["S"] in (today(-1), today())
    assert counted() != before


def test_a_refusal_that_cannot_be_announced_is_told_to_its_reporter_all_the_same(
    machines: Machines, make_report: Make, texts_to: Texts, execute: Execute
) -> None:
    number = a_number()
    nowhere = machines("any", LIMIT, event_bus="arn:aws:events")  # of no bus
    output = execute(nowhere, workflow_input(make_report(reportingPhoneNumber=number, **REFUSED)))
    assert output["announceError"]
    assert "alertError" not in output
    [text] = texts_to(number)
    assert output["error"]["Cause"]["errorMessage"] in text


def test_a_refused_report_without_a_dragons_name_is_not_announced(
    machines: Machines, execute: Execute
) -> None:
    output = execute(machines("any", LIMIT, event_bus="arn:aws:events"), {"family_str": "red"})
    assert "dragon_name_str" in output["error"]["Cause"]["errorMessage"] or "dragonName" in str(
        output["error"]
    )
    assert "announceError" not in output
