"""A browser's part in an OAuth 2.0 sign-in, played with requests."""

import base64
import hashlib
import re
import secrets
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import requests


@dataclass(frozen=True)
class Pkce:
    """A verifier and its challenge (RFC 7636)."""

    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    @property
    def challenge(self) -> str:
        """The S256 challenge."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")


@dataclass(frozen=True)
class Client:
    """An app client, as its users' browsers know it."""

    hosted_ui_url: str
    client_id: str
    redirect_uri: str

    def authorize(self, browser: requests.Session, pkce: Pkce, **options: str) -> requests.Response:
        """Open the sign-in page: the answer is the page, or the redirect behind a session's sign-in."""
        query = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": "openid email dragons/read dragons/report dragons/review",
            "state": secrets.token_urlsafe(8),
            "code_challenge": pkce.challenge,
            "code_challenge_method": "S256",
        } | options
        url = f"{self.hosted_ui_url}/oauth2/authorize"
        given = {name: value for name, value in query.items() if value}
        return self.follow(browser, browser.get(url, params=given, allow_redirects=False, timeout=60))

    def follow(self, browser: requests.Session, answer: requests.Response) -> requests.Response:
        """Follow redirects up to the one that leads back to the client."""
        while answer.is_redirect:
            target = urljoin(answer.url, answer.headers["Location"])
            if target.startswith(self.redirect_uri):
                return answer
            answer = browser.get(target, allow_redirects=False, timeout=60)
        return answer

    def sign_in(
        self, browser: requests.Session, page: requests.Response, username: str, password: str
    ) -> requests.Response:
        """Fill a sign-in page's form in, and follow it back to the client."""
        return self.fill_in(browser, page, username=username, password=password)

    def fill_in(self, browser: requests.Session, page: requests.Response, **fields: str) -> requests.Response:
        """Fill a page's form in, and follow it to the next page, or back to the client."""
        form = re.findall(r"<form[^>]*>.*?</form>", page.text, re.DOTALL)[0]  # AWS has one more, for phones
        action = re.search(r'<form[^>]*\saction="([^"]*)"', form)
        hidden = dict(_hidden(tag) for tag in re.findall(r"<input[^>]*>", form) if 'type="hidden"' in tag)
        where = urljoin(page.url, unescape(action[1])) if action else page.url
        sent = browser.post(where, data=hidden | fields, allow_redirects=False, timeout=60)
        return self.follow(browser, sent)

    def open_link(self, browser: requests.Session, page: requests.Response, words: str) -> requests.Response:
        """Follow a page's link of some words."""
        address = re.findall(rf'<a [^>]*href="([^"]*)"[^>]*>{re.escape(words)}</a>', page.text)[0]
        where = urljoin(page.url, unescape(address))
        return self.follow(browser, browser.get(where, allow_redirects=False, timeout=60))

    def token(self, **fields: str) -> requests.Response:
        """Ask the token endpoint."""
        return requests.post(
            f"{self.hosted_ui_url}/oauth2/token", data={"client_id": self.client_id} | fields, timeout=60
        )

    def exchange(self, code: str, pkce: Pkce, **changes: str) -> requests.Response:
        """Exchange a code for tokens."""
        fields = {"redirect_uri": self.redirect_uri, "code_verifier": pkce.verifier, "code": code}
        return self.token(grant_type="authorization_code", **fields | changes)


def returned(answer: requests.Response) -> dict[str, str]:
    """What a redirect brings back to the client."""
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    return {name: values[0] for name, values in query.items()}


def client_of(outputs: dict[str, Any], cognito: Any, client_id: str) -> Client:
    """An app client of the environment's pool, with the first of its callback URLs."""
    found = cognito.describe_user_pool_client(UserPoolId=outputs["user_pool_id"], ClientId=client_id)
    return Client(outputs["hosted_ui_url"], client_id, found["UserPoolClient"]["CallbackURLs"][0])


def _hidden(tag: str) -> tuple[str, str]:
    attributes = dict(re.findall(r'(\w+)="([^"]*)"', tag))
    return attributes["name"], unescape(attributes.get("value", ""))
