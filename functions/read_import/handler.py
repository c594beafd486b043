"""The first step of an import: the file into lines, and reports that the workflow can make."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import boto3

from dragons import config, tracing
from dragons.imports import FILE, ImportFile, Line, reports_key
from read_import.earlier import EarlierFiles
from read_import.read import read
from read_import.settings import Settings
from read_import.store import Work, open_file
from read_import.text import Content, FileRefusedError

tracing.enable()
settings = config.load(Settings)
s3 = boto3.client("s3")
earlier = EarlierFiles(boto3.client("dynamodb"), settings.import_outcomes_table)


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Read `{"key", "versionId", "startedAt"}`; answer how many reports there are, and where.

    A file that cannot be imported at all is one line, refused: what users read is the result.
    """
    file = ImportFile(event["key"], event["versionId"])
    # of the import, so that a retry answers the same
    started_at = datetime.fromisoformat(event["startedAt"])
    forget_at = int((started_at + timedelta(days=settings.remembered_days)).timestamp())
    same_as = None
    with Work(s3, settings.import_work_bucket, file.import_id) as work:
        try:
            content = Content(open_file(s3, settings.import_bucket, file))
            work.add(read(file.key, content, settings.max_lines))
            same_as = earlier.same_as(file, content.sha256, forget_at)
        except FileRefusedError as error:
            work.begin_anew()
            work.add([(Line(FILE, None, str(error)), None)])
        work.put()
    return {
        "importId": file.import_id,
        "reports": work.reports,
        "reportsKey": reports_key(file.import_id),
        "sameAs": same_as,
        "forgetAt": str(forget_at),
    }
