"""LocalStack's Twisted server, bound to the address it was given and closed to other Hosts.

LocalStack's own `register` binds every IPv4 interface, whatever GATEWAY_LISTEN says, with a backlog of 50.
"""

import re
from typing import Any

from localstack import config
from localstack.aws.serving.twisted import TLSMultiplexerFactory
from localstack.runtime.server.twisted import TwistedRuntimeServer
from rolo.gateway import Gateway
from rolo.serving.twisted import TwistedGateway
from twisted.internet import reactor, ssl
from twisted.web.http import _GenericHTTPChannelProtocol
from twisted.web.resource import Resource
from twisted.web.server import Request

from localcloud.gateway_server.api_threads import ApiResource, is_for_an_api
from localcloud.gateway_server.hosts import refusal
from localcloud.gateway_server.refusal import LimitedChannel, Refusal, refuse_long_head

_BACKLOG = 4096
_PUBLIC = re.compile(rb"/_aws/cognito-idp/|/[^/]+/\.well-known/")
"""The sign-in and the issuers' documents, which other sites lead to."""


class LoopbackSite(TwistedGateway):
    """The gateway as a web site that serves requests and WebSocket handshakes of the loopback's Hosts."""

    def __init__(self, gateway: Gateway) -> None:
        super().__init__(gateway)
        self._apis = ApiResource(gateway)
        self.protocol: Any = lambda: _GenericHTTPChannelProtocol(LimitedChannel())  # type: ignore[no-untyped-call]

    def getResourceFor(self, request: Request) -> Resource:  # noqa: N802 - Twisted's name
        """Choose what responds: the gateway, or the refusal."""
        hosts = request.requestHeaders.getRawHeaders(b"host", [])
        reason = refusal([host.decode("latin-1") for host in hosts], request.uri.decode("latin-1"))
        if reason is not None:
            return Refusal(403, "text/plain; charset=utf-8", reason.encode())
        if request.method == b"CONNECT":
            return Refusal(405, "text/plain", b"this is no proxy\n")
        if is_for_an_api(request.uri, hosts):
            return refuse_long_head(request) or self._apis.choose()
        if _is_blind(request):
            return Refusal(403, "text/plain", b"pages of other sites are refused\n")
        gateway: Resource = super().getResourceFor(request)  # type: ignore[no-untyped-call]
        return gateway


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
            gateway: What responds.
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


def _is_blind(request: Request) -> bool:
    """Whether another site's page asks without saying so to LocalStack's own check, in Origin or Referer."""
    headers = request.requestHeaders  # https://www.w3.org/TR/fetch-metadata/
    if headers.hasHeader(b"origin") or headers.hasHeader(b"referer"):
        return False
    public = _PUBLIC.match(request.path) and b"Action" not in request.args  # no service's operation
    return headers.getRawHeaders(b"sec-fetch-site") == [b"cross-site"] and not public


def _tls(certificate: str, key: str) -> Any:
    made: Any = ssl.DefaultOpenSSLContextFactory(key, certificate)  # type: ignore[no-untyped-call]
    made.getContext().use_certificate_chain_file(certificate)
    return made
