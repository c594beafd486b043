"""The HTTP side of the Runtime API: what awslambdaric asks, and how its connections end.

Each process has a server of its own: awslambdaric takes the API's address as host and port only, so several
processes cannot be told apart by a path.
"""

import contextlib
import re
import socket
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from localcloud.executor.runtime_api import Delivery, RuntimeApi
from localcloud.gateway_server.hosts import refusal

_NEXT = "/2018-06-01/runtime/invocation/next"
_INIT_ERROR = "/2018-06-01/runtime/init/error"
_RESPONSE = re.compile(r"/2018-06-01/runtime/invocation/(?P<request_id>[^/]+)/(?P<kind>response|error)")


class RuntimeServer(ThreadingHTTPServer):
    """Serves one RuntimeApi on a free port of the loopback interface."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, api: RuntimeApi) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.api = api
        self._ended = False
        threading.Thread(target=self._serve, daemon=True, name="lambda-runtime-api").start()

    @property
    def address(self) -> str:
        """The value of AWS_LAMBDA_RUNTIME_API: host and port."""
        return f"127.0.0.1:{self.server_port}"

    def end(self) -> None:
        """Stop serving."""
        self._ended = True
        # Wakes the serving thread, which has no other reason to look up: nobody polls here.
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", self.server_port)).close()

    def _serve(self) -> None:
        while not self._ended:
            self.handle_request()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: RuntimeServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # with Nagle's algorithm each invocation takes 40 ms longer
    wbufsize = -1  # head and body leave in one write

    def setup(self) -> None:
        super().setup()
        self._taken: Delivery | None = None

    def handle(self) -> None:
        """Serve the connection, and find out how it ended.

        A process that ends with bytes unread resets its connection: it never saw the invocation
        that it was sent. One that had read everything just closes it.
        """
        was_read = True
        try:
            super().handle()
            was_read = not self.connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        except ConnectionError:
            was_read = False
        if self._taken:
            self.server.api.end_connection(self._taken, was_read)

    def parse_request(self) -> bool:
        """Refuse other Hosts, as the gateway does: a web page must not take a function's invocations."""
        if not super().parse_request():
            return False
        reason = refusal(self.headers.get_all("Host", []), self.path)
        if reason is not None:
            self.send_error(HTTPStatus.FORBIDDEN, explain=reason)
        return reason is None

    def do_GET(self) -> None:
        if self.path != _NEXT:
            self._reply(HTTPStatus.NOT_FOUND)
            return
        self._taken = self.server.api.take(self._is_connected)
        if self._taken is None:
            self.close_connection = True
            return
        invocation = self._taken.invocation
        self._reply(
            HTTPStatus.OK,
            invocation.payload,
            {
                "Lambda-Runtime-Aws-Request-Id": invocation.request_id,
                "Lambda-Runtime-Deadline-Ms": str(invocation.deadline_ms),
                "Lambda-Runtime-Invoked-Function-Arn": invocation.function_arn,
                "Lambda-Runtime-Trace-Id": invocation.trace_header,
            },
        )

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        payload = self.rfile.read(length)
        if len(payload) < length:  # the process ended in the middle of its response
            return
        if self.path == _INIT_ERROR:
            self.server.api.fail_init(payload)
            self._reply(HTTPStatus.ACCEPTED)
            return
        match = _RESPONSE.fullmatch(self.path)
        if not match:
            self._reply(HTTPStatus.NOT_FOUND)
            return
        known = self.server.api.respond(match["request_id"], payload, match["kind"] == "error")
        self._reply(HTTPStatus.ACCEPTED if known else HTTPStatus.BAD_REQUEST)

    def log_message(self, *_args: object) -> None:
        """Keep requests out of LocalStack's own output."""

    def _is_connected(self) -> bool:
        try:
            return bool(self.connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT))
        except BlockingIOError:
            return True
        except OSError:
            return False

    def _reply(self, status: HTTPStatus, body: bytes = b"{}", headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
