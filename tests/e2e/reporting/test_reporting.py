"""POST /dragons to the record: what is reported is listed, what is refused says why, nothing is lost."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from dragons.fields import RECORD_NAMES
from support.reports import a_number
from support.strategies import HOSTILE_TEXTS
from support.system import Api, Make, Report, poll


def record_of(report: Report) -> dict[str, str]:
    return {record: report[name] for name, record in RECORD_NAMES.items()}


def test_a_report_becomes_a_dragon(api: Api, make_report: Make) -> None:
    report = make_report()
    answer = api.post(report)
    assert answer.status_code == 202
    body = answer.json()
    assert set(body) == {"reportId", "statusUrl"}
    assert body["statusUrl"] == f"{api.url}/dragons/reports/{body['reportId']}"
    assert api.outcome(body["reportId"]) == {
        "reportId": body["reportId"],
        "status": "SUCCEEDED",
        "dragonName": report["dragonName"],
    }
    assert api.wait_listed(1, dragonName=report["dragonName"]) == [record_of(report)]


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_any_text_survives_from_post_to_get(
    api: Api, make_report: Make, know: Callable[[str], str], text: str
) -> None:
    report = make_report(
        dragonName=f"{text}{uuid.uuid4()}",
        description=text * 3,
        family=know(text),
        city=text,
        neighborhood=text,
    )
    outcome = api.accepted(report)
    assert (outcome["status"], outcome["dragonName"]) == ("SUCCEEDED", report["dragonName"])
    assert api.wait_listed(1, dragonName=report["dragonName"], family=text) == [record_of(report)]


def test_the_longest_report_is_recorded(api: Api, make_report: Make, know: Callable[[str], str]) -> None:
    family = know("\U0001f525" * 168 + uuid.uuid4().hex)
    report = make_report(description="\U0001f409" * 4000, family=family, city="é" * 200)
    assert api.accepted(report)["status"] == "SUCCEEDED"
    assert api.wait_listed(1, family=family, dragonName=report["dragonName"]) == [record_of(report)]


@pytest.mark.parametrize("wanted", [True, False])
def test_a_text_confirms_if_it_was_asked_for(
    api: Api, make_report: Make, texts_to: Callable[[str], list[str]], wanted: bool
) -> None:
    number = a_number()
    report = make_report(reportingPhoneNumber=number, confirmationRequired=wanted)
    assert api.accepted(report)["status"] == "SUCCEEDED"
    texts = texts_to(number)
    assert len(texts) == (1 if wanted else 0)
    assert all(report["dragonName"] in text for text in texts)


def test_a_duplicate_is_refused_and_its_reporter_told(
    api: Api, make_report: Make, texts_to: Callable[[str], list[str]]
) -> None:
    first = make_report()
    assert api.accepted(first)["status"] == "SUCCEEDED"
    number = a_number()
    outcome = api.accepted(first | {"city": "Elsewhere", "reportingPhoneNumber": number})
    assert (outcome["status"], outcome["reason"]) == ("REFUSED", "Duplicate dragon reported")
    assert any("Duplicate dragon reported" in text for text in texts_to(number))
    assert api.listed(dragonName=first["dragonName"]) == [record_of(first)]


def test_fifty_reports_at_once_are_all_listed(
    api: Api, make_report: Make, know: Callable[[str], str]
) -> None:
    family = know(f"e2e-{uuid.uuid4()}")
    reports = [make_report(family=family) for _ in range(50)]
    with ThreadPoolExecutor(50) as callers:
        outcomes = list(callers.map(api.accepted, reports))
    assert {outcome["status"] for outcome in outcomes} == {"SUCCEEDED"}
    listed = [dragon["dragon_name_str"] for dragon in api.wait_listed(51, family=family)]
    assert {report["dragonName"] for report in reports} < set(listed)
    assert len(listed) == len(set(listed)) == 51


def test_twenty_reports_of_one_dragon_make_one_dragon(api: Api, make_report: Make) -> None:
    report = make_report()
    reports = [report | {"city": f"City {number}"} for number in range(20)]
    with ThreadPoolExecutor(20) as callers:
        outcomes = list(callers.map(api.accepted, reports))
    recorded = [outcome for outcome in outcomes if outcome["status"] == "SUCCEEDED"]
    refused = [outcome for outcome in outcomes if outcome["status"] == "REFUSED"]
    assert (len(recorded), len(refused)) == (1, 19)
    assert {outcome["reason"] for outcome in refused} == {"Duplicate dragon reported"}
    winner = reports[outcomes.index(recorded[0])]
    assert api.wait_listed(1, dragonName=report["dragonName"]) == [record_of(winner)]


def test_one_key_and_body_at_once_is_one_report(
    api: Api, make_report: Make, outputs: dict[str, Any], aws: Callable[[str], Any]
) -> None:
    report, key = make_report(), f"e2e-{uuid.uuid4().hex}"
    with ThreadPoolExecutor(20) as callers:
        answers = list(callers.map(lambda _: api.post(report, key), range(20)))
    assert {answer.status_code for answer in answers} <= {202, 409}
    assert 202 in {answer.status_code for answer in answers}
    [report_id] = {answer.json()["reportId"] for answer in answers}
    assert report_id == api.report_id(key)
    assert api.outcome(report_id)["status"] == "SUCCEEDED"
    pages = aws("stepfunctions").get_paginator("list_executions")
    names = [
        execution["name"]
        for page in pages.paginate(stateMachineArn=outputs["report_dragon_arn"])
        for execution in page["executions"]
    ]
    assert names.count(report_id) == 1


def test_a_key_that_was_used_leads_to_its_report(api: Api, make_report: Make) -> None:
    report, key = make_report(), f"e2e-{uuid.uuid4().hex}"
    assert api.post(report, key).status_code == 202
    report_id = api.report_id(key)
    api.outcome(report_id)
    for again in (report, report | {"city": "Elsewhere"}):
        answer = api.post(again, key)
        assert answer.status_code == 409, answer.text
        body = answer.json()
        assert body["reportId"] == report_id
        assert body["statusUrl"] == f"{api.url}/dragons/reports/{report_id}"
        assert body["message"]


@pytest.mark.parametrize("key", ["a b", "x" * 41, "é".encode().decode("latin-1"), "a.b", "a/b", "$x", "<>"])
def test_a_bad_key_is_refused(api: Api, make_report: Make, key: str) -> None:
    answer = api.post(make_report(), key)
    assert answer.status_code == 400, answer.text
    assert answer.json()["errors"][0]["field"] == "Idempotency-Key"


@pytest.mark.parametrize("header", ["idempotency-key", "IDEMPOTENCY-KEY"])
def test_a_headers_case_does_not_matter(api: Api, make_report: Make, header: str) -> None:
    key = f"e2e-{uuid.uuid4().hex}"
    answer = api.submit({header: key}, json=make_report())
    assert answer.json()["reportId"] == api.report_id(key)
    api.outcome(answer.json()["reportId"])


@pytest.mark.parametrize("report_id", ["unknown", "a%22b", "%F0%9F%90%89", "a%5C", "x" * 81, "a:b", "%27"])
def test_an_unknown_report_is_not_found(api: Api, report_id: str) -> None:
    answer = api.get(f"/dragons/reports/{report_id}")
    assert answer.status_code == 404, answer.text
    assert answer.json()["message"]


def test_a_report_started_without_the_api_is_validated_too(
    api: Api, make_report: Make, outputs: dict[str, Any], aws: Callable[[str], Any]
) -> None:
    name = f"e2e-{uuid.uuid4().hex}"
    aws("stepfunctions").start_execution(
        stateMachineArn=outputs["report_dragon_arn"], name=name, input='{"dragon_name_str": 3}'
    )
    outcome = api.outcome(name)
    assert outcome["status"] == "REFUSED"
    assert "dragonName must be string" in outcome["reason"]
    assert "family is required" in outcome["reason"]


def test_a_dragon_that_leaves_the_table_leaves_the_list(
    api: Api, make_report: Make, outputs: dict[str, Any], aws: Callable[[str], Any]
) -> None:
    report = make_report()
    api.accepted(report)
    api.wait_listed(1, dragonName=report["dragonName"])
    aws("dynamodb").delete_item(
        TableName=outputs["dragons_table"], Key={"dragon_name_str": {"S": report["dragonName"]}}
    )
    poll(lambda: True if not api.listed(dragonName=report["dragonName"]) else None, "the dragon to leave")
