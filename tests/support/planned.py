"""The planner, over a registry in memory and an engine that finds whatever it is asked."""

from collections.abc import Iterator
from typing import Any

from dragons.fields import Dragon
from list_dragons.planner import Answer, Sources, answer
from list_dragons.query import Asked, Page, Position, Query, QueryEngine, Reading
from list_dragons.scan_limit import ScanLimit
from support.registry import Registry


class FakeEngine:
    """An engine over dragons in memory, which finds whatever it is asked.

    Attributes:
        asked: The queries that reached it.
    """

    def __init__(self, *names: str) -> None:
        self.asked: list[Query] = []
        self._names = names

    def dragons(self, query: Query, reading: Reading) -> Iterator[tuple[Position, Dragon]]:
        """Note a query, and find every dragon."""
        self.asked.append(query)
        for name in self._names:
            reading.objects += 1
            reading.bytes += 10
            yield Position("key", name), {"dragon_name_str": name, "family_str": "red"}


class NoEngine:
    """What must not be asked for the dataset."""

    def choose(self) -> tuple[str, QueryEngine]:
        """Fail."""
        raise AssertionError("this plan reads no dataset")


def answered(asked: Asked, registry: Registry, engine: FakeEngine | None = None) -> Answer:
    """Answer what is asked, in a quarter of a second."""
    choose = NoEngine().choose if engine is None else lambda: ("scan", engine)
    limit = ScanLimit(10, registry.reader.count)
    return answer(asked, Sources(registry.reader, limit, choose), clock=iter([5.0, 5.25]).__next__)


def names_of(found: Any) -> list[str]:
    """The names on a page."""
    assert isinstance(found, Page)
    return [each["dragon_name_str"] for each in found.dragons]
