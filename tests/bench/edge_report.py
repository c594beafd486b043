"""The tables of the part `edge`, and its figures as JSON."""

from collections.abc import Mapping
from typing import Any

from bench import report
from bench.spread import ratio, spread
from bench.table import table
from packager.edge import ZIP_LIMITS

EDGE, ORIGIN = "through the edge", "the origin itself"
OURS, BARE = "ours", "one that returns its request"

Measured = dict[str, dict[str, list[float]]]
"""By what was measured, and then by who did it: a figure of each round."""


def publish(
    where: dict[str, Any], first_bytes: Measured, durations: Measured, functions: Mapping[str, Any]
) -> None:
    """Print the tables, and write the figures.

    Args:
        where: The machine.
        first_bytes: Seconds until the first byte.
        durations: Milliseconds of handlers.
        functions: The manifest's.
    """
    found = {
        "seconds_to_first_byte": figures(first_bytes, EDGE, ORIGIN),
        "duration_ms": figures(durations, OURS, BARE),
        "zip_bytes": {name: size for name, size, _ in sizes(functions)},
    }
    tables = [table_of_first_bytes(first_bytes), table_of_durations(durations), table_of_sizes(functions)]
    report.publish("edge", where, found, "\n\n".join(tables))


def figures(measured: Measured, one: str, other: str) -> dict[str, Any]:
    """The medians and their ratios, with the least and the most, in JSON's types."""
    return {
        name: {
            one: spread(found[one])._asdict(),
            other: spread(found[other])._asdict(),
            f"times {other}": ratio(found[one], found[other])._asdict(),
        }
        for name, found in measured.items()
    }


def table_of_first_bytes(measured: Measured) -> str:
    """Milliseconds until the first byte, in Markdown."""
    rows = []
    for name, found in measured.items():
        shown = [spread([each * 1000 for each in found[who]]).shown(1) for who in (EDGE, ORIGIN)]
        rows.append([name, *shown, ratio(found[EDGE], found[ORIGIN]).shown(2)])
    return table(["first byte", f"{EDGE}, ms", f"{ORIGIN}, ms", "times the origin"], rows)


def table_of_durations(measured: Measured) -> str:
    """Milliseconds of handlers, in Markdown."""
    rows = []
    for name, found in measured.items():
        shown = [spread(found[who]).shown(2) for who in (OURS, BARE)]
        rows.append([f"`{name}`", *shown, ratio(found[OURS], found[BARE]).shown(2)])
    return table(["duration", f"{OURS}, ms", f"{BARE}, ms", "times that"], rows)


def table_of_sizes(functions: Mapping[str, Any]) -> str:
    """The zips' sizes against the limits of their events, in Markdown."""
    rows = [
        [f"`{name}`", f"{size:,}", f"{limit:,}", f"{size / limit:.2%}"]
        for name, size, limit in sizes(functions)
    ]
    return table(["zip", "bytes", "limit", "of it"], rows)


def sizes(functions: Mapping[str, Any]) -> list[tuple[str, int, int]]:
    """Name, bytes and limit of each function at the edge.

    Args:
        functions: The manifest's.
    """
    return [
        (name, entry["zip_size"], ZIP_LIMITS[entry["edge"]])
        for name, entry in functions.items()
        if "edge" in entry
    ]
