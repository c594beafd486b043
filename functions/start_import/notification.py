"""Which files a notification of S3 tells of."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote_plus

from dragons.imports import RESULTS, ImportFile


def files(event: Mapping[str, Any]) -> Iterator[ImportFile]:
    """Read a notification.

    A notification's filter can name what a key begins with, and not what it does not: so results come here
    too, and end here. So does the empty object by which the console shows a folder.

    Args:
        event: Of objects that were created; keys in it are encoded as in a form.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
    """
    for record in event.get("Records", []):
        told = record["s3"]["object"]
        key = unquote_plus(told["key"])
        if not key.startswith(RESULTS) and not key.endswith("/"):
            yield ImportFile(key, told.get("versionId", ""))
