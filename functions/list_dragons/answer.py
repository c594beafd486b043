"""What of the objects' records is an answer, whichever engine reads them."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from dragons.merged import take_origin
from list_dragons.lines import is_lines, matches
from list_dragons.query import Position

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dragons.fields import Dragon
    from list_dragons.query import Query, Reading

logger = logging.getLogger(__name__)


class Answer:
    """Takes one object after the other, in the order of keys, and gives the dragons that match, each once.

    Args:
        query: What is asked for.
        reading: Where objects and malformed records are counted.
    """

    def __init__(self, query: Query, reading: Reading) -> None:
        self._query = query
        self._reading = reading
        self._before = ""
        self._last = query.after

    @property
    def passing(self) -> Position | None:
        """The position that the answer goes on behind, as long as an object may hold it."""
        return None if self._before else self._query.after

    def of_object(
        self, key: str, records: Iterable[tuple[int | None, Dragon | ValueError]]
    ) -> Iterator[tuple[Position, Dragon]]:
        """Yield the dragons of an object that is not empty, in the order of (origin, name).

        Args:
            key: The object's; behind that of the object before.
            records: Its records that can match, with their marks, or what is wrong with them; and the offset
                of each, or its number in a document; None if that is not known.
        """
        self._reading.objects += 1
        for place, record in records:
            if isinstance(record, ValueError):
                self._reading.malformed += 1
                unit = "byte" if is_lines(key) else "record"
                at = "" if place is None else f" at {unit} {place}"
                logger.warning("%s: malformed%s: %s", key, at, record)
            elif position := self._counts(key, record):
                self._last = position
                yield position, record
        self._before = key

    def _counts(self, key: str, record: Dragon) -> Position | None:
        """Where a record stands, if it is one that is asked for."""
        origin = take_origin(key, record)
        if origin <= self._before or not matches(record, self._query.filters):
            return None  # what came from there or from before was read already (see `dragons.merged`)
        position = Position(origin, record.get("dragon_name_str", ""))
        after = self._query.after
        if not record or position == self._last or (after is not None and position <= after):
            return None
        return position
