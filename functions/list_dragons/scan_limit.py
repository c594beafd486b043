"""Up to which size a registry is read as a whole for a query that names neither a dragon nor a family."""

import time
from collections.abc import Callable

from dragons.errors import FieldError, InvalidRequestError
from dragons.fields import RECORD_NAMES
from dragons.parameters import LIFETIME_SECONDS
from dragons.registry import TALLY
from list_dragons.query import Query

_FINDING = ("dragon_name_str", "family_str")
"""Fields whose filters spare reading everything."""


class ScanLimit:
    """Refuses, by name, what would read a large registry; its size is read at most once in half a minute.

    Args:
        largest: How many dragons may be read.
        count: Reads a tally.
        clock: Seconds that never go back.
    """

    def __init__(
        self, largest: int, count: Callable[[str], int], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._largest = largest
        self._count = count
        self._clock = clock
        self._size = 0
        self._expires = float("-inf")

    def check(self, query: Query, engine: str) -> None:
        """Let a query pass, or say what would make it cheaper. Athena reads registries of any size.

        Args:
            query: What is asked of the dataset.
            engine: The name of the engine that would answer.

        Raises:
            InvalidRequestError: It would read more dragons than it may.
        """
        if engine == "athena" or not query.filters or any(name in query.filters for name in _FINDING):
            return
        dragons = self._read_size()
        if dragons <= self._largest:
            return
        reason = f"would read all of {dragons:,} dragons: add family or dragonName"
        errors = [FieldError(name, reason) for name, field in RECORD_NAMES.items() if field in query.filters]
        raise InvalidRequestError("Invalid request parameters", errors)

    def _read_size(self) -> int:
        if self._clock() >= self._expires:
            self._size = self._count(TALLY)
            self._expires = self._clock() + LIFETIME_SECONDS
        return self._size
