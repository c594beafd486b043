"""Signature Version 4: AWS's published examples, whatever botocore signs, and nothing changed after."""

import string
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import pytest
from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import assume, given
from hypothesis import strategies as st
from werkzeug.datastructures import Headers

from localcloud.iam.principals import Principal
from localcloud.iam.sigv4 import (
    MAX_EXPIRES_SECONDS,
    MAX_SKEW_SECONDS,
    ReceivedRequest,
    SignatureError,
    Verifier,
)

HOST = "127.0.0.1:4566"
REGION, SERVICE = "us-east-1", "execute-api"
KEYS = Credentials("ASIAEXAMPLE", "secret/+", "token/+==")
EXAMPLE_SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
EXAMPLE_TIME = datetime(2015, 8, 30, 12, 36, tzinfo=UTC).timestamp()


def principal(keys: Credentials) -> Principal:
    return Principal(keys.access_key, keys.secret_key, keys.token, "0", "arn", "id", lambda: [])


def verifier(keys: Credentials = KEYS, service: str = SERVICE, clock: Any = None) -> Verifier:
    def find(access_key: str) -> Principal | None:
        return principal(keys) if access_key == keys.access_key else None

    return Verifier(service, find, clock) if clock else Verifier(service, find)


def received(request: AWSRequest, body: bytes = b"") -> ReceivedRequest:
    """A request of botocore's as it arrives."""
    url = urlsplit(str(request.url))
    headers = Headers({"Host": url.netloc, **dict(request.headers.items())})
    return ReceivedRequest(str(request.method), url.path, url.query, headers, body)


def signed(
    method: str = "GET",
    path: str = "/guest/animals",
    query: str = "limit=2&family=red",
    headers: dict[str, str] | None = None,
    body: bytes = b"",
    keys: Credentials = KEYS,
) -> ReceivedRequest:
    request = AWSRequest(method, f"http://{HOST}{path}?{query}", headers=headers or {}, data=body)
    SigV4Auth(keys, SERVICE, REGION).add_auth(request)
    return received(request, body)


def presigned(query: str = "limit=2", expires: int = 60, keys: Credentials = KEYS) -> ReceivedRequest:
    request = AWSRequest("GET", f"http://{HOST}/guest/animals?{query}")
    SigV4QueryAuth(keys, SERVICE, REGION, expires).add_auth(request)
    return received(request)


def refused(request: ReceivedRequest, by: Verifier | None = None) -> str:
    with pytest.raises(SignatureError) as caught:
        (by or verifier()).verify(request, REGION)
    return str(caught.value)


@pytest.mark.parametrize(
    ("service", "host", "path", "query", "more", "signature"),
    [
        (
            "iam",
            "iam.amazonaws.com",
            "/",
            "Action=ListUsers&Version=2010-05-08",
            {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"},
            "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
        ),
        (
            "service",
            "example.amazonaws.com",
            "/",
            "",
            {},
            "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
        ),
        (
            "service",
            "example.amazonaws.com",
            "/",
            "Param2=value2&Param1=value1",
            {},
            "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
        ),
        (
            "service",
            "example.amazonaws.com",
            "/./",
            "",
            {},
            "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
        ),
    ],
)
def test_the_published_examples_verify(
    service: str, host: str, path: str, query: str, more: dict[str, str], signature: str
) -> None:
    headers = Headers({"Host": host, "X-Amz-Date": "20150830T123600Z", **more})
    names = ";".join(sorted(name.lower() for name in headers.keys()))  # noqa: SIM118 - pairs otherwise
    headers["Authorization"] = (
        f"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/{service}/aws4_request, "
        f"SignedHeaders={names}, Signature={signature}"
    )
    keys = Credentials("AKIDEXAMPLE", EXAMPLE_SECRET)
    request = ReceivedRequest("GET", path, query, headers, b"")
    assert verifier(keys, service, lambda: EXAMPLE_TIME).verify(request, "us-east-1").secret == EXAMPLE_SECRET
    wrong = verifier(Credentials("AKIDEXAMPLE", "x"), service, lambda: EXAMPLE_TIME)
    assert refused(request, wrong) == "the signature does not match"


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
segments = st.lists(texts.filter(lambda each: each not in ("", ".", "..")), min_size=1, max_size=4)
pairs = st.lists(st.tuples(texts.filter(bool), texts), max_size=4)
values = st.text(string.ascii_letters + string.digits + " ;,=/", max_size=12)
headers = st.dictionaries(st.sampled_from(["X-Colour", "X-Amz-Thing", "Content-Type"]), values)


def encoded(parts: list[str]) -> str:
    return "/" + "/".join(quote(part, safe="") for part in parts)


@given(st.sampled_from(["GET", "POST", "DELETE"]), segments, pairs, headers, st.binary(max_size=40))
def test_whatever_botocore_signs_verifies(
    method: str, path: list[str], query: list[tuple[str, str]], more: dict[str, str], body: bytes
) -> None:
    request = signed(method, encoded(path), urlencode(query, quote_via=quote), more, body)
    assert verifier().verify(request, REGION).access_key == KEYS.access_key


@given(st.dictionaries(texts.filter(bool), texts, max_size=4))
def test_whatever_botocore_presigns_verifies(query: dict[str, str]) -> None:
    assert verifier().verify(presigned(urlencode(query, quote_via=quote)), REGION)


def test_a_date_header_will_do() -> None:
    assert verifier().verify(signed(headers={"Date": "Mon, 01 Jan 2024 00:00:00 GMT"}), REGION)


def test_permanent_credentials_have_no_token() -> None:
    keys = Credentials("AKIAEXAMPLE", "secret")
    assert verifier(keys).verify(signed(keys=keys), REGION)
    assert "token" in refused(signed(keys=Credentials("AKIAEXAMPLE", "secret", "x")), verifier(keys))


def with_header(request: ReceivedRequest, name: str, value: str | None) -> ReceivedRequest:
    changed = Headers(request.headers)
    if value is None:
        changed.remove(name)
    else:
        changed[name] = value
    return replace(request, headers=changed)


@given(st.data())
def test_nothing_may_be_changed(data: st.DataObject) -> None:
    request = signed(headers={"X-Colour": "red", "Content-Type": "text/plain"}, body=b"body", method="POST")
    part = data.draw(st.sampled_from(["method", "path", "query", "body", *request.headers.keys()]))
    if part == "body":
        changed = replace(request, body=data.draw(st.binary().filter(lambda body: body != request.body)))
    elif part in ("method", "path", "query"):
        before: str = getattr(request, part)
        changed = replace(request, **{part: spoil(data, before)})  # type: ignore[arg-type]
        assume(changed.parameters != request.parameters or part != "query")
    else:
        changed = with_header(request, part, spoil(data, request.headers[part]))
    assert refused(changed)


def spoil(data: st.DataObject, text: str) -> str:
    """The text with one letter changed for another."""
    at = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.sampled_from("abcxyz0189").filter(lambda letter: letter != text[at]))
    return text[:at] + letter + text[at + 1 :]


CHANGED: dict[str, Callable[[ReceivedRequest], ReceivedRequest]] = {
    "a header less": lambda it: with_header(it, "X-Colour", None),
    "no host": lambda it: with_header(it, "Host", None),
    "no token": lambda it: with_header(it, "X-Amz-Security-Token", None),
    "no date": lambda it: with_header(it, "X-Amz-Date", None),
    "no signature": lambda it: with_header(it, "Authorization", None),
    "a bearer token": lambda it: with_header(it, "Authorization", "Bearer a.b.c"),
    "an unsigned amz header": lambda it: with_header(it, "X-Amz-Target", "x"),
    "another payload's hash": lambda it: with_header(it, "X-Amz-Content-SHA256", "UNSIGNED-PAYLOAD"),
    "a parameter more": lambda it: replace(it, query=it.query + "&a=b"),
    "undecodable query": lambda it: replace(it, query=it.query + "&a=%ff"),
    "a fragment": lambda it: replace(it, path=it.path + "#more"),
    "a path that leaves": lambda it: replace(it, path=it.path + "/.."),
    "another encoding of the path": lambda it: replace(it, path=it.path.replace("guest", "%67uest")),
    "a second signature": lambda it: replace(
        it, headers=Headers([*it.headers, ("Authorization", it.headers["Authorization"])])
    ),
}


@pytest.mark.parametrize("name", CHANGED)
def test_what_was_changed_is_refused(name: str) -> None:
    assert refused(CHANGED[name](signed(headers={"X-Colour": "red"})))


@pytest.mark.parametrize("payload", [b"", b"body"])
def test_a_hash_of_the_payload_has_to_be_right(payload: bytes) -> None:
    for said in ("UNSIGNED-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "0" * 64):
        request = signed("POST", headers={"X-Amz-Content-SHA256": said}, body=payload)
        assert refused(request) == "the payload is another one"


def test_a_header_that_is_not_signed_may_change() -> None:
    assert verifier().verify(with_header(signed(), "User-Agent", "another"), REGION)


@pytest.mark.parametrize(
    "names", ["x-amz-date;host", "host", "Host;x-amz-date;x-amz-security-token", "host;host", "a;host"]
)
def test_the_list_of_signed_headers_has_to_be_whole_and_in_order(names: str) -> None:
    request = signed()
    authorization = request.headers["Authorization"]
    before, after = authorization.split("SignedHeaders=")
    changed = f"{before}SignedHeaders={names},{after.partition(',')[2]}"
    assert "signed headers" in refused(with_header(request, "Authorization", changed))


@pytest.mark.parametrize(
    ("seconds", "accepted"),
    [
        (0, True),
        (MAX_SKEW_SECONDS - 2, True),
        (MAX_SKEW_SECONDS + 2, False),
        (2 - MAX_SKEW_SECONDS, True),
        (-2 - MAX_SKEW_SECONDS, False),
    ],
)
def test_a_signature_is_good_for_five_minutes(seconds: int, accepted: bool) -> None:
    later = verifier(clock=lambda: datetime.now(UTC).timestamp() + seconds)
    if accepted:
        assert later.verify(signed(), REGION)
    else:
        assert "not now" in refused(signed(), later)


def test_a_query_is_good_for_as_long_as_it_says_and_for_five_minutes_at_most() -> None:
    def at(seconds: int) -> Verifier:
        return verifier(clock=lambda: datetime.now(UTC).timestamp() + seconds)

    for expires, good_for in ((60, 60), (600, MAX_SKEW_SECONDS)):
        request = presigned(expires=expires)
        assert at(good_for - 2).verify(request, REGION)
        assert "not now" in refused(request, at(good_for + 2))
        assert "not now" in refused(request, at(-2 - MAX_SKEW_SECONDS))
    for expires in (0, -1, MAX_EXPIRES_SECONDS + 1):
        assert "X-Amz-Expires" in refused(presigned(expires=expires))


def test_a_query_need_not_say_how_long_it_is_good_for() -> None:
    now = datetime.now(UTC)
    stamp = f"{now:%Y%m%dT%H%M%SZ}"
    signer = SigV4Auth(KEYS, SERVICE, REGION)
    elements = {
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": f"{KEYS.access_key}/{now:%Y%m%d}/{REGION}/{SERVICE}/aws4_request",
        "X-Amz-Date": stamp,
        "X-Amz-SignedHeaders": "host",
    }
    if KEYS.token:
        elements["X-Amz-Security-Token"] = KEYS.token
    url = f"http://{HOST}/guest/animals?{urlencode(elements)}"
    request = AWSRequest("GET", url, headers={"Host": HOST})
    request.context["timestamp"] = stamp
    signature = signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request)
    request = AWSRequest("GET", f"{url}&X-Amz-Signature={signature}")
    later = verifier(clock=lambda: now.timestamp() + MAX_SKEW_SECONDS + 1)
    assert verifier().verify(received(request), REGION)
    assert "not now" in refused(received(request), later)


@pytest.mark.parametrize(
    "change",
    [
        lambda query: query.replace("limit=2", "limit=3"),
        lambda query: query + "&limit=2",
        lambda query: query + "&a=b",
        lambda query: query.replace("X-Amz-Expires=60", "X-Amz-Expires=61"),
        lambda query: query.replace("X-Amz-Expires=60", "X-Amz-Expires=soon"),
        lambda query: query.replace("&X-Amz-Expires=60", ""),
        lambda query: query.replace("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256"),
        lambda query: query.partition("&X-Amz-Signature")[0],
        lambda query: query.partition("&X-Amz-Signature")[0] + "&X-Amz-Signature=é",
    ],
)
def test_a_changed_query_is_refused(change: Callable[[str], str]) -> None:
    request = presigned()
    assert refused(replace(request, query=change(request.query)))


@pytest.mark.parametrize(("region", "service"), [("eu-west-1", SERVICE), (REGION, "s3")])
def test_a_signature_for_elsewhere_is_refused(region: str, service: str) -> None:
    request = AWSRequest("GET", f"http://{HOST}/guest/animals")
    SigV4Auth(KEYS, service, region).add_auth(request)
    assert "scope" in refused(received(request))


def test_a_key_of_nobody_is_refused() -> None:
    assert "unknown" in refused(signed(keys=Credentials("AKIDEXAMPLE", "secret")))
