"""What S3 Select refuses, and what can be done about it.

Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#SelectObjectContentErrorCodeList
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from list_dragons.unavailable import QueryUnavailableError

if TYPE_CHECKING:
    from botocore.exceptions import ClientError

_UNPARSED = {
    "AmbiguousFieldName",  # a field stands twice in a record
    "ComparisonFailed",
    "IntegerOverflow",
    "InvalidTextEncoding",
    "JSONParsingError",
    "LastRecordParseFail",
}

_BUSY = {"Busy", "ServiceUnavailable", "SlowDown"}

_CLOSED = (
    "S3 Select is closed to this AWS account, which did not use it before 2024-07-25: set the parameter "
    "/dragons/<env>/query_engine to scan"
)
_BROKEN_OFF = "S3 Select's answer broke off: ask again"
_TOO_MANY = "S3 asks for fewer requests: ask again a second later"
_TOO_LONG = (
    "has a record of more than 1 MB, which S3 Select cannot read: set the parameter "
    "/dragons/<env>/query_engine to scan"
)


class UnparsedError(Exception):
    """S3 Select cannot parse an object, or not all of it: it has to be read otherwise."""


def broken_off() -> QueryUnavailableError:
    """The fault of an answer that ended before it was complete."""
    return QueryUnavailableError(_BROKEN_OFF, retry_after=1)


def fault(error: ClientError, key: str) -> Exception:
    """What an error of SelectObjectContent means: one that is not known here stays as it is.

    Args:
        error: From the client, or from the event stream.
        key: The object's.
    """
    code = error.response["Error"]["Code"]
    if code in _UNPARSED:
        return UnparsedError(code)
    if code in _BUSY or error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") == 503:
        return QueryUnavailableError(_TOO_MANY, retry_after=1)
    if code == "MethodNotAllowed":
        return QueryUnavailableError(_CLOSED)
    if code == "OverMaxRecordSize":
        return QueryUnavailableError(f"{key} {_TOO_LONG}")
    return error
