"""The mapping templates between `GET /dragons/summary` and an Express workflow."""

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract import mapping
from contract.rendering import SUMMARY_ARN, openapi
from support.strategies import HOSTILE_TEXTS, texts

MODELS: dict[str, Any] = openapi()["components"]["schemas"]
counts = st.dictionaries(st.one_of(texts, st.sampled_from(HOSTILE_TEXTS)), st.integers(1, 10**6), max_size=4)


def executed(status: str, **more: Any) -> mapping.Answer:
    execution = {"executionArn": "arn:x:express:y:z", "name": "z", "status": status, "input": "{}"}
    return mapping.response("summary", json.dumps(execution | more))


def test_the_alias_is_started_with_nothing_of_the_callers() -> None:
    asked = mapping.request("start_summary", "hello", headers={"Idempotency-Key": "k"}, path={"a": "b"})
    assert asked == {"stateMachineArn": f"{SUMMARY_ARN}:live", "input": "{}"}


@given(families=counts, countries=counts, ascii_only=st.booleans())
def test_what_the_workflow_returns_is_the_answer_whatever_its_texts(
    families: dict[str, int], countries: dict[str, int], ascii_only: bool
) -> None:
    summary = {"families": families, "countries": countries}
    answer = executed("SUCCEEDED", output=json.dumps(summary, ensure_ascii=ascii_only))
    assert answer.body == summary
    assert not answer.status
    jsonschema.Draft4Validator(MODELS["Summary"]).validate(answer.body)


@pytest.mark.parametrize(
    ("status", "answered"), [("FAILED", 500), ("TIMED_OUT", 504), ("ABORTED", 500), ("", 500)]
)
def test_an_execution_that_failed_is_no_200_and_its_cause_is_not_told(status: str, answered: int) -> None:
    answer = executed(status, error="States.Runtime", cause="an internal 'detail' \"x\"")
    assert answer.status == answered
    assert "internal" not in json.dumps(answer.body)
    jsonschema.Draft4Validator(MODELS["Error"]).validate(answer.body)


@pytest.mark.parametrize("body", ["", "{}"])
def test_an_answer_without_a_status_is_a_failure(body: str) -> None:
    assert mapping.response("summary", body).status == 500


@pytest.mark.parametrize(
    ("error", "status"),
    [("ThrottlingException", 429), ("StateMachineDoesNotExist", 502), ("AccessDeniedException", 502)],
)
def test_what_could_not_be_started_is_an_error(error: str, status: int) -> None:
    body = json.dumps({"__type": f"com.amazonaws.states#{error}", "message": "internal"})
    answer = mapping.response("summary_not_started", body)
    assert answer.status == status
    assert set(answer.body) == {"message", "errors"}
    assert "internal" not in json.dumps(answer.body)
