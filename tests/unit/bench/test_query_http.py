"""How the part `query` asks over HTTP, and lets S3 wait."""

import json
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.endpoint import Endpoint

from bench import query_http
from bench.clients import clients
from bench.query_http import A_CITY, IN_ORDER, NAME, ask
from tasks.processes.steps import StepError


@pytest.fixture
def asked() -> Iterator[tuple[str, list[dict[str, list[str]]]]]:
    """The URL of an API that knows ten dragons by city and refuses an order, and what it was asked."""
    seen: list[dict[str, list[str]]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            query = parse_qs(urlsplit(self.path).query)
            seen.append(query)
            body = json.dumps({"dragons": [{}] * 10}).encode()
            self.send_response(400 if "order" in query else 200)
            self.send_header("Server-Timing", 'plan;desc="dataset", objects;desc="3", query;dur=12.3')
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", seen
    server.shutdown()
    server.server_close()


def test_a_question_is_asked_once_more_than_it_counts(asked: tuple[str, list[Any]]) -> None:
    url, seen = asked
    found = ask(url, 3, [A_CITY])[A_CITY]
    assert (found.good, len(found.seconds), len(seen)) == (True, 3, 4)
    assert found.told == {"plan": "dataset", "objects": "3"}


def test_what_is_refused_is_asked_once(asked: tuple[str, list[Any]]) -> None:
    url, seen = asked
    found = ask(url, 3, [IN_ORDER])[IN_ORDER]
    assert (found.good, found.status, len(seen)) == (False, 400, 1)


def test_another_number_of_dragons_than_there_are_is_no_answer(asked: tuple[str, list[Any]]) -> None:
    with pytest.raises(StepError, match="10 dragons, and not 1"):
        ask(asked[0], 1, [NAME])


def test_calls_of_s3_wait_and_no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr(Endpoint, "make_request", lambda *_: (SimpleNamespace(status_code=200), {}))
    monkeypatch.setattr(time, "sleep", waits.append)
    deployed = SimpleNamespace(handler=object())
    found: dict[str, Any] = {"deployed": deployed}
    exec(query_http._LATE.format(seconds=0.25), found)
    assert found["handler"] is deployed.handler
    client = clients("http://127.0.0.1:9")
    client("s3").list_buckets()
    assert waits == [0.25]
    client("dynamodb").list_tables()
    assert waits == [0.25]
