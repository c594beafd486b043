"""Where the answer to a query is read, so that its cost follows the answer.

| asked | plan | what is read |
|---|---|---|
| `dragonName=Atlas` | `name` | one item of the table, consistently |
| `order=name`, `dragonName=At*` | `names` | the page's names in the index `by_name`, then their items |
| `family=red` | `family` | the objects of the family's folder, as far as the page needs |
| no filter | `dataset` | the dataset, as far as the page needs |
| other filters | `dataset` | the dataset, as far as the page needs: in a small registry, or by Athena |
| `count=true`, HEAD | `count` | one tally, or one item of the table |

A filter besides those that choose the plan is checked on each dragon that is read.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from dragons.fields import Dragon
from dragons.registry import TALLY
from list_dragons.encoding import fits
from list_dragons.lines import matches
from list_dragons.query import (
    Asked,
    CountQuery,
    NamesQuery,
    Page,
    Position,
    Query,
    QueryEngine,
    Reading,
    page,
    take,
)
from list_dragons.scan_limit import ScanLimit
from list_dragons.table import DynamoDBRegistry
from list_dragons.timing import Timing

TALLIES = {"family_str": "family", "location_country_str": "country"}
"""The fields that dragons are tallied by, and the kind of their tallies."""

Found = Page[Position] | Page[tuple[str]] | int


@dataclass(frozen=True)
class Sources:
    """What can be read.

    Attributes:
        registry: The table of dragons and the tallies.
        limit: Says which queries may not read the whole dataset.
        choose: Chooses the engine that reads the dataset: its name, and itself.
    """

    registry: DynamoDBRegistry
    limit: ScanLimit
    choose: Callable[[], tuple[str, QueryEngine]]


@dataclass(frozen=True)
class Answer:
    """A page of dragons, or how many there are, and what it took."""

    found: Found
    timing: Timing


def answer(asked: Asked, sources: Sources, clock: Callable[[], float] = time.perf_counter) -> Answer:
    """Answer what is asked by the cheapest plan.

    Args:
        asked: What is asked.
        sources: What can be read.
        clock: Seconds that never go back.

    Raises:
        InvalidRequestError: It would read all of a large registry.
        QueryUnavailableError: What has to be read cannot be, for now.
    """
    started, reading = clock(), Reading()
    plan, found = _carry_out(asked, sources, reading)
    return Answer(found, Timing(plan, reading, (clock() - started) * 1000))


def _carry_out(asked: Asked, sources: Sources, reading: Reading) -> tuple[str, Found]:
    match asked:
        case CountQuery():
            return "count", _count(asked, sources.registry, reading)
        case NamesQuery():
            return "names", take(_names(asked, sources.registry, reading), asked.limit)
        case Query() if "dragon_name_str" in asked.filters:
            return "name", Page(_named(asked, sources.registry, reading), None)
    return "family" if "family_str" in asked.filters else "dataset", _dataset(asked, sources, reading)


def _dataset(asked: Query, sources: Sources, reading: Reading) -> Page[Position]:
    if not all(map(fits, asked.filters.values())):
        return Page([], None)  # no text on record has half a surrogate pair
    name, engine = sources.choose()
    sources.limit.check(asked, name)
    return page(engine, asked, reading)


def _count(asked: CountQuery, registry: DynamoDBRegistry, reading: Reading) -> int:
    if "dragon_name_str" in asked.filters:
        return len(_named(asked, registry, reading))
    reading.objects += 1
    tallies = [f"{TALLIES[field]}#{value}" for field, value in asked.filters.items()]
    return registry.count(tallies[0] if tallies else TALLY)


def _named(asked: Query | CountQuery, registry: DynamoDBRegistry, reading: Reading) -> list[Dragon]:
    dragon = registry.get(asked.filters["dragon_name_str"])
    reading.objects += 1
    return [dragon] if dragon is not None and matches(dragon, asked.filters) else []


def _names(
    asked: NamesQuery, registry: DynamoDBRegistry, reading: Reading
) -> Iterator[tuple[tuple[str], Dragon]]:
    """Yield dragons by name; a name whose dragon is gone, or cannot be listed, is passed over."""
    after = asked.after
    while True:
        names, after = registry.names(asked.prefix, after, asked.limit + 1)
        dragons = registry.dragons(names)
        reading.objects += len(dragons)
        yield from (((name,), dragons[name]) for name in names if name in dragons)
        if after is None:
            return
