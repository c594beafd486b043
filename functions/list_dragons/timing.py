"""What an answer took, for its caller and for the log.

Source: https://www.w3.org/TR/server-timing/
"""

from dataclasses import dataclass

from list_dragons.query import Reading


@dataclass(frozen=True)
class Timing:
    """What an answer took.

    Attributes:
        plan: The plan's name.
        reading: What was read.
        milliseconds: How long it took.
    """

    plan: str
    reading: Reading
    milliseconds: float

    def header(self) -> str:
        """Write it as the header `Server-Timing`, which browsers show beside the request."""
        return (
            f'plan;desc="{self.plan}", objects;desc="{self.reading.objects}", '
            f'bytes;desc="{self.reading.bytes}", query;dur={self.milliseconds:.1f}'
        )

    def line(self) -> str:
        """Write it as a line of the log."""
        return (
            f"plan={self.plan} objects={self.reading.objects} bytes={self.reading.bytes} "
            f"malformed={self.reading.malformed} milliseconds={self.milliseconds:.1f}"
        )
