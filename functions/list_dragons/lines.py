"""Lines of the dataset: what is one, which can match without being parsed, and which do."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Any, NoReturn

from dragons.merged import ORIGIN, take_origin

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dragons.fields import Dragon
    from list_dragons.query import Position

_NUMBER_OR_BOOLEAN = re.compile(r"-?[0-9]+(\.[0-9]+)?(e[-+]?[0-9]+)?|true|false")
_TEXTS = ("dragon_name_str", "family_str")
_SHORT_ESCAPES = frozenset('"\\/\b\f\n\r\t')


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
    for field in (ORIGIN,) if found.keys() == {ORIGIN} else _TEXTS:
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


@dataclass(frozen=True)
class _Wanted:
    """A text that a line must hold: in quotes as it is, or written with escapes."""

    quoted: bytes
    escape: bytes

    @classmethod
    def of(cls, text: str) -> _Wanted:
        escape = b"\\" if _SHORT_ESCAPES.intersection(text) else b"\\u"
        return cls(b'"%s"' % text.encode(errors="surrogatepass"), escape)

    def may_be_in(self, line: bytes) -> bool:
        return self.quoted in line or self.escape in line


class Prefilter:
    r"""Finds the lines that can match, by their bytes; it may let too many pass, never too few.

    A text that a filter wants stands in a line in quotes, as UTF-8, or else with escapes in it: of a text
    without quotes and the like, JSON knows no escape but `\u`. A number can be written in many ways, so a
    text that may be one is not looked for.

    Args:
        filters: As of `matches`.
    """

    def __init__(self, filters: Mapping[str, str]) -> None:
        self._wanted = [
            _Wanted.of(text)
            for field, text in filters.items()
            if field in _TEXTS or not _NUMBER_OR_BOOLEAN.fullmatch(text)
        ]

    @property
    def passes_all(self) -> bool:
        """Whether there is nothing to look for, so that every line is read."""
        return not self._wanted

    def may_match(self, line: bytes) -> bool:
        """Whether a line can match: one that cannot needs no parsing."""
        return all(each.may_be_in(line) for each in self._wanted)

    def lines(self, buffer: bytes, start: int = 0) -> Iterator[tuple[int, bytes]]:
        """Cut the lines that can match out of a buffer; what is in between is not looked at line by line.

        Args:
            buffer: Whole lines, each with its line break, which the last one may lack.
            start: The offset of the line at which to begin.

        Yields:
            Offset and line, without its line break; no blank ones.
        """
        if self.passes_all:
            yield from _every_line(buffer, start)
            return
        searched = self._searched(buffer)
        hits = [_find(buffer, text, start) for text in searched]
        while max(hits) >= 0:
            hit = min(hit for hit in hits if hit >= 0)
            begin = buffer.rfind(b"\n", start, hit) + 1 or start
            end = buffer.find(b"\n", hit)
            end = len(buffer) if end < 0 else end
            if self.may_match(line := buffer[begin:end]):
                yield begin, line
            start = end + 1
            hits = [
                hit if hit >= start or hit < 0 else _find(buffer, text, start)
                for text, hit in zip(searched, hits, strict=True)
            ]

    def _searched(self, buffer: bytes) -> list[bytes]:
        """Texts of which each line that can match holds one."""
        wanted = self._wanted[0]
        if len(self._wanted) > 1:
            wanted = min(self._wanted, key=lambda each: buffer.count(each.quoted))
        return [wanted.quoted, wanted.escape]


def _find(buffer: bytes, text: bytes, start: int) -> int:
    r"""Find a text; `\u` by its backslash, since one byte is found four times as fast as two."""
    if text != b"\\u":
        return buffer.find(text, start)
    found = buffer.find(b"\\", start)
    while found >= 0 and not buffer.startswith(b"u", found + 1):
        found = buffer.find(b"\\", found + 2)  # behind what it escapes
    return found


def _every_line(buffer: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    while start < len(buffer):
        end = buffer.find(b"\n", start)
        end = len(buffer) if end < 0 else end
        if (line := buffer[start:end]).strip():
            yield start, line
        start = end + 1
