"""Reads what a signed request says of its signature, in the `Authorization` header or in the query.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/signing-elements.html
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import parse_qsl

from werkzeug.datastructures import Headers

ALGORITHM = "AWS4-HMAC-SHA256"
TIME_FORMAT = "%Y%m%dT%H%M%SZ"
MAX_EXPIRES_SECONDS = 7 * 24 * 3600

_HEADER = re.compile(
    rf"{ALGORITHM} Credential=([^,\s]+), ?SignedHeaders=([^,\s]+), ?Signature=([0-9a-f]{{64}})"
)


class SignatureError(Exception):
    """The request is not signed, or not as it should be; the message says why and quotes no secret."""


@dataclass(frozen=True)
class ReceivedRequest:
    """A request under the address that its caller signed.

    Attributes:
        path: Still encoded.
        query: The query string, still encoded.
        headers: All of them, `Host` included.
    """

    method: str
    path: str
    query: str
    headers: Headers
    body: bytes

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """The query's parameters, decoded as a form's (`+` is a blank). Raises UnicodeDecodeError."""
        return parse_qsl(self.query, keep_blank_values=True, errors="strict")


@dataclass(frozen=True)
class Signature:
    """What a request says of its signature.

    Attributes:
        scope: Date, region, service and `aws4_request`.
        token: The session token of temporary credentials.
        expires: How long it is good for, in seconds; none in a header.
    """

    access_key: str
    scope: list[str]
    signed_headers: list[str]
    signature: str
    time: datetime
    token: str | None
    expires: int | None = None


def read_signature(request: ReceivedRequest) -> Signature:
    """Read the signature; the header's, where there are both.

    Raises:
        SignatureError: There is none.
        ValueError: A part of it is malformed.
    """
    authorization = request.headers.getlist("authorization")
    parameters = request.parameters
    if not authorization and ("X-Amz-Algorithm", ALGORITHM) in parameters:
        return _read_query(parameters)
    match = _HEADER.fullmatch(authorization[0]) if len(authorization) == 1 else None
    if match is None:
        raise SignatureError("there is no signature")
    access_key, *scope = match[1].split("/")
    token = request.headers.get("x-amz-security-token")
    return Signature(access_key, scope, match[2].split(";"), match[3], _header_time(request.headers), token)


def _read_query(parameters: Sequence[tuple[str, str]]) -> Signature:
    query = dict(parameters)
    if len(query) != len(parameters):
        raise SignatureError("a parameter is repeated")
    try:
        access_key, *scope = query["X-Amz-Credential"].split("/")
        return Signature(
            access_key,
            scope,
            query["X-Amz-SignedHeaders"].split(";"),
            query["X-Amz-Signature"],
            _time(query["X-Amz-Date"]),
            query.get("X-Amz-Security-Token"),
            int(query.get("X-Amz-Expires", MAX_EXPIRES_SECONDS)),
        )
    except KeyError as error:
        raise SignatureError(f"{error} is missing") from error


def _header_time(headers: Headers) -> datetime:
    """`X-Amz-Date` comes before `Date`, which is in UTC where it names no zone."""
    if date := headers.get("x-amz-date"):
        return _time(date)
    parsed = parsedate_to_datetime(headers.get("date", ""))
    return parsed.replace(tzinfo=parsed.tzinfo or UTC).astimezone(UTC)


def _time(text: str) -> datetime:
    return datetime.strptime(text, TIME_FORMAT).replace(tzinfo=UTC)
