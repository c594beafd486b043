"""The mapping templates between HTTP and Step Functions."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract import mapping
from contract.rendering import EXECUTION_ARN_PREFIX, STATE_MACHINE_ARN, openapi
from dragons.fields import RECORD_NAMES
from support.reports import REPORT
from support.strategies import HOSTILE_TEXTS, reports, texts

MODELS: dict[str, Any] = openapi()["components"]["schemas"]
keys = st.from_regex(r"\A[A-Za-z0-9_-]{1,40}\Z")


def start(report: Any, **request: Any) -> dict[str, Any]:
    started: dict[str, Any] = mapping.request("start_report", json.dumps(report), **request)
    return started


def described(status: str, **more: Any) -> str:
    execution = {"name": "r-1", "status": status, "input": '{"dragon_name_str": "Atlas"}'}
    return json.dumps(execution | more)


@given(report=reports, ascii_only=st.booleans())
def test_the_input_is_exactly_the_body_under_the_records_names(
    report: dict[str, Any], ascii_only: bool
) -> None:
    body = json.dumps(report, ensure_ascii=ascii_only)
    started = mapping.request("start_report", body)
    assert started["stateMachineArn"] == f"{STATE_MACHINE_ARN}:live"
    assert json.loads(started["input"]) == {
        RECORD_NAMES.get(name, name): value for name, value in report.items()
    }


@given(report=reports, key=keys)
def test_two_tries_make_one_input(report: dict[str, Any], key: str) -> None:
    shuffled = dict(reversed(report.items()))
    first = start(report, headers={"Idempotency-Key": key, "User-Agent": "a"})
    assert start(shuffled, headers={"idempotency-key": key, "User-Agent": "b"}) == first


@given(key=keys, header=st.sampled_from(["Idempotency-Key", "idempotency-key", "IDEMPOTENCY-KEY"]))
def test_the_key_is_the_executions_name(key: str, header: str) -> None:
    assert start(REPORT, headers={header: key})["name"] == key
    assert start(REPORT, headers={header: key}, subject="sub-1")["name"] == f"sub-1-{key}"


@pytest.mark.parametrize("subject", [None, "sub-1"])
def test_nothing_of_the_run_is_in_the_input(subject: str | None) -> None:
    workflow_input = start(REPORT, subject=subject)["input"]
    for word in ("request-1", "v1", mapping.CALLER):
        assert word not in workflow_input


MINE = {"phone_number": REPORT["reportingPhoneNumber"], "phone_number_verified": "true"}


@pytest.mark.parametrize(
    ("text_messages", "claims", "allowed"),
    [
        ("off", MINE, False),
        ("any", MINE, False),  # there the workflow does not ask
        ("confirmed", MINE, True),
        ("confirmed", MINE | {"phone_number_verified": "false"}, False),
        ("confirmed", MINE | {"phone_number": "+15555550199"}, False),
        ("confirmed", {"phone_number": MINE["phone_number"]}, False),
        ("confirmed", {"phone_number_verified": "true"}, False),
        ("confirmed", {}, False),
    ],
)
def test_a_text_is_allowed_to_a_confirmed_number_of_the_reporters_own(
    text_messages: str, claims: dict[str, str], allowed: bool
) -> None:
    started = start(REPORT, subject="sub-1", claims=claims, text_messages=text_messages)
    told = json.loads(started["input"])
    assert told.pop("textAllowed", False) is allowed
    assert told.pop("reporterSub", None) == (None if text_messages == "off" else "sub-1")
    assert told == json.loads(start(REPORT)["input"])


@given(text=texts)
def test_no_report_allows_itself_a_text_nor_names_its_reporter(text: str) -> None:
    body = REPORT | {
        "textAllowed": True,
        "reporterSub": "sub-2",
        "description": text,
        "reportingPhoneNumber": "",
    }
    told = json.loads(start(body, subject="sub-1", claims={}, text_messages="confirmed")["input"])
    assert "textAllowed" not in told
    assert told["reporterSub"] == "sub-1"
    assert "reporterSub" not in json.loads(start(body)["input"])


def test_without_a_key_the_name_is_the_requests_id_in_the_callers_own_space() -> None:
    assert start(REPORT)["name"] == "request-1"
    assert start(REPORT, subject="sub-1")["name"] == "sub-1-request-1"


@pytest.mark.parametrize("key", ["", " ", "a b", "é", "x" * 41, 'a"b', "a\n", "../x", "$x", "a'b"])
def test_a_key_that_is_not_well_formed_becomes_a_name_that_is_refused(key: str) -> None:
    assert start(REPORT, headers={"Idempotency-Key": key})["name"] == "?"
    assert start(REPORT, headers={"Idempotency-Key": key}, subject="sub-1")["name"] == "?"


def test_a_started_report_is_accepted() -> None:
    body = json.dumps({"executionArn": f"{EXECUTION_ARN_PREFIX}:key-1", "startDate": 1.7e9})
    answer = mapping.response("report_accepted", body)
    assert answer.body == {
        "reportId": "key-1",
        "statusUrl": f"{mapping.BASE_URL}/dragons/reports/key-1",
    }


@pytest.mark.parametrize(
    ("error", "status"),
    [
        ("InvalidName", 400),
        ("InvalidExecutionInput", 400),
        ("ThrottlingException", 429),
        ("ExecutionLimitExceeded", 503),
        ("StateMachineDoesNotExist", 502),
        ("AccessDeniedException", 502),
    ],
)
@pytest.mark.parametrize("namespace", ["", "com.amazonaws.states#"])
def test_a_report_that_was_not_started_is_an_error(error: str, status: int, namespace: str) -> None:
    body = json.dumps({"__type": namespace + error, "message": "internal 'detail' \"x\""})
    answer = mapping.response("report_not_started", body)
    assert answer.status == status
    assert set(answer.body) == {"message", "errors"}
    assert "internal" not in json.dumps(answer.body)


@pytest.mark.parametrize("body", ["", "{}", '{"message": "x"}'])
@pytest.mark.parametrize("name", ["report_not_started", "report_not_found"])
def test_an_answer_without_a_type_is_a_bad_gateway(name: str, body: str) -> None:
    answer = mapping.response(name, body)
    assert answer.status == 502
    assert answer.body["errors"] == []


def test_a_bad_key_is_named() -> None:
    answer = mapping.response("report_not_started", json.dumps({"__type": "InvalidName"}))
    assert [error["field"] for error in answer.body["errors"]] == ["Idempotency-Key"]


@pytest.mark.parametrize(("subject", "name"), [(None, "key-1"), ("sub-1", "sub-1-key-1")])
def test_a_key_used_before_leads_to_its_report(subject: str | None, name: str) -> None:
    body = json.dumps({"__type": "ExecutionAlreadyExists", "message": "Execution Already Exists"})
    headers = {"idempotency-key": "key-1"}
    answer = mapping.response("report_not_started", body, headers=headers, subject=subject)
    assert answer.status == 409
    assert set(answer.body) == {"message", "reportId", "statusUrl"}
    assert answer.body["reportId"] == name
    assert answer.body["statusUrl"] == f"{mapping.BASE_URL}/dragons/reports/{name}"


@given(report_id=texts)
def test_a_report_is_asked_for_by_its_executions_arn(report_id: str) -> None:
    asked = mapping.request("describe_report", path={"reportId": report_id})
    assert asked == {"executionArn": f"{EXECUTION_ARN_PREFIX}:{report_id}"}


@pytest.mark.parametrize(
    ("status", "shown", "has_reason"),
    [
        ("RUNNING", "RUNNING", False),
        ("PENDING_REDRIVE", "RUNNING", False),
        ("FAILED", "FAILED", True),
        ("TIMED_OUT", "TIMED_OUT", True),
        ("ABORTED", "ABORTED", True),
    ],
)
def test_a_report_has_the_state_of_its_execution(status: str, shown: str, has_reason: bool) -> None:
    body = described(status, error="KeyError", cause='{"stackTrace": ["secret"]}')
    answer = mapping.response("report_found", body).body
    assert answer["reportId"] == "r-1"
    assert answer["status"] == shown
    assert answer["dragonName"] == "Atlas"
    assert ("reason" in answer) is has_reason
    assert "secret" not in json.dumps(answer)


def test_a_recorded_report_succeeded_even_if_its_text_was_not_sent() -> None:
    output = json.dumps({"dragon_name_str": "Atlas", "alertError": {"Error": "SNS.X"}})
    answer = mapping.response("report_found", described("SUCCEEDED", output=output)).body
    assert answer == {"reportId": "r-1", "status": "SUCCEEDED", "dragonName": "Atlas"}


@given(name=texts, reason=texts)
def test_a_refused_report_tells_the_reason(name: str, reason: str) -> None:
    cause = {"errorMessage": reason, "errorType": "DragonValidationException", "stackTrace": ["x"]}
    output = json.dumps({"error": {"Error": "DragonValidationException", "Cause": cause}})
    workflow_input = json.dumps({"dragon_name_str": name})
    body = described("SUCCEEDED", input=workflow_input, output=output)
    answer = mapping.response("report_found", body).body
    assert answer == {
        "reportId": "r-1",
        "status": "REFUSED",
        "reason": reason,
        "dragonName": name,
    }


@pytest.mark.parametrize("workflow_input", ["{}", '{"dragon_name_str": null}', "[]", '"x"'])
def test_an_execution_started_by_hand_is_shown_without_a_name(workflow_input: str) -> None:
    body = json.dumps({"name": "r-1", "status": "FAILED", "input": workflow_input})
    assert mapping.response("report_found", body).body["dragonName"] == ""


@pytest.mark.parametrize(
    ("error", "status"),
    [
        ("ExecutionDoesNotExist", 404),
        ("InvalidArn", 404),
        ("ThrottlingException", 429),
        ("AccessDeniedException", 502),
    ],
)
def test_a_report_that_cannot_be_read_is_an_error(error: str, status: int) -> None:
    answer = mapping.response("report_not_found", json.dumps({"__type": error, "message": "x"}))
    assert answer.status == status
    assert answer.body["errors"] == []


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_no_text_is_taken_for_a_template(text: str) -> None:
    started = json.loads(start(REPORT | {"description": text})["input"])
    assert started["description_str"] == text
