"""The query port: the question that GET /dragons asks, whichever engine answers it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from dragons.fields import Dragon, dragon_fields


class Position(NamedTuple):
    """Where a dragon stands in the dataset: in which object, and there by its name."""

    key: str
    name: str


@dataclass(frozen=True)
class Query:
    """What a caller asks for.

    Attributes:
        filters: Record field to the exact value wanted, as text; all have to match.
        limit: How many dragons a page holds at most.
        after: The last dragon of the page before; none for the first page.
    """

    filters: Mapping[str, str]
    limit: int
    after: Position | None = None


class QueryEngine(Protocol):
    """Answers queries over the dataset, in the order of positions."""

    def dragons(
        self, filters: Mapping[str, str], after: Position | None
    ) -> Iterator[tuple[Position, Dragon]]:
        """Yield, lazily, the dragons that match every filter and stand behind a position."""
        ...


@dataclass(frozen=True)
class Page:
    """One page of an answer; `next_after` is set where there is more."""

    dragons: list[Dragon]
    next_after: Position | None


def page(engine: QueryEngine, query: Query) -> Page:
    """Take one page out of an engine's answer, looking one dragon ahead to know whether it is the last.

    A dragon written before a field left the schema may still have it; it is not shown.
    """
    fields = dragon_fields()
    dragons: list[Dragon] = []
    last: Position | None = None
    for position, dragon in engine.dragons(query.filters, query.after):
        if len(dragons) == query.limit:
            return Page(dragons, last)
        dragons.append({name: dragon[name] for name in fields if name in dragon})
        last = position
    return Page(dragons, None)
