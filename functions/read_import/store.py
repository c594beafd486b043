"""The buckets: the file, and what the import works on."""

from __future__ import annotations

import json
import tempfile
from contextlib import ExitStack
from typing import IO, TYPE_CHECKING, Any

from dragons.imports import Line, lines_key, report_item, reports_key
from read_import.text import Bytes, FileRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self

    from mypy_boto3_s3 import S3Client

    from dragons.imports import ImportFile

_GONE = ("NoSuchKey", "NoSuchVersion")


def open_file(s3: S3Client, bucket: str, file: ImportFile) -> Bytes:
    """Open a version of a file, to be read as it comes.

    Raises:
        FileRefusedError: It was deleted meanwhile.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
    """
    version = {"VersionId": file.version_id} if file.version_id else {}
    try:
        return s3.get_object(Bucket=bucket, Key=file.key, **version)["Body"]  # type: ignore[arg-type]
    except s3.exceptions.ClientError as error:
        if error.response["Error"]["Code"] in _GONE:
            raise FileRefusedError("The file is gone.") from error
        raise


class Work:
    """Collects the lines of an import and its reports on disk, and puts both into the bucket for work.

    Reports are a JSON array, since that is what a Distributed Map reads.
    Source: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html
    """

    def __init__(self, s3: S3Client, bucket: str, import_id: str) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._import_id = import_id
        self.reports = 0

    def __enter__(self) -> Self:
        with ExitStack() as files:
            self._lines = files.enter_context(tempfile.TemporaryFile())
            self._reports = files.enter_context(tempfile.TemporaryFile())
            self._files = files.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._files.close()

    def add(self, found: Iterable[tuple[Line, dict[str, Any] | None]]) -> None:
        """Add lines, and the reports of those that have one."""
        for line, report in found:
            self._lines.write(line.to_text().encode() + b"\n")
            if report is not None:
                item = json.dumps(report_item(self._import_id, line, report))
                self._reports.write((b",\n" if self.reports else b"[\n") + item.encode())
                self.reports += 1

    def begin_anew(self) -> None:
        """Forget what was added."""
        self.reports = 0
        for file in (self._lines, self._reports):
            file.seek(0)
            file.truncate()

    def put(self) -> None:
        """Put what was added: the same lines are the same objects."""
        self._reports.write(b"\n]\n" if self.reports else b"[]\n")
        self._upload(lines_key(self._import_id), self._lines)
        self._upload(reports_key(self._import_id), self._reports)

    def _upload(self, key: str, content: IO[bytes]) -> None:
        content.seek(0)
        self._s3.upload_fileobj(content, self._bucket, key)
