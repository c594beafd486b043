"""The adapter of S3 Select: one statement over one object.

Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_SelectObjectContent.html
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.exceptions import ClientError

from list_dragons.lines import is_lines
from list_dragons.select_faults import broken_off, fault
from list_dragons.select_stream import BrokenStreamError, Selected, read_stream

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class Span(NamedTuple):
    """The bytes of an object in which a line begins, both ends included."""

    start: int
    end: int


class Version(NamedTuple):
    """An object between two writes: its ETag, and its size in bytes."""

    etag: str
    size: int


class S3Select:
    """Runs statements over objects of a bucket.

    Args:
        s3: A client of S3.
        bucket: The bucket.
    """

    def __init__(self, s3: S3Client, bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def run(self, statement: str, key: str, within: Span | None = None) -> Selected:
        """Run a statement over an object, or over the lines that begin in a part of it.

        Returns:
            What was found; of an object that is empty or gone, nothing was scanned.

        Raises:
            UnparsedError: The object has to be read otherwise.
            QueryUnavailableError: S3 Select cannot do it, or not now.
            ClientError: Whatever else it refuses.
        """
        part: Any = {} if within is None else {"ScanRange": {"Start": within.start, "End": within.end}}
        try:
            answer = self._s3.select_object_content(
                Bucket=self._bucket,
                Key=key,
                Expression=statement,
                ExpressionType="SQL",
                InputSerialization={"JSON": {"Type": "LINES" if is_lines(key) else "DOCUMENT"}},
                OutputSerialization={"JSON": {"RecordDelimiter": "\n"}},
                **part,
            )
            with closing(answer["Payload"]) as events:
                return read_stream(events)
        except self._s3.exceptions.NoSuchKey:
            return Selected()
        except BrokenStreamError as error:
            raise broken_off() from error
        except ClientError as error:
            raise fault(error, key) from error

    def version(self, key: str) -> Version | None:
        """What an object is by now; None if it is gone."""
        try:
            head = self._s3.head_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] == "404":
                return None
            raise
        return Version(head["ETag"], head["ContentLength"])
