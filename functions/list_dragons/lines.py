"""Lines of the dataset, and whether a dragon is one that a caller asks for."""

import json
from collections.abc import Mapping
from typing import Any

from dragons.fields import Dragon


def matches(dragon: Dragon, filters: Mapping[str, str]) -> bool:
    """Whether a dragon matches every filter: which engine finds it, this decides.

    Text is compared as it is, a number or a boolean by its JSON; of a list, one element has to match. A
    dragon without the field never does.
    """
    return all(_is(dragon.get(field), wanted) for field, wanted in filters.items())


def _is(value: Any, wanted: str) -> bool:
    if isinstance(value, str):
        return value == wanted
    if isinstance(value, list):
        return any(_is(each, wanted) for each in value)
    return value is not None and json.dumps(value) == wanted
