"""Objects of the dataset into which smaller ones of their family were merged.

A line that was merged names in `_origin` the object that it was written to, and stands before those of later
origins: a dragon keeps its place in the order of all, which is that of (origin, name), so that a page goes on
where the one before ended.

While an object is merged its lines stand twice, and the first in the order of keys count. So objects are
emptied when their lines stand in a later one, and the last of them first; and an object whose dragons have
all left is never empty: of each origin it keeps a line without a dragon.
"""

import json
from collections.abc import Iterable, Iterator, Mapping

from dragons.dataset import to_lines
from dragons.fields import Dragon

_ORIGIN = "_origin"


def read_parts(key: str, lines: Iterable[bytes]) -> Iterator[tuple[str, Dragon | None]]:
    """Read an object.

    Args:
        key: The object's.
        lines: Its lines, without their line breaks.

    Yields:
        For each line the key of the object that it was written to, and its dragon if it has one.
    """
    folder, _, own = key.rpartition("/")
    for line in lines:
        dragon = json.loads(line) if line else {}
        yield f"{folder}/{dragon.pop(_ORIGIN, own)}", dragon or None


def each_once(objects: Iterable[tuple[str, Iterable[bytes]]]) -> Iterator[tuple[str, Dragon]]:
    """Read objects, each dragon once: while objects are merged, the first of a part's two places counts.

    Args:
        objects: Keys, in their order, and the lines of each, which are read when it is their turn.

    Yields:
        The key of the object that a dragon was written to, and the dragon.
    """
    read: set[str] = set()
    for key, lines in objects:
        here: set[str] = set()
        for origin, dragon in read_parts(key, lines):
            here.add(origin)
            if dragon is not None and origin not in read:
                yield origin, dragon
        read |= here


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
    mark = {_ORIGIN: origin.rpartition("/")[2]}
    return to_lines(dragon | mark for dragon in dragons) or json.dumps(mark).encode() + b"\n"
