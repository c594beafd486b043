"""What the part `query` has measured: tables, figures as JSON, and docs/query_cost.svg."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench import report
from bench.plot import plot
from bench.query_aims import aims
from bench.query_files import WHOLE, Files, Turn, speeds
from bench.query_http import A_CITY, A_FAMILY, IN_A_FAMILY, NAME, NO_FILTER, Answer, Answers
from bench.query_readers import JSON
from bench.spread import Spread, spread
from bench.table import table
from tasks.environment.paths import ROOT

PLOT = ROOT / "docs" / "query_cost.svg"
DRAWN = (NAME, A_FAMILY, IN_A_FAMILY, A_CITY, NO_FILTER)
_MB, _MIB = 1000 * 1000, 1 << 20
_SMALL = 0.1  # of a ratio, below which two digits say little


def publish(
    where: dict[str, Any],
    files: Files,
    by_count: Mapping[int, Answers],
    by_delay: Mapping[float, Answers],
    picture: Path = PLOT,
) -> None:
    """Print the tables and the aims, write the figures and draw the plot.

    Args:
        where: The machine.
        files: What was measured on files.
        by_count: What was measured over HTTP, by how many dragons there are.
        by_delay: The same of objects that are not merged, by the milliseconds that S3 takes longer.
        picture: Where the plot goes.
    """
    held = aims(files, by_count, by_delay)
    figures = {
        "files": {
            f"{count:,}: {question}: {reader}": [turn._asdict() for turn in turns]
            for count, questions in files.items()
            for question, readers in questions.items()
            for reader, turns in readers.items()
        },
        "http": {f"{count:,}": _figures(answers) for count, answers in by_count.items()},
        "s3 so many ms later": {f"{ms:g}": _figures(answers) for ms, answers in by_delay.items()},
        "aims": {aim.what: {"limit": aim.limit, "met": aim.met} | aim.found._asdict() for aim in held},
    }
    text = [table_of_files(files), table_of_http(by_count), table_of_delays(by_delay)]
    text += ["\n".join(aim.shown() for aim in held), short_table(by_count)]
    picture.write_text(picture_of(by_count))
    report.publish("query", where, figures, "\n\n".join(text))


def table_of_files(files: Files) -> str:
    """The readers beside each other, in Markdown."""
    header = [
        *("dragons", "asked for", "reader", "dragons a second", f"times {JSON}"),
        *("first, ms", "peak, MiB", "objects", "MB"),
    ]
    rows = [
        [f"{count:,}", question, reader, *_cells(count, question, turns, readers[JSON])]
        for count, questions in files.items()
        for question, readers in questions.items()
        for reader, turns in readers.items()
    ]
    return table(header, rows)


def _cells(count: int, question: str, turns: list[Turn], base: list[Turn]) -> list[str]:
    seconds = spread([each.seconds for each in turns]).median
    last = turns[-1]
    return [
        f"{count / seconds:,.0f}" if question == WHOLE else "",
        "" if turns is base else _times(speeds(turns, base)),
        f"{spread([each.first * 1000 for each in turns]).median:.1f}",
        f"{spread([each.peak / _MIB for each in turns]).median:.0f}",
        "" if last.objects is None else f"{last.objects:,}",
        "" if last.bytes is None else f"{last.bytes / _MB:,.2f}",
    ]


def _times(found: Spread) -> str:
    return found.shown(2 if found.median >= _SMALL else 4)


def table_of_http(by_count: Mapping[int, Answers]) -> str:
    """What each question costs at each size, in Markdown."""
    rows = [
        [question, f"{count:,}", *_told(answers[question])]
        for question in next(iter(by_count.values()))
        for count, answers in by_count.items()
    ]
    return table(["GET /dragons", "dragons", "plan", "first byte, ms", "objects", "MB"], rows)


def table_of_delays(by_delay: Mapping[float, Answers]) -> str:
    """The same questions with S3 further away, in Markdown."""
    rows = [
        [question, f"{milliseconds:g}", *_told(answers[question])]
        for question in next(iter(by_delay.values()))
        for milliseconds, answers in by_delay.items()
    ]
    header = ["GET /dragons", "ms added to a call of S3", "plan", "first byte, ms", "objects", "MB"]
    return table(header, rows)


def short_table(by_count: Mapping[int, Answers]) -> str:
    """Milliseconds and objects of each question at each size, in Markdown."""
    header = ["GET /dragons", *(f"{count:,} dragons" for count in by_count)]
    rows = [
        [question, *(_short(answers[question]) for answers in by_count.values())]
        for question in next(iter(by_count.values()))
    ]
    return table(header, rows)


def picture_of(by_count: Mapping[int, Answers]) -> str:
    """Cost against size, as an SVG; a question without an answer at a size has no point there."""
    lines = {
        question.replace("`", ""): [
            (count, spread(answers[question].seconds).median * 1000)
            for count, answers in by_count.items()
            if question in answers and answers[question].good
        ]
        for question in DRAWN
    }
    drawn = {name: points for name, points in lines.items() if points}
    return plot("What GET /dragons costs", "dragons on record", "first byte, ms", drawn)


def _told(answer: Answer) -> list[str]:
    size = int(answer.told.get("bytes", 0))  # none are told of items
    return [
        answer.told.get("plan", ""),
        spread([each * 1000 for each in answer.seconds]).shown(0) if answer.good else f"HTTP {answer.status}",
        answer.told.get("objects", ""),
        f"{size / _MB:,.2f}" if size else "",
    ]


def _short(answer: Answer) -> str:
    if not answer.good:
        return f"HTTP {answer.status}"
    shown = f"{spread(answer.seconds).median * 1000:,.0f} ms"
    reads = answer.told.get("objects", "")
    return f"{shown}, {reads} read" if reads else shown


def _figures(answers: Answers) -> dict[str, Any]:
    return {
        question: {"status": answer.status, "seconds": answer.seconds, "told": dict(answer.told)}
        for question, answer in answers.items()
    }
