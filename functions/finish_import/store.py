"""The buckets: the lines that were read, and the result."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING

from dragons.imports import Line, lines_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mypy_boto3_s3 import S3Client

    from dragons.imports import ImportFile
    from finish_import.result import Result


def read_lines(s3: S3Client, bucket: str, import_id: str) -> Iterator[Line]:
    """Read the lines that `read_import` found, as they come."""
    content = s3.get_object(Bucket=bucket, Key=lines_key(import_id))["Body"]
    return map(Line.from_text, content.iter_lines())


def write_result(s3: S3Client, bucket: str, file: ImportFile, results: Iterable[Result]) -> Counter[str]:
    """Write the result of a file as JSON Lines; its metadata says of which version of the file it is.

    Returns:
        How many lines have come to each outcome.
    """
    counted: Counter[str] = Counter()
    with tempfile.TemporaryFile() as content:
        for each in results:
            content.write(json.dumps(asdict(each), ensure_ascii=False).encode() + b"\n")
            counted[each.outcome] += 1
        content.seek(0)
        kind = {"ContentType": "application/x-ndjson", "Metadata": {"file-version": file.version_id}}
        s3.upload_fileobj(content, bucket, file.result_key, ExtraArgs=kind)
    return counted
