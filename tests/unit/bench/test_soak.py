"""The soak's client, and what it makes of its figures."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from bench.burst import request, send
from bench.soak_part import Lot, slope


@contextmanager
def serving(answer: Callable[[Any], None]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self)

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_words: object) -> None: ...

    class Server(ThreadingHTTPServer):
        request_queue_size = 128

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def test_each_request_is_answered_once() -> None:
    seen: list[tuple[str, str, bytes]] = []

    def answer(handler: Any) -> None:
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        seen.append((handler.command, handler.path, body))
        handler.send_response(429 if handler.command == "GET" else 202)
        handler.end_headers()

    with serving(answer) as url:
        posts = [request(f"{url}/a?b=c", {"X": "y"}, str(n).encode()) for n in range(20)]
        outcome = send(url, [*posts, request(f"{url}/d")], 8)
    assert outcome.statuses == {202: 20, 429: 1}
    assert outcome.seconds > 0
    assert sorted(seen) == sorted(
        [("POST", "/a?b=c", str(n).encode()) for n in range(20)] + [("GET", "/d", b"")]
    )


def test_no_answer_is_counted() -> None:
    with serving(lambda handler: handler.connection.close()) as url:
        assert send(url, [request(url)] * 3, 3).statuses == {0: 3}
    assert send(url, [request(url)], 1).statuses == {0: 1}, "nothing listens any more"


def lot(accepted: int, megabytes: float) -> Lot:
    return Lot(accepted, 0, 0, 1.0, megabytes, 1)


@pytest.mark.parametrize(
    ("lots", "kibibytes"),
    [([lot(10, 100.0), lot(10, 101.0), lot(10, 102.0)], 102.4), ([lot(10, 100.0), lot(0, 100.0)], 0.0)],
)
def test_the_first_lot_brings_along_what_is_loaded_once(lots: list[Lot], kibibytes: float) -> None:
    assert slope(lots) == kibibytes
