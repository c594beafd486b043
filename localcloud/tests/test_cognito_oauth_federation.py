"""Signing in by another OpenID Connect provider: what it says is checked, and becomes a user of the pool."""

import json
import secrets
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from moto.cognitoidp.models import CognitoIdpUser, cognitoidp_backends
from werkzeug.test import TestResponse

from localcloud.cognito_idp.expiring import Expiring
from localcloud.cognito_idp.hosted_ui import federation, identity_providers
from localcloud.cognito_idp.hosted_ui.federation import map_attributes
from localcloud.cognito_idp.hosted_ui.identity_providers import describe
from localcloud.tokens.keys import KeySource
from localcloud.tokens.verifier import Verifier
from tests.hosted_ui import CALLBACK, Browser, Functions, Hosted, claims_of, exchange, returned

NAME, CLIENT_ID, SECRET = "Partner", "our-client", "their-secret"
KEY = RSAKey.generate_key(2048, {"kid": "theirs", "use": "sig", "alg": "RS256"})


class Provider:
    """The provider's server: what it was asked, and what it says of whoever signs in."""

    def __init__(self) -> None:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.response(provider.get(self.path, self.headers.get("Authorization")))

            def do_POST(self) -> None:
                form = self.rfile.read(int(self.headers["Content-Length"] or 0)).decode()
                provider.exchanges.append({name: value for name, [value] in parse_qs(form).items()})
                self.response((provider.status, provider.tokens()))

            def response(self, found: tuple[int, Any]) -> None:
                self.send_response(found[0])
                self.end_headers()
                self.wfile.write(json.dumps(found[1]).encode())

            def log_message(self, *_: Any) -> None:
                """Stay silent."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.exchanges: list[dict[str, str]] = []
        self.status = 200
        self.claims: dict[str, Any] = {"sub": "bob", "email": "bob@example.org"}
        self.user_info: dict[str, Any] = {"sub": "bob", "email_verified": True}

    def get(self, path: str, authorization: str | None) -> tuple[int, Any]:
        documents: dict[str, Any] = {
            "/.well-known/openid-configuration": {
                "issuer": self.url,
                "jwks_uri": f"{self.url}/keys",
                "authorization_endpoint": f"{self.url}/authorize?tenant=ours",
                "token_endpoint": f"{self.url}/token",
                "userinfo_endpoint": f"{self.url}/me",
            },
            "/keys": {"keys": [KEY.as_dict(private=False)]},
        }
        if path == "/me":
            return (200, self.user_info) if authorization == "Bearer theirs" else (401, {})
        return (200, documents[path]) if path in documents else (404, {})

    def tokens(self) -> dict[str, str]:
        now = int(time.time())
        said = {"iss": self.url, "aud": CLIENT_ID, "iat": now, "exp": now + 300} | self.claims
        token = jwt.encode({"alg": "RS256", "kid": "theirs"}, said, KEY)
        return {"access_token": "theirs", "id_token": token, "token_type": "Bearer"}


@pytest.fixture
def provider(ui: Hosted, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    made = Provider()
    threading.Thread(target=made.server.serve_forever, args=(0.01,), daemon=True).start()
    monkeypatch.setattr(identity_providers, "verify", Verifier(KeySource()).verify)
    settings: Any = {
        "ProviderType": "OIDC",
        "ProviderDetails": {
            "client_id": CLIENT_ID,
            "client_secret": SECRET,
            "oidc_issuer": made.url,
            "authorize_scopes": "openid email",
            "attributes_request_method": "GET",
        },
        "AttributeMapping": {"username": "sub", "email": "email", "email_verified": "email_verified"},
        "IdpIdentifiers": ["partner.example"],
    }
    cognitoidp_backends["000000000000"]["us-east-1"].create_identity_provider(ui.pool.id, NAME, settings)
    ui.site.extended_config["SupportedIdentityProviders"] = ["COGNITO", NAME]
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_a_providers_details_are_told_with_what_was_found(ui: Hosted, provider: Provider) -> None:
    [made] = ui.pool.identity_providers.values()
    told = describe(made, extended=True)["ProviderDetails"]
    assert told == made.extended_config["ProviderDetails"] | {
        "attributes_url_add_attributes": "false",
        "attributes_url": f"{provider.url}/me",
        "authorize_url": f"{provider.url}/authorize?tenant=ours",
        "jwks_uri": f"{provider.url}/keys",
        "token_url": f"{provider.url}/token",
    }
    assert "ProviderDetails" not in describe(made)


def depart(ui: Hosted, browser: Browser, provider: Provider, **changes: str) -> dict[str, str]:
    """Leave for the provider; what it is told."""
    request = ui.request(**({"identity_provider": NAME, "state": "ours"} | changes))
    response = browser.get(ui.url("/oauth2/authorize"), request)
    assert response.location.startswith(f"{provider.url}/authorize?tenant=ours&")
    told = returned(response)
    provider.claims["nonce"] = told["nonce"]
    return told


def arrive(ui: Hosted, browser: Browser, told: dict[str, str], **changes: str) -> TestResponse:
    query = {"code": "their-code", "state": told["state"]} | changes
    return browser.get(ui.url("/oauth2/idpresponse"), query)


def sign_in(ui: Hosted, browser: Browser, provider: Provider) -> dict[str, str]:
    return returned(arrive(ui, browser, depart(ui, browser, provider)))


def only_user(ui: Hosted) -> CognitoIdpUser:
    [user] = ui.pool.users.values()
    return user


def test_somebody_of_the_provider_signs_in(
    ui: Hosted, browser: Browser, provider: Provider, functions: Functions
) -> None:
    told = depart(ui, browser, provider)
    callback = ui.url("/oauth2/idpresponse")
    assert (told["client_id"], told["redirect_uri"], told["tenant"]) == (CLIENT_ID, callback, "ours")
    assert (told["response_type"], told["scope"]) == ("code", "openid email")
    back = returned(arrive(ui, browser, told))
    assert provider.exchanges == [
        {
            "grant_type": "authorization_code",
            "code": "their-code",
            "redirect_uri": callback,
            "client_id": CLIENT_ID,
            "client_secret": SECRET,
        }
    ]
    assert (back["state"], back["from"]) == ("ours", "ui")
    claims = claims_of(exchange(ui, back["code"]).get_json()["id_token"])
    assert (claims["cognito:username"], claims["email"]) == ("Partner_bob", "bob@example.org")
    assert claims["email_verified"] is True
    [identity] = claims["identities"]
    assert (identity["userId"], identity["providerName"], identity["providerType"]) == ("bob", NAME, "OIDC")
    assert functions.sources == [
        "PreSignUp_ExternalProvider",
        "PostConfirmation_ConfirmSignUp",
        "TokenGeneration_HostedAuth",
    ]
    before, after, _ = functions.events
    assert before["request"]["userAttributes"] == {"email": "bob@example.org", "email_verified": "true"}
    assert after["request"]["userAttributes"]["cognito:user_status"] == "EXTERNAL_PROVIDER"


def test_the_next_sign_in_brings_the_user_up_to_date(
    ui: Hosted, browser: Browser, provider: Provider, functions: Functions
) -> None:
    sign_in(ui, browser, provider)
    functions.events.clear()
    provider.claims["email"] = "robert@example.org"
    sign_in(ui, Browser(), provider)
    assert only_user(ui).attribute_lookup["email"] == "robert@example.org"
    assert functions.sources == ["PreAuthentication_Authentication", "PostAuthentication_Authentication"]


def test_the_browsers_session_is_the_providers(ui: Hosted, browser: Browser, provider: Provider) -> None:
    sign_in(ui, browser, provider)
    for changes in ({}, {"identity_provider": NAME}, {"idp_identifier": "partner.example"}):
        assert "code" in returned(browser.get(ui.url("/oauth2/authorize"), ui.request(**changes)))
    asked = browser.get(ui.url("/oauth2/authorize"), ui.request(identity_provider="COGNITO"))
    assert asked.location.startswith(ui.url("/login?"))
    ui.site.extended_config["SupportedIdentityProviders"] = ["COGNITO"]
    assert "code" not in returned(browser.get(ui.url("/oauth2/authorize"), ui.request()))


def test_the_page_leads_to_the_provider(ui: Hosted, browser: Browser, provider: Provider) -> None:
    page = browser.get(ui.url("/login"), ui.request())
    assert f"identity_provider={NAME}" in page.text
    assert "<form" in page.text
    ui.site.extended_config["SupportedIdentityProviders"] = [NAME]
    assert "<form" not in browser.get(ui.url("/login"), ui.request()).text


@pytest.mark.parametrize(
    "wrong",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another-client"},
        {"aud": ["another-client", CLIENT_ID]},
        {"iss": "https://elsewhere.example"},
        {"exp": 1},
        {"sub": 7},
    ],
)
def test_an_id_token_that_is_not_for_this_sign_in_makes_nobody(
    ui: Hosted, browser: Browser, provider: Provider, wrong: dict[str, Any]
) -> None:
    told = depart(ui, browser, provider)
    provider.claims |= wrong
    back = returned(arrive(ui, browser, told))
    assert (back["error"], back["state"]) == ("invalid_request", "ours")
    assert "id_token" in back["error_description"]
    assert ui.pool.users == {}


def test_an_id_token_of_several_audiences_says_whose_it_is(
    ui: Hosted, browser: Browser, provider: Provider
) -> None:
    provider.claims |= {"aud": ["another-client", CLIENT_ID], "azp": CLIENT_ID}
    assert "code" in sign_in(ui, browser, provider)


def test_user_info_of_somebody_else_makes_nobody(ui: Hosted, browser: Browser, provider: Provider) -> None:
    provider.user_info["sub"] = "eve"
    assert sign_in(ui, browser, provider)["error"] == "invalid_request"
    assert ui.pool.users == {}


def test_a_state_is_good_once_and_in_its_browser(ui: Hosted, browser: Browser, provider: Provider) -> None:
    told = depart(ui, browser, provider)
    for response in (
        arrive(ui, browser, told, state=secrets.token_urlsafe(32)),
        arrive(ui, browser, told, state=""),
        arrive(ui, Browser(), told),
        arrive(ui, browser, told),  # used up by the other browser
    ):
        assert response.status_code == 400
        assert "Location" not in response.headers
    told = depart(ui, browser, provider)
    assert "code" in returned(arrive(ui, browser, told))
    assert arrive(ui, browser, told).status_code == 400
    assert len(provider.exchanges) == 1


def test_a_state_lasts_five_minutes(
    ui: Hosted, browser: Browser, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr(federation, "_departures", Expiring(federation.SECONDS, lambda: now[0]))
    told = depart(ui, browser, provider)
    now[0] += 300
    assert arrive(ui, browser, told).status_code == 400


def test_errors_go_back_to_the_client(ui: Hosted, browser: Browser, provider: Provider) -> None:
    told = depart(ui, browser, provider)
    refused = returned(arrive(ui, browser, told, code="", error="access_denied"))
    assert (refused["error_description"], refused["state"]) == ("Partner Error - access_denied", "ours")
    provider.status = 400
    refused = sign_in(ui, browser, provider)
    assert refused["error_description"] == "Partner Error - 400 error getting token"
    assert SECRET not in str(refused)


def test_a_provider_that_is_not_there(ui: Hosted, browser: Browser, provider: Provider) -> None:
    ui.pool.identity_providers[NAME].extended_config["ProviderDetails"]["oidc_issuer"] = "http://127.0.0.1:1"
    asked = ui.request(identity_provider=NAME)
    assert returned(browser.get(ui.url("/oauth2/authorize"), asked))["error"] == "invalid_request"


def test_settings_may_name_the_endpoints(ui: Hosted, browser: Browser, provider: Provider) -> None:
    details = ui.pool.identity_providers[NAME].extended_config["ProviderDetails"]
    details["authorize_url"] = "https://elsewhere.example/authorize"
    response = browser.get(ui.url("/oauth2/authorize"), ui.request(identity_provider=NAME))
    assert response.location.startswith("https://elsewhere.example/authorize?client_id=")


def test_a_trigger_may_refuse(ui: Hosted, browser: Browser, provider: Provider, functions: Functions) -> None:
    functions.failing = "PreSignUp_ExternalProvider"
    refused = sign_in(ui, browser, provider)
    assert refused["error_description"] == "PreSignUp failed with error not <now>."
    assert ui.pool.users == {}


def test_who_is_disabled_or_took_the_name_gets_nothing(
    ui: Hosted, browser: Browser, provider: Provider
) -> None:
    sign_in(ui, browser, provider)
    only_user(ui).enabled = False
    assert sign_in(ui, browser, provider)["error_description"] == "User is disabled."
    ui.pool.users.clear()
    local = ui.add_user()
    local.username = f"{NAME}_bob"
    ui.pool.users = {local.username: local}
    assert sign_in(ui, browser, provider)["error_description"] == "User already exists"
    assert "email" in local.attribute_lookup


def test_the_address_of_a_providers_user_signs_nobody_in(
    ui: Hosted, browser: Browser, provider: Provider
) -> None:
    sign_in(ui, browser, provider)
    ann = ui.add_user("bob@example.org")
    browser = Browser()
    page = browser.get(ui.url("/login"), ui.request())
    back = returned(browser.fill_in(page, username="bob@example.org", password="Scales-and-fire-1"))
    assert claims_of(exchange(ui, back["code"]).get_json()["id_token"])["sub"] == ann.id


def test_attributes_are_those_that_the_mapping_names() -> None:
    mapping = {"email": "mail", "username": "sub", "custom:age": "age", "name": "full", "sub": "sub"}
    claims = {"sub": "bob", "mail": "bob@example.org", "age": 7, "full": None, "other": "x"}
    assert map_attributes(mapping, claims) == {"email": "bob@example.org", "custom:age": "7"}


def test_the_callback_is_the_clients_own(ui: Hosted, browser: Browser, provider: Provider) -> None:
    request = ui.request(identity_provider=NAME, redirect_uri=CALLBACK + "x")
    assert browser.get(ui.url("/oauth2/authorize"), request).status_code == 400
