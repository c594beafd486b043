"""Sign-in by the browser: the URL, the listener that waits for the code, and what is said of a refusal."""

import base64
import hashlib
import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests

from tasks import token
from tasks.account.browser_sign_in import BrowserSignIn, callback_here
from tasks.environment.cloud import free_port
from tasks.environment.environment import Environment
from tasks.processes.steps import StepError

SCOPES = ("openid", "dragons/read")
OUTPUTS = {"user_pool_id": "pool", "user_pool_client_id": "client", "hosted_ui_url": "https://ui"}


@pytest.fixture
def sign_in() -> BrowserSignIn:
    return BrowserSignIn("https://ui", "client", f"http://localhost:{free_port()}/callback", SCOPES)


def test_the_url_has_all_that_the_page_asks_for(sign_in: BrowserSignIn) -> None:
    at = urlsplit(sign_in.url)
    assert (at.scheme, at.netloc, at.path) == ("https", "ui", "/oauth2/authorize")
    query = {name: values[0] for name, values in parse_qs(at.query).items()}
    challenge = base64.urlsafe_b64encode(hashlib.sha256(sign_in.verifier.encode()).digest()).decode()
    assert query == {
        "response_type": "code",
        "client_id": "client",
        "redirect_uri": sign_in.redirect_uri,
        "scope": "openid dragons/read",
        "state": sign_in.state,
        "code_challenge": challenge.rstrip("="),
        "code_challenge_method": "S256",
    }
    hinted = BrowserSignIn("https://ui", "client", "http://localhost:1/", SCOPES, "ann@example.org")
    assert "login_hint=ann%40example.org" in hinted.url


@pytest.mark.parametrize(
    ("urls", "found"),
    [
        (
            ["https://dev.dragons.example/callback", "http://localhost:3000/callback"],
            "http://localhost:3000/callback",
        ),
        (["http://127.0.0.1:8080/"], "http://127.0.0.1:8080/"),
        (["https://localhost:3000/", "http://localhost/", "http://localhost.example:1/"], None),
        ([], None),
    ],
)
def test_the_callback_is_one_that_this_machine_can_listen_on(urls: list[str], found: str | None) -> None:
    assert callback_here(urls) == found


def come_back(sign_in: BrowserSignIn, *visits: tuple[str, dict[str, str]]) -> list[int]:
    """Visit the listener as a browser does; gives the answers' statuses, in a list that fills."""
    at, statuses = urlsplit(sign_in.redirect_uri), []

    def visit() -> None:
        for path, query in visits:
            url = f"http://127.0.0.1:{at.port}{path}?{urlencode(query)}"
            statuses.append(requests.get(url, timeout=10).status_code)

    threading.Thread(target=visit, daemon=True).start()
    return statuses


def test_only_the_answer_to_this_sign_in_is_taken(sign_in: BrowserSignIn) -> None:
    with sign_in.listen() as listener:
        come_back(
            sign_in,
            ("/favicon.ico", {}),
            ("/callback", {"code": "forged", "state": "other"}),
            ("/callback", {"state": sign_in.state}),
            ("/callback", {"code": "right", "state": sign_in.state}),
        )
        assert listener.code(10) == "right"


def test_a_connection_on_which_nothing_is_said_keeps_nobody_out(sign_in: BrowserSignIn) -> None:
    with sign_in.listen() as listener, socket.create_connection(("127.0.0.1", listener.server_port)):
        come_back(sign_in, ("/callback", {"code": "right", "state": sign_in.state}))
        assert listener.code(10) == "right"


def test_a_refusal_is_told(sign_in: BrowserSignIn) -> None:
    with sign_in.listen() as listener:
        come_back(sign_in, ("/callback", {"error": "access_denied", "state": sign_in.state}))
        with pytest.raises(StepError, match=r"^the sign-in was refused: access_denied$"):
            listener.code(10)


def test_nobody_is_waited_for_without_end(sign_in: BrowserSignIn) -> None:
    with sign_in.listen() as listener, pytest.raises(StepError, match=r"^nobody signed in for 0\.1 s$"):
        listener.code(0.1)


def test_a_port_that_is_held_is_named(sign_in: BrowserSignIn) -> None:
    with sign_in.listen(), pytest.raises(StepError, match="is held by another program"):
        sign_in.listen()


def test_a_code_that_is_refused_is_told() -> None:
    class Refusing(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(400)
            self.end_headers()
            self.wfile.write(b'{"error":"invalid_grant"}')

        def log_message(self, *_: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Refusing) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        made = BrowserSignIn(
            f"http://127.0.0.1:{server.server_port}", "client", "http://localhost:1/", SCOPES
        )
        with pytest.raises(StepError, match=r'oauth2/token refuses the code: \{"error":"invalid_grant"\}'):
            made.exchange("used", past_proxies=True)


def test_a_client_without_a_callback_here_is_told_what_to_add() -> None:
    client = {"CallbackURLs": ["https://dragons.example/callback"], "AllowedOAuthScopes": ["openid"]}
    cognito = SimpleNamespace(describe_user_pool_client=lambda **_: {"UserPoolClient": client})
    with pytest.raises(StepError, match=r"^the app client of prod sends nobody back") as caught:
        token._browser_sign_in(cognito, OUTPUTS, "", Environment("prod"))
    assert caught.value.remedy == (
        'add "http://localhost:3000/callback" to callback_urls in terraform/environments/prod/settings.tf, '
        "then `make apply ENV=prod`"
    )
