"""The server in front of the gateway: where it listens, and that it lets nothing of another Host through."""

import inspect
from http import HTTPStatus
from pathlib import Path
from threading import Event, Semaphore
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from localstack.config import HostAndPort
from localstack.runtime.server import twisted as upstream
from rolo.gateway import Gateway
from rolo.serving.twisted import TwistedGateway
from twisted.internet.address import IPv4Address
from twisted.web.resource import Resource

from localcloud import settings
from localcloud.gateway_server import api_threads, server
from localcloud.gateway_server.api_threads import ApiResource, is_for_an_api
from localcloud.gateway_server.plugin import LoopbackServerPlugin
from localcloud.gateway_server.refusal import Refusal
from localcloud.gateway_server.server import LoopbackServer, LoopbackSite

UPGRADE = (
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AA==\r\n"
)
HERE = HostAndPort("127.0.0.1", 4566)


class Behind(Resource):
    """The gateway's place: responses everything."""

    def getChild(self, path: bytes, request: Any) -> Resource:  # noqa: N802
        return self

    def render(self, request: Any) -> bytes:
        return b"the gateway"


class Transport:
    """Keeps what is written."""

    disconnecting = False

    def __init__(self) -> None:
        self.written = b""

    def write(self, data: bytes) -> None:
        self.written += data

    def writeSequence(self, parts: list[bytes]) -> None:  # noqa: N802
        self.written += b"".join(parts)

    def getPeer(self) -> IPv4Address:  # noqa: N802
        return IPv4Address("TCP", "127.0.0.1", 50000)

    getHost = getPeer  # noqa: N815

    def loseConnection(self) -> None:  # noqa: N802
        self.disconnecting = True


class Reactor:
    """Takes down what is listened on."""

    def __init__(self) -> None:
        self.listening: list[tuple[int, int, str]] = []

    def listenTCP(self, port: int, factory: Any, backlog: int = 50, interface: str = "") -> None:  # noqa: N802
        self.listening.append((port, backlog, interface))


class Apis:
    """The place of the APIs' own threads."""

    def choose(self) -> Resource:
        return Behind()  # type: ignore[no-untyped-call]


def head(target: str = "/", **headers: str) -> str:
    """A GET without a body."""
    named = {"host": "localhost:4566"} | {name.replace("_", "-"): value for name, value in headers.items()}
    lines = (f"{name}: {value}\r\n" for name, value in named.items())
    return f"GET {target} HTTP/1.1\r\n{''.join(lines)}\r\n"


def exchange(request: str, in_pieces_of: int = 1_000_000) -> str:
    """Send a request, byte for byte, and give the response."""
    site: Any = LoopbackSite(Gateway())
    site.resource = Behind()  # type: ignore[no-untyped-call]
    site._apis = Apis()
    return send(site, request, in_pieces_of)


def send(site: Any, request: str, in_pieces_of: int = 1_000_000) -> str:
    transport, protocol = Transport(), site.buildProtocol(None)
    protocol.makeConnection(transport)
    for start in range(0, len(request), in_pieces_of):
        if not transport.disconnecting:
            protocol.dataReceived(request[start : start + in_pieces_of].encode("latin-1"))
    return transport.written.decode()


@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS", "DELETE"])
@pytest.mark.parametrize("path", ["/", "/_localstack/health", "/_aws/cognito-idp/messages"])
def test_another_host_gets_403_and_no_more(method: str, path: str) -> None:
    response = exchange(
        f"{method} {path} HTTP/1.1\r\nHost: evil.example\r\nOrigin: http://evil.example\r\n\r\n"
    )
    assert response.startswith("HTTP/1.1 403 ")
    assert "the Host 'evil.example' is refused" in response
    assert "access-control" not in response.lower()
    assert "the gateway" not in response


@pytest.mark.parametrize(
    "request_",
    [
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: evil.example\r\nHost: localhost\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nhost: localhost\r\n\r\n",
        "GET / HTTP/1.1\r\nHost:\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: localhost\r\n\r\n",
        "GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET http://localhost/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        "CONNECT evil.example:443 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        f"GET / HTTP/1.1\r\nHost: evil.example\r\n{UPGRADE}\r\n",
    ],
)
def test_no_form_of_a_request_comes_past_the_check(request_: str) -> None:
    response = exchange(request_)
    assert response[9:12] in ("400", "403")
    assert "the gateway" not in response


@pytest.mark.parametrize(
    "request_",
    [
        "GET / HTTP/1.1\r\nHost: 127.0.0.1:4566\r\n\r\n",
        "GET / HTTP/1.1\r\nhOST: LOCALHOST.\r\n\r\n",
        "GET http://localhost:4566/ HTTP/1.1\r\nHost: localhost:4566\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: [::1]:4566\r\nContent-Length: 2\r\n\r\n{}",
    ],
)
def test_the_loopback_reaches_the_gateway(request_: str) -> None:
    response = exchange(request_)
    assert response.startswith("HTTP/1.1 200 ")
    assert "the gateway" in response


API = "/_aws/execute-api/a/x"
PRESIGNED = "/b/k?X-Amz-Security-Token=" + "x" * 20_000


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (head(target=API, x_a="x" * 10_100), 200),
        (head(target=API, x_a="x" * 10_240), 431),
        (head(target=API, x_a="x" * 5_120, x_b="x" * 5_120), 431),
        (head(target=f"{API}?{'x' * 10_240}"), 414),
        (head(target=f"{API}?{'x' * 100_000}"), 414),
        (head(target=f"{API}?{'x' * 100_000}") + head(), 414),
        (head(target=API, x_a="x" * 100_000), 431),
        (head(target="/x", host="a.execute-api.localhost:4566", x_a="x" * 10_240), 431),
        (head(x_a="x" * 20_000), 200),
        (head(target=PRESIGNED), 200),
        (head(x_a="x" * 100_000), 431),
        (head(target=API, x_a="x" * 60_000, x_b="x" * 60_000), 431),
        (head(x_a="x" * 60_000, x_b="x" * 60_000), 200),
        (head(**{f"x_{n}": "x" * 60_000 for n in range(20)}) + head(), 400),
        (head(target="/" + "x" * 100_000), 414),
        ("x" * 200_000, 414),
        ("CONNECT / HTTP/1.1\r\nHost: localhost\r\n\r\n", 405),
        ("CONNECT * HTTP/1.1\r\nHost: localhost\r\n\r\n", 405),
    ],
)
def test_every_request_gets_one_answer_however_long_it_is(request_: str, status: int) -> None:
    response = exchange(request_, in_pieces_of=20_000)
    assert response.startswith(f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n")
    assert response.count("HTTP/1.1") == 1
    if status != 200:
        assert "the gateway" not in response


def test_twisted_still_closes_without_an_answer() -> None:
    site: Any = TwistedGateway(Gateway())
    assert send(site, head(x_a="x" * 20_000)) == "", "Twisted responses by itself: drop LimitedChannel"


@pytest.mark.parametrize(
    ("target", "headers", "status"),
    [
        ("/_localstack/health", {}, 403),
        ("/?Action=CreateQueue&QueueName=q", {"sec_fetch_mode": "navigate"}, 403),
        ("/?Action=CreateQueue&x=/p/.well-known/jwks.json", {}, 403),
        ("/p/.well-known/jwks.json?Action=CreateQueue", {}, 403),
        ("/_aws/cognito-idp/nobodys/login?%41ction=CreateQueue", {}, 403),
        ("/p/.well-known/jwks.json", {}, 200),
        ("/_aws/cognito-idp/d/oauth2/authorize?x=y", {"sec_fetch_mode": "navigate"}, 200),
        (API, {}, 200),
        ("/", {"origin": "http://localhost:3000"}, 200),
        ("/", {"referer": "http://localhost:3000/"}, 200),
        ("/", {"sec_fetch_site": "same-site"}, 200),
        ("/", {"sec_fetch_site": "none"}, 200),
    ],
)
def test_another_sites_page_asks_nothing_without_saying_who_it_is(
    target: str, headers: dict[str, str], status: int
) -> None:
    response = exchange(head(target=target, **{"sec_fetch_site": "cross-site"} | headers))
    assert response.startswith(f"HTTP/1.1 {status} ")


SEGMENT = st.text(
    st.characters(codec="ascii", exclude_characters=" ?#/", exclude_categories=["Cc"]), min_size=1
)


@given(st.sampled_from(["", "http://127.0.0.1:4566", "https://localhost"]), SEGMENT, SEGMENT)
def test_a_path_of_a_deployed_api_is_known_in_each_form(origin: str, api_id: str, rest: str) -> None:
    for path in (f"_aws/execute-api/{api_id}/{rest}", f"restapis/{api_id}/v1/_user_request_/{rest}"):
        for slashes in ("/", "//"):  # LocalStack takes them for one
            assert is_for_an_api(f"{origin}{slashes}{path}".encode(), [b"127.0.0.1:4566"])
    assert not is_for_an_api(f"{origin}/restapis/{api_id}/stages".encode(), [b"127.0.0.1:4566"])
    assert not is_for_an_api(f"{origin}/{rest}/_aws/execute-api/{api_id}/x".encode(), [b"127.0.0.1:4566"])
    assert not is_for_an_api(f"{origin}/?x=http://localhost/restapis/{rest}".encode(), [b"127.0.0.1:4566"])


@given(st.from_regex(r"[a-z0-9]{1,10}", fullmatch=True), SEGMENT)
def test_a_host_of_a_deployed_api_is_known(api_id: str, path: str) -> None:
    for host in ("execute-api.localhost.localstack.cloud:4566", "Execute-API.us-east-1.localhost"):
        assert is_for_an_api(f"/{path}".encode(), [f"{api_id}.{host}".encode()])
        assert not is_for_an_api(b"/", [host.encode()])
    assert not is_for_an_api(b"/", [f"{api_id}.s3.localhost".encode()])
    assert not is_for_an_api(b"/", [])


def test_callers_beyond_the_bound_get_429_and_those_before_them_their_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(api_threads, "_WORKERS", 1)
    monkeypatch.setattr(api_threads, "_MOST_WAITING", 2)
    apis, held, done = ApiResource(Gateway()), Event(), Semaphore(0)

    def hold() -> None:
        held.wait(30)
        done.release()

    try:
        for _ in range(3):
            assert not isinstance(apis.choose(), Refusal)
            apis.pool.callInThread(hold)
        refusal = apis.choose()
        assert isinstance(refusal, Refusal)
        assert (refusal._status, refusal._body) == (429, b'{"message":"Too Many Requests"}')
    finally:
        held.set()
    assert all(done.acquire(timeout=30) for _ in range(3))
    assert not isinstance(apis.choose(), Refusal)
    apis.pool.stop()


def test_it_listens_on_the_addresses_it_was_given_with_room_for_many_callers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reactor = Reactor()
    monkeypatch.setattr(server, "reactor", reactor)
    LoopbackServer().register(Gateway(), [HERE, HostAndPort("::1", 4567)])  # type: ignore[no-untyped-call]
    assert reactor.listening == [(4566, 4096, "127.0.0.1"), (4567, 4096, "::1")]


def test_localstacks_own_server_still_needs_the_correction(monkeypatch: pytest.MonkeyPatch) -> None:
    reactor = Reactor()
    monkeypatch.setattr(upstream, "reactor", reactor)
    upstream.TwistedRuntimeServer().register(Gateway(), [HERE])  # type: ignore[no-untyped-call]
    assert reactor.listening == [(4566, 50, "")], "LocalStack binds the address by itself: drop `register`"


def test_a_local_cloud_is_started_with_this_server() -> None:
    chosen = settings.of_localstack(4566, Path("/state"))
    assert chosen["GATEWAY_SERVER"] == LoopbackServerPlugin.name
    assert chosen["GATEWAY_LISTEN"] == "127.0.0.1:4566"
    assert isinstance(LoopbackServerPlugin().load(), LoopbackServer)
    assert inspect.getmodule(LoopbackServer.run) is upstream
