"""The file out of the bucket, cleaned, and back."""

from __future__ import annotations

import json
import tempfile
from typing import TYPE_CHECKING

from dragons.imports import FILE, INCOMING, RESULTS, ImportFile
from preprocess.cleaning import Cleaned, clean
from preprocess.text import lines, to_bytes

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_GONE = ("404", "NoSuchKey", "NoSuchVersion")


class RefusedError(Exception):
    """A file that cannot be cleaned, however often it is tried."""


def preprocess(s3: S3Client, bucket: str, file: ImportFile) -> Cleaned:
    """Put a file of `incoming/` where it is imported, cleaned; the file itself stays.

    One that fails has the result of an import that failed as a whole, since users look there.

    Raises:
        RefusedError: It is gone, or not to be imported from where it would be put.
    """
    try:
        return _preprocess(s3, bucket, file)
    except Exception as error:
        refused = isinstance(error, RefusedError)
        reason = str(error) if refused else f"The file could not be cleaned: {error}"
        told = {"line": FILE, "dragonName": None, "outcome": "refused" if refused else "failed"}
        s3.put_object(
            Bucket=bucket,
            Key=file.result_key,
            Body=json.dumps(told | {"reason": reason}).encode() + b"\n",
            ContentType="application/x-ndjson",
            Metadata={"file-version": file.version_id},
        )
        raise


def _preprocess(s3: S3Client, bucket: str, file: ImportFile) -> Cleaned:
    key = file.key.removeprefix(INCOMING)
    if key == file.key or not key or key.startswith(RESULTS):
        raise RefusedError(f"Only what is below {INCOMING}, and not below {INCOMING}{RESULTS}, is cleaned.")
    cleaned = Cleaned()
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as target:
        version = {"VersionId": file.version_id} if file.version_id else {}
        try:
            s3.download_fileobj(bucket, file.key, source, ExtraArgs=version)
        except s3.exceptions.ClientError as error:
            if error.response["Error"]["Code"] in _GONE:
                raise RefusedError("The file is gone.") from error
            raise
        source.seek(0)
        target.writelines(map(to_bytes, clean(key, lines(source), cleaned)))
        target.seek(0)
        s3.upload_fileobj(target, bucket, key)
    return cleaned
