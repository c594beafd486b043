"""The tables of the part `build`, and its figures as JSON."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bench import report
from bench.aims import Aim
from bench.contestant import Scenario
from bench.contestants import OURS, SAM, START
from bench.measure import Usage
from bench.products import Products
from bench.spread import ratio, spread
from bench.table import table

_MB = 1024 * 1024

Times = dict[Scenario, dict[str, list[Usage]]]
"""What each build took, by scenario, contestant's name and round."""

Built = Sequence[tuple[str, Products, bool]]
"""A contestant's name, what it built, and whether it built the same bytes elsewhere."""


def publish(where: dict[str, Any], times: Times, products: Built) -> None:
    """Print the tables, and write the figures.

    Args:
        where: The machine.
        times: What each build took.
        products: What was built.
    """
    shown = "\n".join(aim.shown() for aim in aims(times))
    report.publish("build", where, figures(times, products), f"{tables(times, products)}\n\n{shown}")


def tables(times: Times, products: Built) -> str:
    """What each build took, and what it built, in Markdown."""
    return f"{_times(times)}\n\n{_products(products)}"


def aims(times: Times) -> list[Aim]:
    """The ratios that have a bound."""
    unchanged, changed, cold = (
        _walls(times[each]) for each in (Scenario.UNCHANGED, Scenario.CHANGED, Scenario.COLD)
    )
    return [
        Aim(f"nothing changed, against {START}", ratio(unchanged[OURS], unchanged[START]), 1.5),
        Aim(f"one function changed, against {START}", ratio(changed[OURS], changed[START]), 3),
        Aim(f"cold, {SAM} against {OURS}", ratio(cold[SAM], cold[OURS]), 100, least=True),
    ]


def figures(times: Times, products: Built) -> dict[str, Any]:
    """Everything, in JSON's types: seconds, bytes, and ratios of wall time."""
    return {
        "rounds": len(times[Scenario.COLD][OURS]),
        "times": {scenario: {name: _figures(of, name) for name in of} for scenario, of in times.items()},
        "products": {
            name: {"kind": _kind(found), "bytes": found.size, "reproducible": same}
            for name, found, same in products
        },
    }


def _figures(of: Mapping[str, Sequence[Usage]], name: str) -> dict[str, dict[str, float]]:
    walls = _walls(of)
    spreads = {
        "wall_seconds": spread(walls[name]),
        "cpu_seconds": spread([usage.cpu for usage in of[name]]),
        "peak_bytes": spread([usage.peak for usage in of[name]]),
        f"times {OURS}": ratio(walls[name], walls[OURS]),
        f"times {START}": ratio(walls[name], walls[START]),
    }
    return {what: found._asdict() for what, found in spreads.items()}


def _times(times: Times) -> str:
    header = ["", "", "wall, s", "CPU, s", "peak, MB", f"times `{OURS}`", f"times `{START}`"]
    return table(header, [row for scenario, of in times.items() for row in _rows(scenario, of)])


def _rows(scenario: Scenario, of: Mapping[str, Sequence[Usage]]) -> Iterator[list[str]]:
    walls = _walls(of)
    for name, usages in of.items():
        yield [
            scenario,
            f"`{name}`",
            spread(walls[name]).shown(2),
            f"{spread([usage.cpu for usage in usages]).median:.2f}",
            f"{max(usage.peak for usage in usages) / _MB:.0f}",
            _ratio(walls, name, OURS),
            _ratio(walls, name, START),
        ]


def _ratio(walls: Mapping[str, Sequence[float]], name: str, base: str) -> str:
    return "" if name == base else ratio(walls[name], walls[base]).shown(1)


def _products(products: Built) -> str:
    rows = [
        [f"`{name}`", f"{found.size / _MB:.1f} MB of {_kind(found)}", "yes" if same else "no"]
        for name, found, same in products
    ]
    return table(["", "builds", "the same bytes in another folder"], rows)


def _kind(found: Products) -> str:
    return "zips" if found.zipped else "files, not zipped"


def _walls(of: Mapping[str, Sequence[Usage]]) -> dict[str, list[float]]:
    return {name: [usage.wall for usage in usages] for name, usages in of.items()}
