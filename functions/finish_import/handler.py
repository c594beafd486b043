"""The last step of an import: its result."""

from collections.abc import Iterable, Mapping
from typing import Any

import boto3

from dragons import config, tracing
from dragons.imports import FILE, ImportFile
from finish_import.outcomes import Outcomes
from finish_import.result import OUTCOMES, Result, results
from finish_import.settings import Settings
from finish_import.store import read_lines, write_result

tracing.enable()
settings = config.load(Settings)
s3 = boto3.client("s3")
outcomes = Outcomes(boto3.client("dynamodb"), settings.import_outcomes_table)


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Write the result of an import; answer where it is, and how many lines have come to what.

    Args:
        event: `{"key", "versionId", "read", "error"}`: what `read_import` answered, and what stopped the
            import, where there is such a thing.
    """
    file = ImportFile(event["key"], event["versionId"])
    counted = write_result(s3, settings.import_bucket, file, _results(file, event))
    return {"resultKey": file.result_key} | {outcome: counted[outcome] for outcome in OUTCOMES}


def _results(file: ImportFile, event: Mapping[str, Any]) -> Iterable[Result]:
    stopped = event.get("error", {}).get("Error")
    if "read" not in event:
        return [Result(FILE, None, "failed", f"The file could not be read: {stopped}")]
    return results(
        read_lines(s3, settings.import_work_bucket, file.import_id),
        outcomes.of(file.import_id),
        unknown=f"The import was stopped: {stopped}" if stopped else "What came of the report is not known",
        same_as=event["read"]["sameAs"],
    )
