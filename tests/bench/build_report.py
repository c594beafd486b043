"""The table of the part `build`, and its figures as JSON."""

from collections.abc import Mapping, Sequence
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
    """Print the table, and write the figures.

    Args:
        where: The machine.
        times: What each build took.
        products: What was built.
    """
    shown = "\n".join(aim.shown() for aim in aims(times))
    report.publish("build", where, figures(times, products), f"{table_of(times, products)}\n\n{shown}")


def table_of(times: Times, products: Built) -> str:
    """What each build took and what it built, in Markdown: a row for everybody."""
    built = {name: [_size(found), "yes" if same else "no"] for name, found, same in products}
    names = list(dict.fromkeys(name for of in times.values() for name in of))
    rows = [
        [
            f"`{name}`",
            *(_cell(of, name) for of in times.values()),
            _peak(times, name),
            *built.get(name, ["", ""]),
        ]
        for name in names
    ]
    return table(["", *times, "peak, MB", "builds", "the same bytes elsewhere"], rows)


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


def _cell(of: Mapping[str, Sequence[Usage]], name: str) -> str:
    """Seconds of wall time and CPU time, and for a peer how many times those of `build.py`."""
    if name not in of:
        return ""
    wall, cpu = (spread(values).median for values in (_walls(of)[name], [usage.cpu for usage in of[name]]))
    shown = f"{wall:.2f} s, CPU {cpu:.2f}"
    peer = name not in (OURS, START)
    return f"{shown}: {ratio(_walls(of)[name], _walls(of)[OURS]).shown(0)} times" if peer else shown


def _peak(times: Times, name: str) -> str:
    return f"{max(usage.peak for of in times.values() for usage in of.get(name, [])) / _MB:.0f}"


def _size(found: Products) -> str:
    return f"{found.size / _MB:.1f} MB of {_kind(found)}"


def _kind(found: Products) -> str:
    return "zips" if found.zipped else "files, not zipped"


def _walls(of: Mapping[str, Sequence[Usage]]) -> dict[str, list[float]]:
    return {name: [usage.wall for usage in usages] for name, usages in of.items()}
