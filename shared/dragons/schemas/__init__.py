"""The JSON Schemas (draft 4): the one source for validation in code, API models and test generators."""

import json
from functools import cache
from importlib import resources
from typing import Any


@cache
def schema(name: str) -> dict[str, Any]:
    """Read a schema of this package.

    Args:
        name: `dragon` (the record) or `report` (the body of POST /dragons).
    """
    text = resources.files(__name__).joinpath(f"{name}.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document
