"""The event stream that S3 Select answers with.

Sources: https://docs.aws.amazon.com/AmazonS3/latest/API/RESTSelectObjectAppendix.html (the messages),
    https://docs.aws.amazon.com/AmazonS3/latest/API/API_RecordsEvent.html (a record may be split)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from botocore.eventstream import ParserError
from urllib3.exceptions import HTTPError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mypy_boto3_s3.type_defs import SelectObjectContentEventStreamTypeDef


class BrokenStreamError(Exception):
    """The connection ended, or was garbled, before the answer did: what has come may not be all."""


@dataclass
class Selected:
    """What S3 Select found in an object, or in a range of it.

    Attributes:
        lines: The records, as JSON, without line breaks.
        scanned: Bytes of the object that were read for them.
    """

    lines: list[bytes] = field(default_factory=list)
    scanned: int = 0


def read_stream(events: Iterable[SelectObjectContentEventStreamTypeDef]) -> Selected:
    """Read an answer to its end.

    Args:
        events: The payload of SelectObjectContent, of JSON records that end in a line feed.

    Raises:
        BrokenStreamError: It ends without `End`, or without `Stats`.
        ClientError: S3 Select gave up halfway, and said why.
    """
    records: list[bytes] = []
    scanned: int | None = None
    ended = False
    try:
        for event in events:
            if "Records" in event:
                records.append(event["Records"]["Payload"])
            elif "Stats" in event:
                scanned = event["Stats"]["Details"]["BytesScanned"]
            ended = ended or "End" in event
    except (HTTPError, ParserError) as error:
        raise BrokenStreamError(str(error)) from error
    if not ended or scanned is None:
        raise BrokenStreamError("no End" if not ended else "no Stats")
    return Selected([line for line in b"".join(records).split(b"\n") if line], scanned)
