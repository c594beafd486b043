"""Lines of the dataset: what is one, which matches, and where to go on among them."""

from __future__ import annotations

import json
from math import inf
from typing import TYPE_CHECKING, Any, NoReturn

from dragons.merged import ORIGIN, take_origin

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dragons.fields import Dragon
    from list_dragons.query import Position

TEXTS = ("dragon_name_str", "family_str")
"""Fields that every dragon has, as text."""


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
    # 1e999 is JSON, but read as an infinity, which has none
    return isinstance(value, int | float) and abs(value) != inf and json.dumps(value) == wanted


def is_lines(key: str) -> bool:
    """Whether an object holds JSON Lines, by its key; any other is one JSON document."""
    return key.endswith(".jsonl")


def read_line(line: bytes) -> Dragon:
    """Read a line that is not blank.

    Returns:
        A dragon, with the mark of a line that was merged; or that mark alone (see `dragons.merged`).

    Raises:
        ValueError: It is malformed: not UTF-8, not JSON, no dragon, or of text that UTF-8 cannot carry.

    Source: https://www.rfc-editor.org/rfc/rfc8259 (NaN and Infinity are not JSON; half surrogates are)
    """
    return _checked(_decoded(line), b"\\u" in line)


def read_document(text: bytes) -> list[Dragon | ValueError]:
    """Read a document: one record, or an array of them.

    Returns:
        The dragons in the order of names; before them, what is wrong with each record that is malformed.
    """
    try:
        found = _decoded(text)
    except ValueError as error:
        return [error]
    dragons: list[Dragon] = []
    malformed: list[ValueError] = []
    for each in found if isinstance(found, list) else [found]:
        try:
            if isinstance(each, dict):
                each.pop(ORIGIN, None)  # only lines are merged
            dragons.append(_checked(each, b"\\u" in text))
        except ValueError as error:
            malformed.append(error)
    return [*malformed, *sorted(dragons, key=lambda each: each["dragon_name_str"])]


def _decoded(text: bytes) -> Any:
    try:
        return _DECODER.decode(text.decode())
    except RecursionError:
        raise ValueError("nested too deep") from None


def _checked(found: Any, escapes: bool) -> Dragon:
    """Find what is no dragon; without escapes, no half of a surrogate pair can be in it."""
    if not isinstance(found, dict):
        raise ValueError("no object")
    for field in (ORIGIN,) if found.keys() == {ORIGIN} else TEXTS:
        if not isinstance(found.get(field), str):
            raise ValueError(f"no {field}, or no text")
    if not isinstance(found.get(ORIGIN, ""), str):
        raise ValueError(f"{ORIGIN} is no text")
    if escapes:
        json.dumps(found, ensure_ascii=False).encode()
    return found


def behind(buffer: bytes, key: str, after: Position) -> int:
    """Find where to go on behind a position, without reading all lines before it.

    Args:
        buffer: Lines of an object, in the order of positions.
        key: The object's.
        after: The position.

    Returns:
        The offset of the first line behind it; or of one before, if there are lines that tell no position.
    """
    low, high = 0, len(buffer)
    while low < high:
        begin = buffer.rfind(b"\n", low, (low + high) // 2) + 1 or low
        end = buffer.find(b"\n", begin) + 1 or len(buffer)
        try:
            dragon = read_line(buffer[begin:end])
        except ValueError:
            break
        if (take_origin(key, dragon), dragon.get("dragon_name_str", "")) <= after:
            low = end
        else:
            high = begin
    return low


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


_DECODER = json.JSONDecoder(parse_constant=_refuse)
