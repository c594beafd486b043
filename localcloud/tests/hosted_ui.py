"""A user pool's domain without a running cloud: browsers and apps in front of its endpoints."""

import base64
import json
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from html import unescape
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit
from wsgiref.types import StartResponse, WSGIEnvironment

import rolo
from joserfc import jws
from moto.cognitoidp.models import (
    CognitoIdpUser,
    CognitoIdpUserPool,
    CognitoIdpUserPoolClient,
    UserStatus,
    cognitoidp_backends,
)
from werkzeug.exceptions import NotFound
from werkzeug.test import Client, TestResponse
from werkzeug.wrappers import Request

from localcloud.cognito_idp.hosted_ui import endpoints
from localcloud.cognito_idp.hosted_ui.domain import Domain

PASSWORD = "Scales-and-fire-1"
EMAIL = "ann@example.org"
CALLBACK = "https://site.example/back?from=ui"
LOGOUT = "https://site.example/bye"
SCOPES = ["openid", "email", "phone", "profile", "animals/read", "animals/report"]


@dataclass(frozen=True)
class Hosted:
    """A pool with a domain, a public app client, and a machine's."""

    domain: Domain
    site: CognitoIdpUserPoolClient
    machine: CognitoIdpUserPoolClient

    @property
    def pool(self) -> CognitoIdpUserPool:
        return self.domain.pool

    def url(self, path: str) -> str:
        """An endpoint's address."""
        return self.domain.url + path

    def request(self, **changes: str) -> dict[str, str]:
        """An authorization request of the site's, without the parameters that are empty."""
        request = {"response_type": "code", "client_id": self.site.id, "redirect_uri": CALLBACK}
        return {name: value for name, value in (request | changes).items() if value}

    def add_user(
        self, email: str = EMAIL, password: str = PASSWORD, status: UserStatus = UserStatus.CONFIRMED
    ) -> CognitoIdpUser:
        """Somebody who is there, whoever made them."""
        attributes = [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}]
        user = CognitoIdpUser(self.pool.id, None, password, cast(str, status), attributes)
        self.pool.users[user.username] = user
        return user


class Functions:
    """The triggers' functions: what they were asked, which of them fails, and what they decide."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.failing = ""
        self.decision: dict[str, Any] = {}

    @property
    def sources(self) -> list[str]:
        """The `triggerSource` of each event."""
        return [event["triggerSource"] for event in self.events]

    def invoke(self, _function: str, _pool_arn: str, payload: bytes) -> tuple[bytes, bool]:
        """Response as `triggers.invoke` does."""
        event = json.loads(payload)
        self.events.append(event)
        if event["triggerSource"] == self.failing:
            return json.dumps({"errorMessage": "not <now>"}).encode(), True
        return json.dumps(event | {"response": event["response"] | self.decision}).encode(), False


@dataclass(frozen=True)
class Pkce:
    """A verifier and its challenge (RFC 7636)."""

    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    @property
    def challenge(self) -> str:
        """The S256 challenge."""
        return base64.urlsafe_b64encode(sha256(self.verifier.encode()).digest()).decode().rstrip("=")


def claims_of(token: str) -> dict[str, Any]:
    """A token's claims, unverified."""
    claims: dict[str, Any] = json.loads(jws.extract_compact(token.encode()).payload)
    return claims


@contextmanager
def hosted(name: str, lambda_config: Mapping[str, str] | None = None) -> Iterator[Hosted]:
    """Make such a pool; it goes when the block ends."""
    backend = cognitoidp_backends["000000000000"]["us-east-1"]
    pool = backend.create_user_pool(
        name, {"UsernameAttributes": ["email"], "LambdaConfig": dict(lambda_config or {})}
    )
    backend.create_user_pool_domain(pool.id, name)
    browsers: Any = {
        "AllowedOAuthFlows": ["code"],
        "AllowedOAuthFlowsUserPoolClient": True,
        "AllowedOAuthScopes": SCOPES,
        "CallbackURLs": [CALLBACK],
        "LogoutURLs": [LOGOUT],
        "SupportedIdentityProviders": ["COGNITO"],
    }
    machines: Any = {
        "AllowedOAuthFlows": ["client_credentials"],
        "AllowedOAuthFlowsUserPoolClient": True,
        "AllowedOAuthScopes": ["animals/read"],
    }
    site = backend.create_user_pool_client(pool.id, False, browsers)
    machine = backend.create_user_pool_client(pool.id, True, machines)
    yield Hosted(Domain(name, pool), site, machine)
    backend.delete_user_pool_domain(name)
    backend.delete_user_pool(pool.id)


class Browser:
    """A browser with its cookies, which follows no redirect by itself. An app is one, too."""

    def __init__(self) -> None:
        self._client = Client(_serve)

    def open(self, method: str, url: str, **options: Any) -> TestResponse:
        """Send any request; the options are those of werkzeug's `EnvironBuilder`."""
        parts = urlsplit(url)
        local = f"{parts.path}?{parts.query}" if parts.query else parts.path
        return self._client.open(local, method=method, **options)

    def get(self, url: str, query: Mapping[str, str] | None = None, **options: Any) -> TestResponse:
        """Open an address."""
        return self.open("GET", url, query_string=query, **options)

    def post(self, url: str, form: Mapping[str, Any], **options: Any) -> TestResponse:
        """Send a form."""
        return self.open("POST", url, data=dict(form), **options)

    def fill_in(self, page: TestResponse, _button: str = "", **fields: str) -> TestResponse:
        """Send the form of a page, by its button or by one with an address of its own, which is named."""
        own = rf'<button name="{_button}" formaction="([^"]*)"'
        action = re.findall(own if _button else r'<form method="post" action="([^"]*)"', page.text)
        hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text)
        form = {name: unescape(value) for name, value in hidden} | fields
        return self.post(unescape(action[0]), form)


def returned(response: TestResponse) -> dict[str, str]:
    """What a redirect brings along."""
    assert response.status_code == 302, response.text
    return {name: values[0] for name, values in parse_qs(urlsplit(response.location).query).items()}


def open_page(ui: Hosted, browser: Browser, **changes: str) -> TestResponse:
    """Follow an authorization request to the sign-in page."""
    response = browser.get(ui.url("/oauth2/authorize"), ui.request(**changes))
    assert response.location.startswith(ui.url("/login?"))
    return browser.get(response.location)


def follow(browser: Browser, page: TestResponse, words: str) -> TestResponse:
    """Follow the link of some words."""
    [address] = re.findall(rf'<a href="([^"]*)">{re.escape(words)}</a>', page.text)
    return browser.get(unescape(address))


def sign_in(ui: Hosted, browser: Browser, **changes: str) -> dict[str, str]:
    """Sign the usual user in; what the browser brings back to the client."""
    page = open_page(ui, browser, **changes)
    return returned(browser.fill_in(page, username=EMAIL, password=PASSWORD))


def exchange(ui: Hosted, code: str, **changes: str) -> TestResponse:
    """Exchange a code; fields that are empty are left out."""
    fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
    given = fields | {"client_id": ui.site.id} | changes
    return Browser().post(ui.url("/oauth2/token"), {name: value for name, value in given.items() if value})


def tokens_of(ui: Hosted, **changes: str) -> dict[str, Any]:
    """What a sign-in of the usual user gives."""
    response = exchange(ui, sign_in(ui, Browser(), **changes)["code"])
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.get_json()
    return found


def _serve(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
    response = endpoints.respond(cast(rolo.Request, Request(environ)))
    return (response or NotFound().get_response())(environ, start)
