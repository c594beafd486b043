"""The JSON Schemas (draft 4): the one source for validation in code, API models and test generators."""

import json
from functools import cache
from importlib import resources
from typing import Any


@cache
def schema(name: str) -> dict[str, Any]:
    """Read a schema of this package.

    Args:
        name: `dragon` (the record), `report` (the body of POST /dragons), or `events/` and an event's type.
    """
    text = resources.files(__name__).joinpath(f"{name}.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


@cache
def event_schema(detail_type: str) -> dict[str, Any]:
    """Read the schema of an event's detail, which stands alone.

    Of a dragon's fields it asks for the name and the family only, and for nothing of the others: what is on
    record may be older than the schema of a dragon, or written by hand, and is told as it is.

    Args:
        detail_type: Such as `DragonAdded`.
    """
    document = schema(f"events/{detail_type}")
    if "dragon" not in document["properties"]:
        return document
    keys = ["dragon_name_str", "family_str"]
    dragon = {
        "type": "object",
        "required": keys,
        "additionalProperties": False,
        "properties": {
            name: {"type": "string"} if name in keys else {} for name in schema("dragon")["properties"]
        },
    }
    return document | {"definitions": {"Dragon": dragon}}
