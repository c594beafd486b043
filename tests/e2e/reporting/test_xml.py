"""A report's status in XML, for those who ask for it."""

import uuid
from xml.etree import ElementTree

import pytest

from support.strategies import HOSTILE_TEXTS
from support.system import Api, Make

XML = {"Accept": "application/xml"}


def in_xml(text: str) -> str:
    """A text as XML 1.0 can hold it."""
    return "".join(c if c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff") else "\ufffd" for c in text)


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_a_reports_status_is_read_in_xml(api: Api, make_report: Make, text: str) -> None:
    report = make_report(dragonName=f"<{text}>{uuid.uuid4()}")
    report_id = api.post(report).json()["reportId"]
    api.outcome(report_id)
    answer = api.get(f"/dragons/reports/{report_id}", headers=XML)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("application/xml")
    root = ElementTree.fromstring(answer.content)
    assert root.tag == "report"
    found = {child.tag: child.text for child in root}
    assert found["reportId"] == report_id
    assert found["status"] == "SUCCEEDED"
    assert found["dragonName"] == in_xml(report["dragonName"])


def test_json_is_what_everybody_else_gets(api: Api, make_report: Make) -> None:
    report_id = api.post(make_report()).json()["reportId"]
    api.outcome(report_id)
    for accept in ("*/*", "application/json", "text/html", "application/json, text/plain, */*"):
        answer = api.get(f"/dragons/reports/{report_id}", headers={"Accept": accept})
        assert answer.json()["status"] == "SUCCEEDED"


def test_a_refusals_reason_is_in_the_xml(api: Api, make_report: Make) -> None:
    report = make_report()
    api.accepted(report)
    report_id = api.post(report).json()["reportId"]
    assert api.outcome(report_id)["status"] == "REFUSED"
    root = ElementTree.fromstring(api.get(f"/dragons/reports/{report_id}", headers=XML).content)
    assert root.findtext("reason") == "Duplicate dragon reported"
