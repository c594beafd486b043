r"""The Java methods that mapping templates call on strings, lists and maps.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings.html (templates are
Velocity, whose values are Java's String, List and Map) and commons-lang's `escapeJavaScript`.

Left out: positions inside a string count characters, where Java counts UTF-16 units (`length()` does count
those); `hashCode`, `compareTo`, `format` and the like.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from localcloud.apigateway.java_regex import compile_java, replace_java, split_java

_JAVASCRIPT_UNSAFE = re.compile(r"[\x00-\x1f\"'/\\]|[^\x00-\x7f]")
_JAVASCRIPT_SHORT = {
    "\b": r"\b",
    "\n": r"\n",
    "\t": r"\t",
    "\f": r"\f",
    "\r": r"\r",
    '"': r"\"",
    "'": r"\'",
    "\\": r"\\",
    "/": r"\/",
}


class JsonArray(list[Any]):
    """A JSON array that `$input.path` found: its text is JSON, not Java's list notation."""


class Entry(NamedTuple):
    """One of a map's `entrySet()`."""

    key: str
    value: Any


def to_text(value: Any) -> str:
    """What Java's `toString()` gives: `null`, `true`, `{a=1}`, `[1, 2]`; JSON for an array out of JSON."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, JsonArray):
        return json.dumps(value, separators=(",", ":"))
    if isinstance(value, Entry):
        return f"{value.key}={to_text(value.value)}"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}={to_text(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(to_text(item) for item in value) + "]"
    return str(value)


def escape_java_script(value: Any) -> str:
    r"""Escape text as `$util.escapeJavaScript`: both quotes, `\`, `/`, controls and all beyond ASCII.

    The single quote's `\'` is not JSON: as AWS's page says, `.replaceAll("\\'","'")` has to follow.
    """
    return _JAVASCRIPT_UNSAFE.sub(_escape_character, to_text(value))


def _escape_character(match: re.Match[str]) -> str:
    character = match[0]
    if short := _JAVASCRIPT_SHORT.get(character):
        return short
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{int.from_bytes(units[i : i + 2]):04X}" for i in range(0, len(units), 2))


def _utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _substring(text: str, start: int, end: int | None = None) -> str:
    stop = len(text) if end is None else end
    if not 0 <= start <= stop <= len(text):
        raise IndexError(f"substring({start}, {stop}) of a text of {len(text)} characters")
    return text[start:stop]


def _put(mapping: dict[str, Any], key: str, value: Any) -> Any:
    previous = mapping.get(key)
    mapping[key] = value
    return previous


def _put_all(mapping: dict[str, Any], other: Mapping[str, Any]) -> None:
    mapping.update(other)


def _add(items: list[Any], value: Any) -> bool:
    items.append(value)
    return True


def _set(items: list[Any], index: int, value: Any) -> Any:
    previous, items[index] = items[index], value
    return previous


def _index_of(items: list[Any], value: Any) -> int:
    return items.index(value) if value in items else -1


_ANY: dict[str, Callable[..., Any]] = {
    "toString": to_text,
    "equals": lambda value, other: type(value) is type(other) and value == other,
}
_STRING: dict[str, Callable[..., Any]] = {
    **_ANY,
    "equals": lambda text, other: isinstance(other, str) and text == other,
    "equalsIgnoreCase": lambda text, other: text.lower() == to_text(other).lower(),
    "length": _utf16_length,
    "isEmpty": lambda text: text == "",
    "contains": lambda text, part: part in text,
    "startsWith": lambda text, prefix: text.startswith(prefix),
    "endsWith": lambda text, suffix: text.endswith(suffix),
    "indexOf": lambda text, part: text.find(part),
    "lastIndexOf": lambda text, part: text.rfind(part),
    "substring": _substring,
    "charAt": lambda text, index: _substring(text, index, index + 1),
    "concat": lambda text, other: text + other,
    "trim": lambda text: text.strip("".join(map(chr, range(33)))),
    "toLowerCase": lambda text: text.lower(),
    "toUpperCase": lambda text: text.upper(),
    "replace": lambda text, old, new: text.replace(old, new),
    "replaceAll": lambda text, pattern, new: replace_java(pattern, new, text),
    "replaceFirst": lambda text, pattern, new: replace_java(pattern, new, text, count=1),
    "matches": lambda text, pattern: compile_java(pattern).fullmatch(text) is not None,
    "split": lambda text, pattern: split_java(pattern, text),
}
_LIST: dict[str, Callable[..., Any]] = {
    **_ANY,
    "size": len,
    "isEmpty": lambda items: not items,
    "get": lambda items, index: items[index],
    "contains": lambda items, value: value in items,
    "indexOf": _index_of,
    "add": _add,
    "set": _set,
}
_ENTRY: dict[str, Callable[..., Any]] = {
    **_ANY,
    "getKey": lambda entry: entry.key,
    "getValue": lambda entry: entry.value,
}
_MAP: dict[str, Callable[..., Any]] = {
    **_ANY,
    "size": len,
    "isEmpty": lambda mapping: not mapping,
    "get": lambda mapping, key: mapping.get(key),
    "getOrDefault": lambda mapping, key, default: mapping.get(key, default),
    "containsKey": lambda mapping, key: key in mapping,
    "containsValue": lambda mapping, value: value in mapping.values(),
    "keySet": lambda mapping: list(mapping),
    "values": lambda mapping: list(mapping.values()),
    "entrySet": lambda mapping: [Entry(key, value) for key, value in mapping.items()],
    "put": _put,
    "putAll": _put_all,
    "remove": lambda mapping, key: mapping.pop(key, None),
}
_METHODS: Sequence[tuple[type, dict[str, Callable[..., Any]]]] = (
    (str, _STRING),
    (Entry, _ENTRY),
    (Mapping, _MAP),
    (list, _LIST),
    (int, _ANY),
    (float, _ANY),
)


def is_java_value(value: Any) -> bool:
    """Whether templates see the value as Java's own, so that nothing of Python's may show through."""
    return isinstance(value, tuple(kind for kind, _ in _METHODS))


def call_method(value: Any, name: str, arguments: list[Any]) -> Any:
    """Call a Java method on a template's value.

    Args:
        value: A value for which `is_java_value` holds.
        name: The method's Java name.
        arguments: Its arguments.

    Returns:
        Any: What the method returns; None for a method that Java does not have.
    """
    methods = next(table for kind, table in _METHODS if isinstance(value, kind))
    method = methods.get(name)
    return method(value, *arguments) if method else None


def get_property(value: Any, name: str | int) -> Any:
    """What `$value.name` or `$value[name]` is; None where there is nothing."""
    if isinstance(value, Mapping):
        return value.get(name)
    if isinstance(value, Entry):
        return {"key": value.key, "value": value.value}.get(str(name))
    if isinstance(value, list) and isinstance(name, int) and -1 < name < len(value):
        return value[name]
    return None
