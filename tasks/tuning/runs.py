"""What Lambda reports of invocations, and what a memory size comes to.

Source: https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html (the REPORT line)
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from tasks.processes.steps import StepError


@dataclass(frozen=True)
class Run:
    """One invocation.

    Attributes:
        duration_ms: Milliseconds of the handler.
        billed_ms: Milliseconds that are charged; a start's are among them.
        used_mb: The most memory, in MB.
        init_ms: Milliseconds that a start took; none where there was none.
    """

    duration_ms: float
    billed_ms: float
    used_mb: float
    init_ms: float | None

    @classmethod
    def of(cls, log: str) -> "Run":
        """Read the end of an invocation's log.

        Raises:
            StepError: It has no REPORT line.
        """
        report = log.rpartition("REPORT RequestId:")[2]
        duration, billed = _number(report, "Duration", "ms"), _number(report, "Billed Duration", "ms")
        used = _number(report, "Max Memory Used", "MB")
        if duration is None or billed is None or used is None:
            raise StepError(
                "Lambda's log has no REPORT line in text", "set the function's log format to text", log
            )
        return cls(duration, billed, used, _number(report, "Init Duration", "ms"))

    @property
    def whole_ms(self) -> float:
        """Milliseconds with the start."""
        return self.duration_ms + (self.init_ms or 0)


@dataclass(frozen=True)
class Size:
    """What a memory size came to.

    Attributes:
        memory_mb: The memory.
        gb_second: USD for a second of a GB.
        runs: Its invocations, in order.
        failure: Why there are no more; empty where all went well.
    """

    memory_mb: int
    gb_second: float
    runs: Sequence[Run]
    failure: str = ""

    @property
    def warm(self) -> Sequence[Run]:
        """The invocations that found a process."""
        return [run for run in self.runs if run.init_ms is None]

    @property
    def works(self) -> bool:
        """Whether there is something to compare, and a tenth of the memory was left."""
        return not self.failure and bool(self.warm) and self.used_mb <= 0.9 * self.memory_mb

    @property
    def used_mb(self) -> float:
        """The most memory that an invocation used."""
        return max((run.used_mb for run in self.runs), default=0)

    @property
    def start_ms(self) -> float | None:
        """Milliseconds of the slowest start; none if Lambda reported none."""
        return max((run.init_ms for run in self.runs if run.init_ms is not None), default=None)

    @property
    def million_usd(self) -> float:
        """USD for a million invocations that find a process, without those for the requests themselves."""
        billed = sum(run.billed_ms for run in self.warm) / len(self.warm)
        return billed / 1000 * self.memory_mb / 1024 * self.gb_second * 1_000_000

    def percentile(self, percent: float) -> float:
        """Milliseconds that so many percent of the invocations needed at most; a start's do not count."""
        ordered = sorted(run.duration_ms for run in self.warm)
        return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def _number(report: str, name: str, unit: str) -> float | None:
    found = re.search(rf"\t{name}: ([0-9.]+) {unit}\b", report)
    return float(found[1]) if found else None
