"""The published contract: the OpenAPI document without what is for API Gateway alone.

`make contract` writes it to `docs/openapi.json`; a test compares the two.
"""

import json
from collections import ChainMap
from typing import Any

from contract.rendering import ROOT, openapi

PATH = ROOT / "docs" / "openapi.json"


def contract() -> dict[str, Any]:
    """The API's OpenAPI document, less AWS's extensions; its version is the contract's own."""
    document: dict[str, Any] = _without_extensions(openapi())
    document["info"] = {"title": "Dragons", "version": "1"}
    for item in document["paths"].values():
        for operation in item.values():
            if isinstance(operation, dict) and "security" in operation:
                # API Gateway wants all of the list; OpenAPI reads a list as one of it
                operation["security"] = [dict(ChainMap(*reversed(operation["security"])))]
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
