"""Every response template answers an allowed origin and no other."""

import json

import pytest

from contract import mapping
from contract.rendering import ALLOWED_ORIGINS

BODIES = {
    "preflight": "",
    "status": "",
    "report_accepted": json.dumps({"executionArn": "arn:x"}),
    "report_not_started": json.dumps({"__type": "InvalidName"}),
    "report_found": json.dumps({"name": "r", "status": "RUNNING", "input": "{}"}),
    "report_found_xml": json.dumps({"name": "r", "status": "RUNNING", "input": "{}"}),
    "report_not_found": json.dumps({"__type": "ExecutionDoesNotExist"}),
    "summary": json.dumps({"status": "SUCCEEDED", "output": "{}"}),
    "summary_not_started": json.dumps({"__type": "ThrottlingException"}),
}


def test_every_response_template_is_covered() -> None:
    assert set(mapping.TEMPLATES) - set(BODIES) == {"start_report", "describe_report", "start_summary"}


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("origin", ALLOWED_ORIGINS)
@pytest.mark.parametrize("header", ["Origin", "origin"])
def test_an_allowed_origin_is_answered(name: str, origin: str, header: str) -> None:
    answer = mapping.response(name, BODIES[name], headers={header: origin})
    assert answer.headers.items() >= {"Access-Control-Allow-Origin": origin, "Vary": "Origin"}.items()


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize(
    "origin", ["https://evil.example", "https://dragons.example.com.evil.example", "null", "", "*"]
)
def test_another_origin_is_not(name: str, origin: str) -> None:
    headers = mapping.response(name, BODIES[name], headers={"Origin": origin}).headers
    assert headers["Vary"] == "Origin"
    assert "Access-Control-Allow-Origin" not in headers


def test_a_caller_without_an_origin_is_not_told_one() -> None:
    assert mapping.response("status").headers == {"Vary": "Origin"}


def test_the_status_tells_release_stage_and_caller() -> None:
    assert mapping.response("status").body == {
        "status": "ok",
        "release": mapping.RELEASE,
        "stage": "v1",
        "request": {"id": "request-1", "caller": mapping.CALLER},
    }
