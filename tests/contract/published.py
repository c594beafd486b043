"""The published contract: the OpenAPI document without what is for API Gateway alone.

`make contract` writes it to `docs/openapi.json`, the events' schemas and the machines' page; tests compare.
"""

import json
from collections import ChainMap
from typing import Any

from contract import event_schemas, machine_pages
from contract.rendering import ROOT, openapi

PATH = ROOT / "docs" / "openapi.json"
EXAMPLE = ROOT / "tests" / "fixtures" / "report.json"

_API = {"api": {"default": "api-id", "description": "The API's id: the output `rest_api_url` has it"}}
_STAGE = {"stage": {"default": "v1"}}
SERVERS: list[dict[str, Any]] = [
    {
        "url": "https://{api}.execute-api.{region}.amazonaws.com/{stage}",
        "description": "AWS",
        "variables": _API | {"region": {"default": "us-east-1"}} | _STAGE,
    },
    {
        "url": "http://127.0.0.1:{port}/_aws/execute-api/{api}/{stage}",
        "description": "The local cloud",
        "variables": {"port": {"default": "4566"}} | _API | _STAGE,
    },
]


def contract() -> dict[str, Any]:
    """The API's OpenAPI document, less AWS's extensions; its version is the contract's own.

    What API Gateway does not import, or in a form of its own alone, is written here as OpenAPI has it: where
    the API is, which routes are open, the scheme of a partner's token, and an example.

    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
    """
    document: dict[str, Any] = _without_extensions(openapi())
    document["info"] = {"title": "Dragons", "version": "1"}
    document["servers"] = SERVERS
    for item in document["paths"].values():
        for operation in item.values():
            # API Gateway wants all of the list; OpenAPI reads it as a choice, and an empty one as open
            schemes = operation.get("security", [])
            operation["security"] = [dict(ChainMap(*reversed(schemes)))] if schemes else []
    report = document["paths"]["/dragons"]["post"]["requestBody"]["content"]["application/json"]
    report["example"] = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    # what the pattern comes to that API Gateway has for the header
    document["components"]["securitySchemes"]["partner_token"] = {"type": "http", "scheme": "bearer"}
    return document


def text() -> str:
    """The contract as the file holds it."""
    return json.dumps(contract(), indent=2, ensure_ascii=False) + "\n"


def _without_extensions(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: _without_extensions(part)
            for name, part in value.items()
            if not name.startswith("x-amazon-apigateway-")
        }
    if isinstance(value, list):
        return [_without_extensions(part) for part in value]
    return value


if __name__ == "__main__":
    PATH.write_text(text(), encoding="utf-8")
    event_schemas.publish()
    machine_pages.PATH.write_text(machine_pages.text(), encoding="utf-8")
