"""Objects of the dataset into which smaller ones of their family were merged.

A line that was merged names in `_origin` the object that it was written to, and stands before those of later
origins: a dragon keeps its place in the order of all, which is that of (origin, name), so that a page goes on
where the one before ended.

While an object is merged its lines stand twice, and the first in the order of keys count. So objects are
emptied when their lines stand in a later one, and the last of them first; and an object whose dragons have
all left is never empty: of each origin it keeps a line without a dragon.

A reader needs to remember no more than the last object that was not empty when it read it. Whatever came
from there or from before stood there or before: lines are merged over an object only together with its own,
and it is emptied before those in front of it. So a line counts if its origin is behind that object. Nothing
comes to stand between an object and those that were merged into it, since they are settled.
"""

import json
from collections.abc import Iterable, Iterator, Mapping

from dragons.dataset import to_lines
from dragons.fields import Dragon

ORIGIN = "_origin"
"""The field of a merged line that names the object that it was written to, without its folder."""

MERGED_BYTES = 1 << 23
"""Of an object that others are merged into, at most: some ten thousand reports, read within a second."""

MERGED_AT_ONCE = 1000
"""Objects that are merged in one call: some 60 S3 requests a second, so that it ends within a minute."""


def take_origin(key: str, line: Dragon) -> str:
    """Take the mark out of a line, and say to which object it was written: without a mark, its own."""
    folder, _, own = key.rpartition("/")
    return f"{folder}/{line.pop(ORIGIN, own)}"


def read_parts(key: str, lines: Iterable[bytes]) -> Iterator[tuple[str, Dragon | None]]:
    """Read an object.

    Args:
        key: The object's.
        lines: Its lines, without their line breaks.

    Yields:
        For each line the key of the object that it was written to, and its dragon if it has one.
    """
    for line in lines:
        dragon = json.loads(line) if line else {}
        origin = take_origin(key, dragon)
        yield origin, dragon or None


def each_once(objects: Iterable[tuple[str, Iterable[bytes]]]) -> Iterator[tuple[str, Dragon]]:
    """Read objects, each dragon once: while objects are merged, the first of a part's two places counts.

    Args:
        objects: Keys, in their order, and the lines of each, which are read when it is their turn.

    Yields:
        The key of the object that a dragon was written to, and the dragon.
    """
    before = ""
    for key, lines in objects:
        empty = True
        for origin, dragon in read_parts(key, lines):
            empty = False
            if dragon is not None and origin > before:
                yield origin, dragon
        before = before if empty else key


def parts_of(key: str, lines: Iterable[bytes]) -> dict[str, list[Dragon]]:
    """The dragons of an object, by the key of the object that they were written to."""
    parts: dict[str, list[Dragon]] = {}
    for origin, dragon in read_parts(key, lines):
        parts.setdefault(origin, []).extend([] if dragon is None else [dragon])
    return parts


def to_object(key: str, parts: Mapping[str, Iterable[Dragon]]) -> bytes:
    """Write an object of its own part and of those that were merged into it.

    Args:
        key: The object's.
        parts: Dragons by the key of the object that they were written to; none is behind the object's own.
    """
    merged = sorted(parts.keys() - {key})
    own = to_lines(parts.get(key, [])) or b"\n"
    return b"".join([*(_marked(origin, parts[origin]) for origin in merged), own])


def _marked(origin: str, dragons: Iterable[Dragon]) -> bytes:
    mark = {ORIGIN: origin.rpartition("/")[2]}
    return to_lines(dragon | mark for dragon in dragons) or json.dumps(mark).encode() + b"\n"
