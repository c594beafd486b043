"""The server in front of the gateway: where it listens, and that it lets nothing of another Host through."""

import inspect
from typing import Any

import pytest
from localstack.config import HostAndPort
from localstack.runtime.server import twisted as upstream
from rolo.gateway import Gateway
from twisted.internet.address import IPv4Address
from twisted.web.resource import Resource

from localcloud import settings
from localcloud.paths import LOCAL
from localcloud_plugin.gateway_server import server
from localcloud_plugin.gateway_server.plugin import LoopbackServerPlugin
from localcloud_plugin.gateway_server.server import LoopbackServer, LoopbackSite

UPGRADE = (
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AA==\r\n"
)
HERE = HostAndPort("127.0.0.1", 4566)


class Behind(Resource):
    """The gateway's place: answers everything."""

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


def exchange(request: str) -> str:
    """Send a request, byte for byte, and give the answer."""
    site: Any = LoopbackSite(Gateway())
    site.resource = Behind()  # type: ignore[no-untyped-call]
    transport, protocol = Transport(), site.buildProtocol(None)
    protocol.makeConnection(transport)
    protocol.dataReceived(request.encode("latin-1"))
    return transport.written.decode()


@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS", "DELETE"])
@pytest.mark.parametrize("path", ["/", "/_localstack/health", "/_aws/cognito-idp/messages"])
def test_another_host_gets_403_and_no_more(method: str, path: str) -> None:
    answer = exchange(
        f"{method} {path} HTTP/1.1\r\nHost: evil.example\r\nOrigin: http://evil.example\r\n\r\n"
    )
    assert answer.startswith("HTTP/1.1 403 ")
    assert "the Host 'evil.example' is refused" in answer
    assert "access-control" not in answer.lower()
    assert "the gateway" not in answer


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
    answer = exchange(request_)
    assert answer[9:12] in ("400", "403")
    assert "the gateway" not in answer


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
    answer = exchange(request_)
    assert answer.startswith("HTTP/1.1 200 ")
    assert "the gateway" in answer


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
    assert settings.of_cloud(4566, LOCAL)["GATEWAY_SERVER"] == LoopbackServerPlugin.name
    assert settings.of_cloud(4566, LOCAL)["GATEWAY_LISTEN"] == "127.0.0.1:4566"
    assert isinstance(LoopbackServerPlugin().load(), LoopbackServer)
    assert inspect.getmodule(LoopbackServer.run) is upstream
