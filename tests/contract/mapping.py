"""Runs mapping templates by the engine of the local cloud, corrected to AWS's ways."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple
from xml.etree import ElementTree

from contract.rendering import mapping_templates
from localcloud.apigateway import vtl
from localcloud.apigateway.vtl import MappingTemplate

CALLER = "203.0.113.7"
BASE_URL = "https://api.example.com/v1"
RELEASE = "1.0.0"
TEMPLATES = mapping_templates()
START_REPORT = {mode: mapping_templates(mode)["start_report"] for mode in ("off", "confirmed", "any")}

vtl.apply()


class Answer(NamedTuple):
    """What a response template makes: the body, and what it overrides."""

    body: Any
    status: int
    headers: dict[str, str]


def _variables(
    body: str,
    headers: dict[str, str] | None,
    path: dict[str, str] | None,
    subject: str | None,
    request_id: str = "request-1",
    claims: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    context: dict[str, Any] = {"requestId": request_id, "stage": "v1", "identity": {"sourceIp": CALLER}}
    if subject is not None:
        context["authorizer"] = {"claims": {"sub": subject, **(claims or {})}}
    parameters = {"path": path or {}, "querystring": {}, "header": headers or {}}
    return {
        "context": context,
        "stageVariables": {"baseUrl": BASE_URL, "release": RELEASE, "alias": "live"},
        "input": {"body": body, "params": parameters},
    }


def _overrides() -> Any:
    return {
        "requestOverride": {"header": {}, "path": {}, "querystring": {}},
        "responseOverride": {"header": {}, "status": 0},
    }


def request(
    name: str,
    body: str = "",
    *,
    headers: dict[str, str] | None = None,
    path: dict[str, str] | None = None,
    subject: str | None = None,
    request_id: str = "request-1",
    claims: Mapping[str, Any] | None = None,
    text_messages: str = "any",
) -> Any:
    """Render a request template and parse the JSON it makes."""
    variables: Any = _variables(body, headers, path, subject, request_id, claims)
    template = START_REPORT[text_messages] if name == "start_report" else TEMPLATES[name]
    text, _ = MappingTemplate(json.loads).render_request(template, variables, _overrides())
    return json.loads(text)


def response(
    name: str,
    body: str = "",
    *,
    headers: dict[str, str] | None = None,
    subject: str | None = None,
) -> Answer:
    """Render a response template and parse the JSON or, by the template's name, the XML it makes, if any."""
    variables: Any = _variables(body, headers, None, subject)
    text, override = MappingTemplate(json.loads).render_response(TEMPLATES[name], variables, _overrides())
    parse = ElementTree.fromstring if name.endswith("_xml") else json.loads
    return Answer(parse(text) if text.strip() else None, override["status"], dict(override["header"]))
