"""Verifies requests that are signed with Signature Version 4.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html

The signature is botocore's own, computed anew from the request as it was received. A query is good for five
minutes, as a header is, or less if it says so: API Gateway is seen to do without `X-Amz-Expires`, and to say
"Signature expired" after five minutes whatever it is (https://stackoverflow.com/questions/66961500).

Left out: SigV4A, chunked payloads, and unsigned ones, which S3 alone takes.
"""

import hashlib
import hmac
import time
from collections.abc import Callable, Sequence
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from localcloud.iam.principals import Principal, find_principal
from localcloud.iam.signing_elements import (
    MAX_EXPIRES_SECONDS,
    TIME_FORMAT,
    ReceivedRequest,
    Signature,
    SignatureError,
    read_signature,
)

MAX_SKEW_SECONDS = 5 * 60


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
            signature = read_signature(request)
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
