"""An import: a file of reports put into a bucket, what is kept while it is worked on, and its result.

`start_import` names it, `read_import` reads the file into lines and reports, the workflow `import_dragons`
makes a report of each and notes what came of it, and `finish_import` writes the result.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

RESULTS = "results/"
"""The folder of the bucket that has the results; what is put there is no file to import."""

INCOMING = "incoming/"
"""The folder of files that are cleaned first, where the job `preprocess` is configured."""

FILE = 0
"""The number of the line that stands for the file as a whole, in the result of a file that has no lines."""

_POSITION_DIGITS = 9


@dataclass(frozen=True)
class ImportFile:
    """A file to import.

    Attributes:
        key: Its key in the bucket.
        version_id: Which of the versions under that key; empty where the bucket keeps none.
    """

    key: str
    version_id: str

    @property
    def import_id(self) -> str:
        """Names the import, and the reports of its lines: the same whenever this version is told of again."""
        return hashlib.sha256(f"{self.key}\0{self.version_id}".encode()).hexdigest()[:40]

    @property
    def result_key(self) -> str:
        """Where the result is, in the same bucket."""
        return f"{RESULTS}{self.key}.jsonl"


@dataclass(frozen=True)
class Line:
    """A line of a file, as it was read.

    Attributes:
        number: Counted from 1, without the header; `FILE` for the file as a whole.
        dragon_name: As the line has it; none if it cannot be told.
        refused: Why no report can be made of it; none if one can.
    """

    number: int
    dragon_name: str | None
    refused: str | None = None

    @property
    def position(self) -> str:
        """Its number as text: texts in this order are lines in theirs."""
        return f"{self.number:0{_POSITION_DIGITS}}"

    def to_text(self) -> str:
        """Say it in JSON, on one line."""
        return json.dumps(asdict(self))

    @classmethod
    def from_text(cls, text: str | bytes) -> "Line":
        """Read what `to_text` said."""
        return cls(**json.loads(text))


def lines_key(import_id: str) -> str:
    """Where the lines of an import are, as JSON Lines, among what is kept while it is worked on."""
    return f"{import_id}/lines.jsonl"


def reports_key(import_id: str) -> str:
    """Where the reports of an import are, as one JSON array, among what is kept while it is worked on."""
    return f"{import_id}/reports.json"


def report_item(import_id: str, line: Line, report: dict[str, Any]) -> dict[str, Any]:
    """Say what the workflow is to do with a line: the report's name is the import's and the line's own.

    Args:
        import_id: The import's.
        line: A line that is not refused.
        report: The input of the workflow `report_dragon`.
    """
    return {"position": line.position, "reportId": f"{import_id}-{line.number}", "report": report}
