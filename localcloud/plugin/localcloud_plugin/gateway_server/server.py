"""LocalStack's Twisted server, bound to the address it was given and closed to other Hosts.

LocalStack's own `register` binds every IPv4 interface, whatever GATEWAY_LISTEN says, with a backlog of 50.
"""

from typing import Any

from localstack import config
from localstack.aws.serving.twisted import TLSMultiplexerFactory
from localstack.runtime.server.twisted import TwistedRuntimeServer
from rolo.gateway import Gateway
from rolo.serving.twisted import TwistedGateway
from twisted.internet import reactor, ssl
from twisted.web.resource import Resource
from twisted.web.server import Request

from localcloud_plugin.gateway_server.hosts import refusal

_BACKLOG = 4096


class LoopbackSite(TwistedGateway):
    """The gateway as a web site that answers requests and WebSocket handshakes of the loopback's Hosts."""

    def getResourceFor(self, request: Request) -> Resource:  # noqa: N802 - Twisted's name
        """Choose what answers: the gateway, or the refusal."""
        hosts = request.requestHeaders.getRawHeaders(b"host", [])
        reason = refusal([host.decode("latin-1") for host in hosts], request.uri.decode("latin-1"))
        if reason is not None:
            return Refusal(reason)
        gateway: Resource = super().getResourceFor(request)  # type: ignore[no-untyped-call]
        return gateway


class Refusal(Resource):
    """403 with the reason."""

    def __init__(self, reason: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._reason = reason.encode()

    def render(self, request: Request) -> bytes:
        """Answer any method."""
        request.setResponseCode(403)
        request.responseHeaders.setRawHeaders(b"Content-Type", [b"text/plain; charset=utf-8"])
        return self._reason


class LoopbackServer(TwistedRuntimeServer):
    """Runs and ends as LocalStack's server does."""

    def register(
        self,
        gateway: Gateway,
        listen: list[config.HostAndPort],
        ssl_creds: tuple[str, str] | None = None,
    ) -> None:
        """Listen on each address, for HTTP, and on the same port for HTTPS if there is a certificate.

        Args:
            gateway: What answers.
            listen: The addresses and ports.
            ssl_creds: The files of the certificate and its key.

        Raises:
            CannotListenError: An address is in use, or is not of this machine.
        """
        factory: Any = LoopbackSite(gateway)
        if ssl_creds is not None:
            factory = TLSMultiplexerFactory(_tls(*ssl_creds), False, factory)  # type: ignore[no-untyped-call]
        server: Any = reactor
        for address in listen:
            server.listenTCP(address.port, factory, backlog=_BACKLOG, interface=address.host)


def _tls(certificate: str, key: str) -> Any:
    made: Any = ssl.DefaultOpenSSLContextFactory(key, certificate)  # type: ignore[no-untyped-call]
    made.getContext().use_certificate_chain_file(certificate)
    return made
