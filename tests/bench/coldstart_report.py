"""The table of the part `coldstart`, and its figures as JSON."""

from collections.abc import Mapping
from typing import Any

from bench import report
from bench.aims import Aim
from bench.cold_starts import BARE, OURS, SAM
from bench.spread import Spread, ratio, spread
from bench.table import table

Times = dict[tuple[str, str], list[float]]
"""CPU seconds of each round, by what was started and which build packaged it."""


def publish(where: dict[str, Any], times: Times) -> None:
    """Print the table, and write the figures.

    Args:
        where: The machine.
        times: What each start took.
    """
    found = {"rounds": len(times[BARE, OURS]), "cold_starts": figures(times)}
    shown = "\n".join(aim.shown() for aim in aims(times))
    report.publish("coldstart", where, found, f"{table_of(times)}\n\n{shown}")


def aims(times: Times) -> list[Aim]:
    """The bounds of every function."""
    return [
        Aim(f"{name}, against {base}", ratio(times[name, OURS], yardstick), limit)
        for name in _names(times)
        if name != BARE
        for base, yardstick, limit in (
            (f"its twin of {SAM}", times[name, SAM], 0.6),
            (f"{BARE} on the same layer", times[BARE, OURS], 1.2),
        )
    ]


def figures(times: Times) -> dict[str, Mapping[str, Any]]:
    """Everything, in JSON's types: CPU seconds, and their ratios."""
    return {
        name: {what: found._asdict() for what, found in _spreads(times, name).items()}
        for name in _names(times)
    }


def table_of(times: Times) -> str:
    """What each start took, in Markdown."""
    header = [
        "",
        f"`{OURS}`, ms",
        f"`{SAM}`, ms",
        "ours to SAM's",
        "to bare on our layer",
        "to bare on SAM's layer",
    ]
    return table(header, [_row(times, name) for name in _names(times)])


def _names(times: Times) -> list[str]:
    return [name for name, build in times if build == OURS]


def _spreads(times: Times, name: str) -> dict[str, Spread]:
    ours, sam = times[name, OURS], times[name, SAM]
    return {
        f"{OURS}, cpu_seconds": spread(ours),
        f"{SAM}, cpu_seconds": spread(sam),
        f"times {SAM}": ratio(ours, sam),
        f"times {BARE}, {OURS}": ratio(ours, times[BARE, OURS]),
        f"times {BARE}, {SAM}": ratio(ours, times[BARE, SAM]),
    }


def _row(times: Times, name: str) -> list[str]:
    ours, sam = ([seconds * 1000 for seconds in times[name, build]] for build in (OURS, SAM))
    bare = [ratio(times[name, OURS], times[BARE, build]).shown(2) for build in (OURS, SAM)]
    return [f"`{name}`", spread(ours).shown(0), spread(sam).shown(0), ratio(ours, sam).shown(2), *bare]
