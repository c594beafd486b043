"""The Athena engine: SQL over the dataset's folders, for registries that outgrow a function.

It reads JSON Lines alone, and costs by the bytes that it scans: a filter on the family reads that family's
folder, anything else the whole dataset, for each page.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from dragons.merged import ORIGIN
from list_dragons.athena_client import Deadline
from list_dragons.athena_sql import COLUMNS, Place, page_statement
from list_dragons.lines import matches, read_line
from list_dragons.query import Position

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dragons.fields import Dragon
    from list_dragons.athena_client import Athena
    from list_dragons.query import Query, Reading

SECONDS = 20.0
"""How long queries of a request may take; API Gateway gives up after 29."""

logger = logging.getLogger(__name__)


class AthenaEngine:
    """Asks Athena for as many dragons as a page can hold, and again where some of them do not match.

    Args:
        athena: What runs statements.
        bucket: The dataset's bucket.
        prefix: The dataset's prefix in it, such as `dragons/`.
    """

    def __init__(self, athena: Athena, bucket: str, prefix: str) -> None:
        self._athena = athena
        self._root = f"s3://{bucket}/"
        self._prefix = prefix

    def dragons(self, query: Query, reading: Reading) -> Iterator[tuple[Position, Dragon]]:
        """Yield the dragons that match, in the order of their objects' keys and of their names.

        Raises:
            QueryUnavailableError: Athena cannot answer now, not in time, or not within its limit of bytes.
        """
        if not _can_match(query.filters):
            return
        deadline = Deadline(SECONDS)
        after = None if query.after is None else Place(self._root + query.after.key, query.after.name)
        rows, more = query.limit + 1, True
        while more:
            found = 0
            statement = page_statement(self._prefix, query.filters, after, rows)
            for row in self._athena.rows(statement, deadline, reading):
                path, origin, name, line = (cell or "" for cell in row[: len(COLUMNS)])
                found, place = found + 1, Place(origin, name)
                if place == after:
                    continue  # the same once more
                after, dragon = place, self._dragon(path, line, reading)
                if dragon is not None and matches(dragon, query.filters):
                    yield Position(origin.removeprefix(self._root), name), dragon
            more = found == rows

    def _dragon(self, path: str, line: str, reading: Reading) -> Dragon | None:
        try:
            dragon = read_line(line.encode())
        except ValueError as error:
            reading.malformed += 1
            logger.warning("%s: malformed: %s", path.removeprefix(self._root), error)
            return None
        dragon.pop(ORIGIN, None)
        return dragon


def _can_match(filters: Mapping[str, str]) -> bool:
    """Whether there can be such dragons: none has a text that UTF-8 cannot carry."""
    return not any("\ud800" <= each <= "\udfff" for text in filters.values() for each in text)
