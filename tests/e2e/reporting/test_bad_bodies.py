"""Bodies that POST /dragons refuses: with a reason, before any execution starts, and never with a 5xx."""

import json
import uuid
from collections.abc import Callable

import pytest

from support.system import Api, Make, Report


def without(report: Report, field: str) -> bytes:
    return json.dumps({name: value for name, value in report.items() if name != field}).encode()


def with_(report: Report, **fields: object) -> bytes:
    return json.dumps(report | fields).encode()


BODIES: dict[str, tuple[Callable[[Report], bytes], str]] = {
    "not JSON": (lambda r: b"name=Atlas", ""),
    "cut JSON": (lambda r: json.dumps(r).encode()[:-3], ""),
    "nothing": (lambda r: b"", ""),
    "null": (lambda r: b"null", ""),
    "an array": (lambda r: json.dumps([r]).encode(), "array"),
    "a text": (lambda r: b'"Atlas"', "string"),
    "a missing field": (lambda r: without(r, "family"), "family"),
    "an unknown field": (lambda r: with_(r, colour="red"), "colour"),
    "a number for a text": (lambda r: with_(r, city=3), "city"),
    "a text for a boolean": (lambda r: with_(r, confirmationRequired="yes"), "confirmationRequired"),
    "null for a text": (lambda r: with_(r, state=None), "state"),
    "an empty text": (lambda r: with_(r, dragonName=""), "dragonName"),
    "a long name": (lambda r: with_(r, dragonName="x" * 201), "dragonName"),
    "a description of 300 KB": (lambda r: with_(r, description="x" * 300_000), "description"),
    "no phone number": (lambda r: with_(r, reportingPhoneNumber="call me"), "reportingPhoneNumber"),
    "latin-1": (lambda r: json.dumps(r | {"city": "Zürich"}, ensure_ascii=False).encode("latin-1"), ""),
    "2,000 levels": (lambda r: with_(r, city="@").replace(b'"@"', b"[" * 2000 + b"]" * 2000), ""),
    "nothing but levels": (lambda r: b"[" * 2000 + b"]" * 2000, ""),
    "100,000 levels, cut": (lambda r: b'{"a":' * 100_000, ""),
    "NaN": (lambda r: with_(r, city="@").replace(b'"@"', b"NaN"), ""),
}


@pytest.mark.parametrize("name", BODIES)
def test_it_is_refused_with_a_reason_and_starts_nothing(api: Api, make_report: Make, name: str) -> None:
    make, part_of_reason = BODIES[name]
    key = f"e2e-{uuid.uuid4().hex}"
    answer = api.submit(
        data=make(make_report()),
        headers={"Content-Type": "application/json", "Idempotency-Key": key},
    )
    assert answer.status_code == 400, answer.text[:500]
    body = answer.json()
    assert body["message"]
    [error] = body["errors"]
    assert error["field"] == "body"
    assert part_of_reason in error["reason"]
    assert error["reason"] or not part_of_reason
    assert api.get(f"/dragons/reports/{api.report_id(key)}").status_code == 404


def test_a_body_over_the_limit_is_too_large(api: Api, make_report: Make) -> None:
    answer = api.submit(
        data=with_(make_report(), description="x" * (10 * 1024 * 1024 + 1)),
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code == 413
    assert answer.json()["message"]


@pytest.mark.parametrize(
    "content_type", ["application/json; charset=utf-8", "Application/JSON", "application/json"]
)
def test_a_content_types_parameters_do_not_matter(api: Api, make_report: Make, content_type: str) -> None:
    report = make_report(city="Zürich")
    answer = api.submit(
        data=json.dumps(report, ensure_ascii=False).encode(),
        headers={"Content-Type": content_type},
    )
    assert answer.status_code == 202, answer.text
    assert api.outcome(answer.json()["reportId"])["status"] == "SUCCEEDED"


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/xml", "application/x-www-form-urlencoded"]
)
def test_another_content_type_is_unsupported(api: Api, make_report: Make, content_type: str) -> None:
    answer = api.submit(data=json.dumps(make_report()), headers={"Content-Type": content_type})
    assert answer.status_code == 415
    assert answer.json()["errors"] == []
