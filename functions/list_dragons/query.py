"""The query port: the question that GET /dragons asks, whichever engine answers it."""

from collections.abc import Iterable, Iterator, Mapping
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


@dataclass(frozen=True)
class NamesQuery:
    """Dragons in the order of their names, which is that of Unicode's code points.

    Attributes:
        prefix: How the names begin; empty for all.
        limit: How many dragons a page holds at most.
        after: The last name of the page before; none for the first page.
    """

    prefix: str
    limit: int
    after: str | None = None


@dataclass(frozen=True)
class CountQuery:
    """How many dragons there are.

    Attributes:
        filters: Record field to the exact value wanted: at most one of name, family and country.
    """

    filters: Mapping[str, str]


Asked = Query | NamesQuery | CountQuery


@dataclass
class Reading:
    """What was read for an answer, so far.

    Attributes:
        objects: Objects of the dataset, or items of a table.
        bytes: Their bytes, as far as they were read; of items, none are told.
        malformed: Lines that are no dragon, and were left out.
    """

    objects: int = 0
    bytes: int = 0
    malformed: int = 0


class QueryEngine(Protocol):
    """Answers queries over the dataset, in the order of positions."""

    def dragons(self, query: Query, reading: Reading) -> Iterator[tuple[Position, Dragon]]:
        """Yield, lazily, the dragons that match every filter and stand behind the query's position.

        Args:
            query: What is asked for. Of its limit, an engine need not yield more than one dragon beyond.
            reading: Where the engine adds up what it reads.
        """
        ...


@dataclass(frozen=True)
class Page[P: tuple[str, ...]]:
    """One page of an answer; `next_after` is the position of its last dragon, set where there is more."""

    dragons: list[Dragon]
    next_after: P | None


def page(engine: QueryEngine, query: Query, reading: Reading) -> Page[Position]:
    """Take one page out of an engine's answer."""
    return take(engine.dragons(query, reading), query.limit)


def take[P: tuple[str, ...]](found: Iterable[tuple[P, Dragon]], limit: int) -> Page[P]:
    """Take a page, looking one dragon ahead to know whether it is the last.

    A dragon written before a field left the schema may still have it; it is not shown.
    """
    fields = dragon_fields()
    dragons: list[Dragon] = []
    last: P | None = None
    for position, dragon in found:
        if len(dragons) == limit:
            return Page(dragons, last)
        dragons.append({name: dragon[name] for name in fields if name in dragon})
        last = position
    return Page(dragons, None)
