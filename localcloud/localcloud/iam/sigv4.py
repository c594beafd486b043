"""Verifies requests that are signed with Signature Version 4.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html and
https://docs.aws.amazon.com/IAM/latest/UserGuide/signing-elements.html

The signature is botocore's own, computed anew from the request as it was received. A query is good for five
minutes, as a header is, or less if it says so: API Gateway is seen to do without `X-Amz-Expires`, and to say
"Signature expired" after five minutes whatever it is (https://stackoverflow.com/questions/66961500).

Left out: SigV4A, chunked payloads, and unsigned ones, which S3 alone takes.
"""

import hashlib
import hmac
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qsl

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from werkzeug.datastructures import Headers

from localcloud.iam.principals import Principal, find_principal

ALGORITHM = "AWS4-HMAC-SHA256"
TIME_FORMAT = "%Y%m%dT%H%M%SZ"
MAX_EXPIRES_SECONDS = 7 * 24 * 3600

_HEADER = re.compile(
    rf"{ALGORITHM} Credential=([^,\s]+), ?SignedHeaders=([^,\s]+), ?Signature=([0-9a-f]{{64}})"
)
MAX_SKEW_SECONDS = 5 * 60


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


def _read_signature(request: ReceivedRequest) -> Signature:
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


class Verifier:
    """Verifies the requests to one service.

    Args:
        service: The service's name in credential scopes, such as `execute-api`.
        find: Finds the owner of an access key.
        clock: The time, in seconds since 1970.
    """

    def __init__(
        self,
        service: str,
        find: Callable[[str], Principal | None] = find_principal,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._service = service
        self._find = find
        self._clock = clock

    def verify(self, request: ReceivedRequest, region: str) -> Principal:
        """Find out who signed a request.

        Args:
            request: The request.
            region: Where it has arrived.

        Raises:
            SignatureError: Anything at all is wrong with it.
        """
        try:
            signature = _read_signature(request)
            _check_time(signature, self._clock())
            _check_signed(request, signature.signed_headers)
            if signature.scope != [f"{signature.time:%Y%m%d}", region, self._service, "aws4_request"]:
                raise SignatureError(f"the scope is {signature.scope}")
            principal = self._find(signature.access_key)
            if principal is None:
                raise SignatureError("the access key is unknown")
            expected = _sign(request, signature, principal)
        except ValueError as error:
            raise SignatureError(f"malformed: {error}") from error
        _check_same("signature", signature.signature, expected)
        _check_same("session token", signature.token or "", principal.session_token or "")
        return principal


def _check_time(signature: Signature, now: float) -> None:
    signed = signature.time.timestamp()
    good_for = MAX_SKEW_SECONDS if signature.expires is None else signature.expires
    if not 1 <= good_for <= MAX_EXPIRES_SECONDS:
        raise SignatureError("X-Amz-Expires is not from 1 second to 7 days")
    if not signed - MAX_SKEW_SECONDS <= now <= signed + min(good_for, MAX_SKEW_SECONDS):
        raise SignatureError(f"signed at {signature.time}, which is not now")


def _check_signed(request: ReceivedRequest, signed: Sequence[str]) -> None:
    """`Host` and every `X-Amz-...` have to be signed, and what is signed has to be there."""
    present = {name.lower() for name, _ in request.headers}
    needed = {"host"} | {name for name in present if name.startswith("x-amz-")}
    if list(signed) != sorted(set(signed)) or not needed <= set(signed) <= present:
        raise SignatureError(f"the signed headers are {signed}")
    said = request.headers.get("x-amz-content-sha256")
    if said is not None and said != hashlib.sha256(request.body).hexdigest():
        raise SignatureError("the payload is another one")


class _Signer(SigV4Auth):
    """Signs exactly the headers that a request has, where botocore itself chooses."""

    def headers_to_sign(self, request: AWSRequest) -> Any:
        return request.headers


def _sign(request: ReceivedRequest, signature: Signature, principal: Principal) -> str:
    """The signature that the request should have."""
    _, region, service, _ = signature.scope
    signer = _Signer(Credentials(principal.access_key, principal.secret), service, region)
    in_query = signature.expires is not None
    parameters: Any = [pair for pair in request.parameters if not (in_query and pair[0] == "X-Amz-Signature")]
    path = request.path.replace("#", "%23")  # received as a part of the path, so no fragment
    again = AWSRequest(request.method, f"http://host{path}", data=request.body, params=parameters)
    for name in signature.signed_headers:
        for value in request.headers.getlist(name):
            again.headers[name] = value
    again.context["timestamp"] = f"{signature.time:{TIME_FORMAT}}"
    return signer.signature(signer.string_to_sign(again, signer.canonical_request(again)), again)


def _check_same(what: str, given: str, expected: str) -> None:
    if not hmac.compare_digest(given.encode(), expected.encode()):
        raise SignatureError(f"the {what} does not match")
