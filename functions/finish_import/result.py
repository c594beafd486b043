"""What an import has come to, line by line."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from dragons.imports import Line

Outcome = Literal["accepted", "duplicate", "refused", "failed"]

OUTCOMES: tuple[Outcome, ...] = ("accepted", "duplicate", "refused", "failed")


@dataclass(frozen=True)
class Noted:
    """What the workflow noted of a line's report.

    Attributes:
        position: The line's.
        outcome: One of `OUTCOMES`.
        reason: Why; empty for a report that was accepted.
    """

    position: str
    outcome: Outcome
    reason: str


@dataclass(frozen=True)
class Result:
    """A line of the result file."""

    line: int
    dragonName: str | None  # noqa: N815 - as it is written
    outcome: Outcome
    reason: str | None


def results(
    lines: Iterable[Line], noted: Iterable[Noted], *, unknown: str, same_as: str | None
) -> Iterator[Result]:
    """Say of each line what has come of it, without holding more than one of them.

    Args:
        lines: All of the file, in order.
        noted: Of the reports, in the order of their lines; of those that did not end, nothing.
        unknown: The reason for these.
        same_as: The key of an earlier file of the same content, if there is one.
    """
    notes = iter(noted)
    note = next(notes, None)
    for line in lines:
        if line.refused is not None:
            yield Result(line.number, line.dragon_name, "refused", line.refused)
        elif note is None or note.position != line.position:
            yield Result(line.number, line.dragon_name, "failed", unknown)
        else:
            yield Result(line.number, line.dragon_name, note.outcome, _reason(note, same_as))
            note = next(notes, None)


def _reason(note: Noted, same_as: str | None) -> str | None:
    if note.outcome == "duplicate" and same_as is not None:
        return f"{note.reason}; the file is the same as {same_as}, which was put before"
    return note.reason or None
