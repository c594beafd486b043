"""`make token` by the browser: its URL leads to the hosted UI, and its listener gets tokens for the code."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from support.oauth import Client
from support.people import Person, claims_of
from tasks.account.browser_sign_in import BrowserSignIn
from tasks.environment.cloud import free_port


@pytest.fixture
def sign_in(outputs: dict[str, Any], aws: Callable[[str], Any]) -> Iterator[BrowserSignIn]:
    """A sign-in to a client like the site's, with a port that is free for certain."""
    cognito, pool = aws("cognito-idp"), outputs["user_pool_id"]
    redirect = f"http://localhost:{free_port()}/callback"
    made = cognito.create_user_pool_client(
        UserPoolId=pool,
        ClientName="e2e-browser",
        CallbackURLs=[redirect],
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=["openid", "email", "dragons/read"],
        SupportedIdentityProviders=["COGNITO"],
    )["UserPoolClient"]["ClientId"]
    yield BrowserSignIn(outputs["hosted_ui_url"], made, redirect, ("openid", "email", "dragons/read"))
    cognito.delete_user_pool_client(UserPoolId=pool, ClientId=made)


def test_who_signs_in_by_the_browser_gets_tokens(sign_in: BrowserSignIn, reporter: Person) -> None:
    client = Client(sign_in.hosted_ui_url, sign_in.client_id, sign_in.redirect_uri)

    def browse() -> None:
        browser = requests.Session()
        page = client.follow(browser, browser.get(sign_in.url, allow_redirects=False, timeout=60))
        back = client.sign_in(browser, page, reporter.email, reporter.password)
        browser.get(back.headers["Location"].replace("localhost", "127.0.0.1"), timeout=60)

    with sign_in.listen() as listener:
        threading.Thread(target=browse, daemon=True).start()
        code = listener.code(60)
    tokens = sign_in.exchange(code, past_proxies="127.0.0.1" in sign_in.hosted_ui_url)
    assert claims_of(tokens["id_token"])["sub"] == reporter.sub
    assert "dragons/read" in claims_of(tokens["access_token"])["scope"].split()
