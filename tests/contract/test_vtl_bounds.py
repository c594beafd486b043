"""The keys that the contract tells are the ones that the template of a report takes."""

import json
import uuid

from hypothesis import example, given
from hypothesis import strategies as st

from contract import mapping
from contract.told import fits, parameter, report_ids
from support.reports import REPORT
from support.strategies import texts


@given(
    key=st.one_of(
        texts,
        st.integers(0, 99).map("k".__mul__),
        st.from_regex(parameter("POST /dragons", "Idempotency-Key")["pattern"], fullmatch=True),
    ),
    subject=st.uuids().map(str),
)
@example(key="k" * 40, subject=str(uuid.UUID(int=0)))
@example(key="k" * 41, subject=str(uuid.UUID(int=0)))
def test_the_keys_that_are_told_are_those_that_are_taken_and_make_a_report_id(key: str, subject: str) -> None:
    started = mapping.request(
        "start_report", json.dumps(REPORT), headers={"Idempotency-Key": key}, subject=subject
    )
    assert (started["name"] != "?") == fits(parameter("POST /dragons", "Idempotency-Key"), key)
    for told in report_ids():
        assert fits(told, started["name"]) == (started["name"] != "?")


@given(subject=st.uuids().map(str), request_id=st.one_of(st.uuids().map(str), texts))
def test_without_a_key_an_id_is_as_told_and_in_the_callers_own_space(subject: str, request_id: str) -> None:
    started = mapping.request("start_report", json.dumps(REPORT), subject=subject, request_id=request_id)
    if started["name"] != "?":  # API Gateway lets a caller set the request's id
        assert started["name"] == f"{subject}-{request_id}"
        assert all(fits(told, started["name"]) for told in report_ids())
    else:
        assert not fits(parameter("POST /dragons", "Idempotency-Key"), request_id)
