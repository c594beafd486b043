"""A report's state as XML, read back by a parser."""

import json
import re
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract import mapping
from support.strategies import HOSTILE_TEXTS

XML_TEXTS = [
    "<a>",
    "]]>",
    "&amp;",
    "&#x41;",
    "<!-- -->",
    "<?xml?>",
    "<!DOCTYPE a>",
    "a\r\nb\rc",
    "\ud800",
    "\uffff",
]
NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

texts = st.one_of(st.sampled_from(HOSTILE_TEXTS + XML_TEXTS), st.text(st.characters(), max_size=40))


def as_xml(body: dict[str, Any]) -> dict[str, str]:
    """What a client reads, by element; the elements stand in the order of JSON's."""
    answer = mapping.response("report_found_xml", json.dumps(body))
    assert answer.headers["Content-Type"] == "application/xml"
    root: ElementTree.Element = answer.body
    assert root.tag == "report"
    assert [child.tag for child in root] == ["reportId", "status", "dragonName", "reason"][: len(root)]
    return {child.tag: child.text or "" for child in root}


def described(status: str, name: str = "Atlas", **more: Any) -> dict[str, Any]:
    return {"name": "r-1", "status": status, "input": json.dumps({"dragon_name_str": name})} | more


def refused(name: str, reason: str) -> dict[str, Any]:
    output = {"error": {"Error": "DragonValidationException", "Cause": {"errorMessage": reason}}}
    return described("SUCCEEDED", name, output=json.dumps(output))


def in_xml(text: str) -> str:
    """The nearest that XML 1.0 can say."""
    return NOT_IN_XML.sub("\ufffd", text)


@given(name=texts, reason=texts.filter(bool))
def test_every_text_is_read_back(name: str, reason: str) -> None:
    assert as_xml(refused(name, reason)) == {
        "reportId": "r-1",
        "status": "REFUSED",
        "dragonName": in_xml(name),
        "reason": in_xml(reason),
    }


@pytest.mark.parametrize("text", XML_TEXTS)
def test_no_text_is_taken_for_markup(text: str) -> None:
    assert as_xml(described("RUNNING", text))["dragonName"] == in_xml(text)


@pytest.mark.parametrize("status", ["RUNNING", "PENDING_REDRIVE", "FAILED", "TIMED_OUT", "ABORTED"])
def test_it_says_what_the_json_says(status: str) -> None:
    body = described(status)
    assert as_xml(body) == mapping.response("report_found", json.dumps(body)).body


def test_a_recorded_report_has_no_reason() -> None:
    body = described("SUCCEEDED", output="{}")
    assert as_xml(body) == {"reportId": "r-1", "status": "SUCCEEDED", "dragonName": "Atlas"}
