"""A port of 127.0.0.1 for each distribution, where AWS has a domain name.

The server is the gateway's, with threads of its own: an origin is asked while a viewer waits.
"""

import re
from collections.abc import Callable
from typing import Any

from rolo.serving.twisted import TwistedRequestAdapter
from twisted.internet import reactor, threads
from twisted.python.threadpool import ThreadPool
from twisted.web.http import _GenericHTTPChannelProtocol
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET, Site
from werkzeug.datastructures import Headers

from localcloud.cloudfront.messages import CloudFrontError, Request, Response
from localcloud.gateway_server.hosts import is_loopback
from localcloud.gateway_server.refusal import LimitedChannel
from localcloud.upkeep.schedule import every_second, shrink

_POOL = ThreadPool(0, 64, "cloudfront")
_reactor: Any = reactor
_call: Any = threads.blockingCallFromThread


class Listener(Resource):
    """Listens from its making until it is closed.

    Args:
        serve: Responds to a request.
    """

    isLeaf = True  # noqa: N815 - Twisted's name

    def __init__(self, serve: Callable[[Request], Response]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._serve = serve
        if not _POOL.started:
            _POOL.start()
            every_second(shrink(_POOL))
        site: Any = Site(self, requestFactory=TwistedRequestAdapter)  # type: ignore[no-untyped-call]
        site.protocol = lambda: _GenericHTTPChannelProtocol(LimitedChannel())  # type: ignore[no-untyped-call]
        self._port: Any = _call(reactor, _reactor.listenTCP, 0, site, interface="127.0.0.1")

    @property
    def domain_name(self) -> str:
        """Where it is found; Cognito takes callbacks over http for `localhost` alone."""
        return f"localhost:{self._port.getHost().port}"

    def close(self) -> None:
        """Listen no more."""
        _call(reactor, self._port.stopListening)

    def render(self, request: Any) -> int:
        """Serve in a thread."""
        content = request.content.read()
        headers = Headers()
        for name, values in request.requestHeaders.getAllRawHeaders():
            headers.setlist(name.decode("latin-1"), [each.decode("latin-1") for each in values])
        target = re.sub("^[^/]+://[^/?]*", "", request.uri.decode("latin-1"))
        path, _, query = target.partition("?")
        address = request.getClientAddress().host
        received = Request(request.method.decode("latin-1"), path or "/", query, headers, content, address)
        _POOL.callInThread(self._respond, request, received)
        return NOT_DONE_YET

    def _respond(self, request: Any, received: Request) -> None:
        hosts = received.headers.getlist("host")
        if len(hosts) == 1 and is_loopback(hosts[0]):
            response = self._serve(received)
        else:
            response = CloudFrontError(403, "The Host is not this distribution's.").response(received.id)
        _reactor.callFromThread(_send, request, response)


def _send(request: Any, response: Response) -> None:
    if request._disconnected:
        return
    request.setResponseCode(response.status)
    request.responseHeaders.removeHeader(b"server")
    for name in {name.lower() for name, _ in response.headers}:
        values = [each.encode("latin-1", "replace") for each in response.headers.getlist(name)]
        request.responseHeaders.setRawHeaders(name.encode(), values)
    request.write(response.body)
    request.finish()
