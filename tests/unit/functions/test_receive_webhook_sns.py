"""The receiver's way to SNS: what it fetches, for how long, and what it does not follow."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests
from cryptography.hazmat.primitives.serialization import Encoding

from receive_webhook import sns as module
from receive_webhook.refusals import NotBelievedError
from receive_webhook.sns import KEPT, Sns
from support.sns import Signer

SIGNER = Signer()
PEM = SIGNER.certificate.public_bytes(Encoding.PEM)
RESPONSES = {
    "/missing": (404, b"gone"),
    "/broken": (503, b""),
    "/moved": (302, b""),
    "/text": (200, b"no certificate"),
}


class Server:
    """An HTTP server on this machine; it knows which paths were asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.wait = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            """Answers by the path, with a certificate unless another response is named."""

            def do_GET(self) -> None:
                outer.asked.append(self.path)
                if self.path == "/slow":
                    outer.wait.wait(20)
                status, body = RESPONSES.get(self.path, (200, PEM))
                self.send_response(status)
                self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    made = Server()
    thread = threading.Thread(target=made.http.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield made
    made.wait.set()
    made.http.shutdown()
    made.http.server_close()
    thread.join()


def test_a_certificate_is_fetched_once(server: Server) -> None:
    sns = Sns()
    assert [sns.certificate(f"{server.url}/a") for _ in range(3)] == [SIGNER.certificate] * 3
    assert server.asked == ["/a"]


def test_no_more_certificates_are_kept_than_sns_has(server: Server) -> None:
    sns = Sns()
    for number in range(3 * KEPT):
        sns.certificate(f"{server.url}/{number}")
        assert len(sns._kept) <= KEPT


@pytest.mark.parametrize("path", ["/missing", "/moved", "/text"])
def test_what_is_no_certificate_is_refused_and_no_redirect_followed(server: Server, path: str) -> None:
    with pytest.raises(NotBelievedError, match="topic"):
        Sns().certificate(server.url + path)
    assert server.asked == [path]


def test_sns_tries_again_where_it_fails_itself(server: Server) -> None:
    with pytest.raises(requests.HTTPError, match="503"):
        Sns().certificate(f"{server.url}/broken")


def test_a_fetch_has_a_limit_of_time(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SECONDS", (1.0, 0.1))
    with pytest.raises(requests.Timeout):
        Sns().certificate(f"{server.url}/slow")


def test_a_subscription_is_confirmed_by_a_visit_and_only_a_success_is_one(server: Server) -> None:
    Sns().confirm(f"{server.url}/?Action=ConfirmSubscription")
    for path in ("/missing", "/moved", "/broken"):
        with pytest.raises(requests.HTTPError, match="SNS answered"):
            Sns().confirm(server.url + path)
    assert server.asked == ["/?Action=ConfirmSubscription", "/missing", "/moved", "/broken"]
