"""What GET /dragons is meant to cost."""

import math
from collections.abc import Mapping

from bench.aims import Aim
from bench.query_files import WHOLE, Files, speeds
from bench.query_http import A_CITY, NAME, Answer, Answers
from bench.query_readers import ENGINE, JSON
from bench.spread import Spread, spread

FASTER = 4
"""Times as fast as stdlib json, with the largest dataset."""
PEAK_MIB = 64
CONSTANT = 1.5
"""Times what a name takes with the smallest dataset; all beyond 1 is noise."""
NAME_READS, CITY_SECONDS = 2, 3
_MIB = 1 << 20


def aims(files: Files, by_count: Mapping[int, Answers], by_delay: Mapping[float, Answers]) -> list[Aim]:
    """What was aimed at, and what came of it.

    Args:
        files: What was measured on files, by how many dragons there are.
        by_count: What was measured over HTTP, by how many dragons there are.
        by_delay: The same of objects that are not merged, by the milliseconds that S3 takes longer.
    """
    least, most, late = min(by_count), max(files), max(by_delay)
    readers = files[most][WHOLE]
    whole = f"{WHOLE} among {most:,}"
    first, last = _seconds(by_count[least][NAME]), _seconds(by_count[most][NAME])
    name, city = _seconds(by_delay[late][NAME]), _seconds(by_delay[late][A_CITY])
    return [
        Aim(f"{whole}, times as fast as {JSON}", speeds(readers[ENGINE], readers[JSON]), FASTER, least=True),
        Aim(f"{whole}, MiB", spread([turn.peak / _MIB for turn in readers[ENGINE]]), PEAK_MIB),
        Aim(f"{NAME} among {most:,}, times that among {least:,}", last.over(first.median), CONSTANT),
        Aim(f"{NAME}, in S3's {late:g} ms", name.over(late / 1000), NAME_READS),
        Aim(f"{A_CITY}, seconds with S3 {late:g} ms later", city, CITY_SECONDS),
    ]


def _seconds(answer: Answer) -> Spread:
    """Until the first byte; for ever where there was no answer."""
    return spread(answer.seconds if answer.good else [math.inf])
