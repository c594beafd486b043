"""Issuers' keys over HTTP, from a server of the test's own, and how long they are kept."""

import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from joserfc.jwk import ECKey, OctKey, RSAKey

from localcloud.tokens import discovery, keys
from localcloud.tokens.discovery import IssuerUnavailableError
from localcloud.tokens.keys import Keys, KeySource, fetch_keys

KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
PUBLIC = KEY.as_dict(private=False)
DISCOVERY, KEY_SET = "/.well-known/openid-configuration", "/keys"


class Issuer:
    """An issuer's server; `responses` are bodies by path."""

    def __init__(self) -> None:
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                response = issuer.responses.get(self.path)
                self.send_response(404 if response is None else issuer.status)
                self.send_header("Location", KEY_SET)
                self.end_headers()
                issuer.may_answer.wait(timeout=10)
                self.wfile.write(response or b"")

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/pool"
        self.status = 200
        self.may_answer = threading.Event()
        self.may_answer.set()
        self.responses: dict[str, bytes] = {}
        self.publish([PUBLIC])

    def publish(self, key_set: Any, **discovery: Any) -> None:
        base = self.url.removesuffix("/pool")
        document = {"issuer": self.url, "jwks_uri": base + KEY_SET} | discovery
        self.responses["/pool" + DISCOVERY] = json.dumps(document).encode()
        self.responses[KEY_SET] = json.dumps({"keys": key_set}).encode()


@pytest.fixture(scope="module")
def served() -> Iterator[Issuer]:
    issuer = Issuer()
    threading.Thread(target=issuer.server.serve_forever, args=(0.01,), daemon=True).start()
    yield issuer
    issuer.server.shutdown()
    issuer.server.server_close()


@pytest.fixture
def issuer(served: Issuer) -> Iterator[Issuer]:
    served.status = 200
    served.publish([PUBLIC])
    yield served
    served.may_answer.set()


def test_the_rsa_keys_for_signatures_are_taken_and_the_rest_is_passed_over(issuer: Issuer) -> None:
    others = [
        ECKey.generate_key("P-256", {"kid": "ec"}).as_dict(private=False),
        OctKey.generate_key(256, {"kid": "oct"}).as_dict(),
        RSAKey.generate_key(1024, {"kid": "short"}).as_dict(private=False),
        PUBLIC | {"kid": "enc", "use": "enc"},
        PUBLIC | {"kid": 7},
        {name: value for name, value in PUBLIC.items() if name != "kid"},
        {"kty": "RSA", "kid": "no numbers"},
        {"kty": "RSA", "kid": "odd", "n": 1, "e": "AQAB"},
        {"kty": "RSA", "kid": "zero", "n": "AA", "e": "AQAB"},
        {"kty": "later"},
        None,
        "text",
    ]
    issuer.publish([*others, PUBLIC])

    assert list(fetch_keys(issuer.url)) == ["one"]


def spoil_issuer(issuer: Issuer) -> None:
    issuer.publish([PUBLIC], issuer=issuer.url + "/")


def spoil_address(issuer: Issuer) -> None:
    issuer.publish([PUBLIC], jwks_uri="file:///etc/passwd")


def spoil_address_type(issuer: Issuer) -> None:
    issuer.publish([PUBLIC], jwks_uri=1)


def spoil_path(issuer: Issuer) -> None:
    del issuer.responses[KEY_SET]


def spoil_size(issuer: Issuer) -> None:
    issuer.publish([PUBLIC | {"x5c": ["A" * discovery.MAX_BYTES]}])


def spoil_json(issuer: Issuer) -> None:
    issuer.responses[KEY_SET] = b"<html>"


def spoil_depth(issuer: Issuer) -> None:
    issuer.responses[KEY_SET] = b"[" * 100_000


def spoil_type(issuer: Issuer) -> None:
    issuer.responses[KEY_SET] = b"[]"


def redirect(issuer: Issuer) -> None:
    issuer.status = 302


@pytest.mark.parametrize(
    "spoil",
    [
        spoil_issuer,
        spoil_address,
        spoil_address_type,
        spoil_path,
        spoil_size,
        spoil_json,
        spoil_depth,
        spoil_type,
        redirect,
    ],
)
def test_what_is_not_the_issuers_key_set_is_unavailable(
    issuer: Issuer, spoil: Callable[[Issuer], None]
) -> None:
    spoil(issuer)
    with pytest.raises(IssuerUnavailableError):
        fetch_keys(issuer.url)


def test_an_issuer_that_hangs_is_given_up(issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery, "TIMEOUT_SECONDS", 0.05)
    issuer.may_answer.clear()
    with pytest.raises(IssuerUnavailableError):
        fetch_keys(issuer.url)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "nonsense", "", "http://"])
def test_an_issuer_that_cannot_be_reached(url: str) -> None:
    with pytest.raises(IssuerUnavailableError):
        fetch_keys(url)


class Fetches:
    """Counts fetches; what they give can be changed."""

    def __init__(self) -> None:
        self.count = 0
        self.now = 0.0
        self.keys: Keys | Exception = {"one": KEY}
        self.source = KeySource(self, clock=lambda: self.now)

    def __call__(self, issuer: str) -> Keys:
        self.count += 1
        if isinstance(self.keys, Exception):
            raise self.keys
        return self.keys


def test_keys_are_kept_for_two_hours() -> None:
    fetches = Fetches()
    assert fetches.source.find("i", "one") is fetches.source.find("i", "one") is KEY
    fetches.now = keys.GOOD_FOR_SECONDS - 1
    assert fetches.source.find("i", "one") is KEY
    assert fetches.count == 1

    fetches.now, fetches.keys = keys.GOOD_FOR_SECONDS, IssuerUnavailableError("gone")
    assert fetches.source.find("i", "one") is None


def test_a_new_key_is_found_but_unknown_ones_do_not_make_a_storm() -> None:
    fetches = Fetches()
    assert [fetches.source.find("i", f"unknown-{n}") for n in range(9)] == [None] * 9
    assert fetches.count == 1

    fetches.now, fetches.keys = keys.REFETCH_SECONDS, {"one": KEY, "new": KEY}
    assert fetches.source.find("i", "new") is KEY
    assert fetches.count == 2


def test_a_failure_is_not_kept_for_long_and_takes_no_known_key_away() -> None:
    fetches = Fetches()
    assert fetches.source.find("i", "one") is KEY

    fetches.now, fetches.keys = keys.REFETCH_SECONDS, IssuerUnavailableError("down")
    assert [fetches.source.find("i", name) for name in ("new", "new", "one")] == [None, None, KEY]
    assert fetches.count == 2

    fetches.now, fetches.keys = 2 * keys.REFETCH_SECONDS, {"new": KEY}
    assert fetches.source.find("i", "new") is KEY


def test_issuers_are_kept_apart() -> None:
    fetches = Fetches()
    assert fetches.source.find("a", "one") is KEY
    fetches.keys = {}
    assert fetches.source.find("b", "one") is None


def test_a_thousand_at_once_do_not_wait_for_the_gateway_they_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first burst got 401 a thousand times: each thread of the gateway held a request, none was left."""
    gateway = ThreadPoolExecutor(100)
    gate = threading.Barrier(100)

    def over_http(url: str) -> dict[str, Any]:
        try:
            gateway.submit(lambda: None).result(timeout=0.2)
        except TimeoutError:
            raise IssuerUnavailableError("no thread responses") from None
        return {"issuer": "http://own", "jwks_uri": "http://own/keys", "keys": [PUBLIC]}

    def burst() -> set[bool]:
        source = KeySource()

        def request(_: int) -> bool:
            gate.wait(timeout=30)
            return source.find("http://own", "one") is not None

        return set(gateway.map(request, range(1000)))

    monkeypatch.setattr(discovery, "get_object", over_http)
    monkeypatch.setattr(keys, "get_object", over_http)
    monkeypatch.setattr(keys, "IN_PROCESS", [])
    with gateway:
        assert False in burst()
        keys.IN_PROCESS.append(lambda issuer: {"keys": [PUBLIC]} if issuer == "http://own" else None)
        assert burst() == {True}


def test_many_wait_for_one_fetch() -> None:
    gate, count = threading.Barrier(8), []

    def fetch(issuer: str) -> Keys:
        count.append(issuer)
        return {"one": KEY}

    source = KeySource(fetch)

    def find(_: int) -> RSAKey | None:
        gate.wait(timeout=10)
        return source.find("i", "one")

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(find, range(8))) == [KEY] * 8
    assert count == ["i"]
