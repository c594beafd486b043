"""Sign-in by the browser: the authorization code flow with PKCE, and a listener here for the code.

Sources: RFC 6749, RFC 7636, RFC 8252, and
https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode, urlsplit

from tasks.processes.steps import StepError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

WAIT_SECONDS = 300.0
_HERE = ("localhost", "127.0.0.1")


def callback_here(urls: Iterable[str]) -> str | None:
    """The first of an app client's callback URLs that this machine can listen on."""
    split = ((url, urlsplit(url)) for url in urls)
    return next((url for url, at in split if at.scheme == "http" and at.hostname in _HERE and at.port), None)


@dataclass(frozen=True)
class BrowserSignIn:
    """One sign-in.

    Attributes:
        hosted_ui_url: Where the endpoints of OAuth 2.0 are.
        client_id: The app client's.
        redirect_uri: One of its callback URLs, on this machine.
        scopes: What to ask for.
        user: An e-mail address to fill in; may be empty.
        state: Tells this sign-in's answer from others.
        verifier: Makes the code worth something to this command alone.
    """

    hosted_ui_url: str
    client_id: str
    redirect_uri: str
    scopes: tuple[str, ...]
    user: str = ""
    state: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    @property
    def url(self) -> str:
        """Where to sign in."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        query = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": " ".join(self.scopes),
            "state": self.state,
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
        } | ({"login_hint": self.user} if self.user else {})
        return f"{self.hosted_ui_url}/oauth2/authorize?{urlencode(query)}"

    def listen(self) -> Listener:
        """Listen where the browser is sent back to.

        Raises:
            StepError: Another program does.
        """
        at = urlsplit(self.redirect_uri)
        try:
            return Listener(("127.0.0.1", at.port or 80), at.path, self.state)
        except OSError as error:
            raise StepError(
                f"port {at.port} of {self.redirect_uri} is held by another program",
                "stop it, then run it again",
            ) from error

    def exchange(self, code: str, *, past_proxies: bool = False) -> dict[str, str]:
        """Exchange a code for tokens.

        Args:
            code: What the browser has brought.
            past_proxies: Whether the shell's proxies are left out, as for a local cloud.

        Returns:
            `id_token`, `access_token` and `refresh_token`, among others.

        Raises:
            StepError: Cognito refuses, or does not answer.
        """
        fields = {
            "grant_type": "authorization_code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "code_verifier": self.verifier,
            "code": code,
        }
        url, proxies = f"{self.hosted_ui_url}/oauth2/token", [urllib.request.ProxyHandler({})]
        opener = urllib.request.build_opener(*(proxies if past_proxies else []))
        try:
            with opener.open(url, urlencode(fields).encode(), timeout=30) as answer:
                tokens: dict[str, str] = json.load(answer)
                return tokens
        except urllib.error.HTTPError as error:
            raise StepError(f"{url} refuses the code: {error.read().decode(errors='replace')}") from error
        except OSError as error:
            raise StepError(f"{url} does not answer ({getattr(error, 'reason', error)})") from error


class Listener(HTTPServer):
    """Waits for the browser to come back.

    Args:
        address: Host and port.
        path: Of the callback URL; nothing else is answered.
        state: What the answer has to bring along.
    """

    timeout = 0.5

    def __init__(self, address: tuple[str, int], path: str, state: str) -> None:
        super().__init__(address, _Handler)
        self.path, self.state = path, state
        self.brought: Mapping[str, str] = {}

    def code(self, seconds: float = WAIT_SECONDS) -> str:
        """Wait for the code.

        Raises:
            StepError: Nobody came, or they were refused.
        """
        deadline = time.monotonic() + seconds
        while not self.brought:
            if time.monotonic() > deadline:
                raise StepError(
                    f"nobody signed in for {seconds:g} s", "run it again, and open the URL it prints"
                )
            self.handle_request()
        if "code" not in self.brought:
            reason = self.brought.get("error_description", self.brought["error"])
            raise StepError(f"the sign-in was refused: {reason}")
        return self.brought["code"]


class _Handler(BaseHTTPRequestHandler):
    """Answers the browser, and keeps what it brings."""

    server: Listener
    timeout = 2.0  # browsers open connections ahead, on which they say nothing

    def do_GET(self) -> None:
        at = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(at.query).items()}
        if at.path != self.server.path:
            self._answer(404, "There is nothing here.")
        elif query.get("state") != self.server.state or not query.keys() & {"code", "error"}:
            self._answer(400, "This is not the answer to the sign-in that the terminal waits for.")
        else:
            self.server.brought = query
            self._answer(200, "The terminal has what it waits for. This page can be closed.")

    def _answer(self, status: int, text: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: Any) -> None:
        """Print nothing: the code would be in it."""
