"""How people sign in at a user pool's domain, and out: what each request leads to."""

import re
from html import unescape

import pytest
from moto.cognitoidp.models import CognitoIdpUser, UserStatus

from localcloud.cognito_idp.expiring import Expiring
from localcloud.cognito_idp.hosted_ui import browser_sessions
from tests.hosted_ui import (
    CALLBACK,
    EMAIL,
    LOGOUT,
    PASSWORD,
    Browser,
    Functions,
    Hosted,
    Pkce,
    claims_of,
    exchange,
    open_page,
    returned,
    sign_in,
)


def test_somebody_signs_in(ui: Hosted, browser: Browser, ann: CognitoIdpUser, functions: Functions) -> None:
    pkce, hostile = Pkce(), "<&state>' \"\r\n%"
    back = sign_in(
        ui,
        browser,
        state=hostile,
        nonce="n",
        scope="openid animals/read",
        code_challenge=pkce.challenge,
        code_challenge_method="S256",
    )
    assert (back["state"], back["from"]) == (hostile, "ui")
    response = exchange(ui, back["code"], code_verifier=pkce.verifier)
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    given = response.get_json()
    identity, access = claims_of(given["id_token"]), claims_of(given["access_token"])
    assert (identity["sub"], identity["nonce"], identity["aud"]) == (ann.id, "n", ui.site.id)
    assert access["scope"] == "openid animals/read"
    assert functions.sources == [
        "PreAuthentication_Authentication",
        "PostAuthentication_Authentication",
        "TokenGeneration_HostedAuth",
    ]


def test_a_page_is_asked_for_by_head_too(ui: Hosted, browser: Browser) -> None:
    location = browser.get(ui.url("/oauth2/authorize"), ui.request()).location
    head, get = browser.open("HEAD", location), browser.get(location)
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Security-Policy"] == get.headers["Content-Security-Policy"]
    assert browser.open("HEAD", ui.url("/oauth2/token")).status_code == 405


@pytest.mark.parametrize("root", ["", "/"])
def test_the_root_leads_to_each_apps_sign_in(
    ui: Hosted, browser: Browser, ann: CognitoIdpUser, root: str
) -> None:
    ui.site.extended_config["ClientName"] = "<the site>"
    page = browser.get(ui.url(root))
    assert page.status_code == 200
    [(link, name)] = re.findall(r'<a href="([^"]*)">([^<]*)</a>', page.text)
    assert unescape(name) == "Sign in to <the site>"  # and none to the machine's client
    form = browser.get(unescape(link))
    assert "code" in returned(browser.fill_in(form, username=EMAIL, password=PASSWORD))


def test_a_browser_stays_signed_in_for_an_hour(
    ui: Hosted, browser: Browser, ann: CognitoIdpUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr(browser_sessions, "BROWSERS", Expiring(browser_sessions.SECONDS, lambda: now[0]))
    page = browser.fill_in(open_page(ui, browser), username=EMAIL, password=PASSWORD)
    [cookie] = [each for each in page.headers.getlist("Set-Cookie") if each.startswith("cognito=")]
    assert {"HttpOnly", "SameSite=Lax", "Max-Age=3600"} <= set(cookie.split("; "))
    now[0] += 3599
    assert "code" in returned(browser.get(ui.url("/oauth2/authorize"), ui.request()))
    now[0] += 1
    assert "code" not in returned(browser.get(ui.url("/oauth2/authorize"), ui.request()))


def test_a_client_may_ask_for_no_page_or_for_a_new_sign_in(
    ui: Hosted, browser: Browser, ann: CognitoIdpUser
) -> None:
    authorize = ui.url("/oauth2/authorize")
    back = returned(browser.get(authorize, ui.request(prompt="none", state="s")))
    assert back == {"from": "ui", "error": "login_required", "state": "s"}
    sign_in(ui, browser)
    assert "code" in returned(browser.get(authorize, ui.request(prompt="none")))
    assert "code" not in returned(browser.get(authorize, ui.request(prompt="login")))


def test_a_hint_is_filled_in(ui: Hosted, browser: Browser) -> None:
    page = browser.get(ui.url("/login"), ui.request(login_hint='<"ann">'))
    assert 'value="&lt;&#34;ann&#34;&gt;"' in page.text


def test_signing_out_leads_to_a_known_address_or_nowhere(
    ui: Hosted, browser: Browser, ann: CognitoIdpUser
) -> None:
    sign_in(ui, browser)
    for elsewhere in ("https://elsewhere.example", LOGOUT + "/", CALLBACK, ""):
        query = {"client_id": ui.site.id, "logout_uri": elsewhere}
        assert browser.get(ui.url("/logout"), query).status_code == 400, elsewhere
    assert browser.get(ui.url("/logout"), {"logout_uri": LOGOUT}).status_code == 400
    assert "code" in returned(browser.get(ui.url("/oauth2/authorize"), ui.request()))
    response = browser.get(ui.url("/logout"), {"client_id": ui.site.id, "logout_uri": LOGOUT})
    assert response.location == LOGOUT
    assert "code" not in returned(browser.get(ui.url("/oauth2/authorize"), ui.request()))
    again = browser.get(ui.url("/logout"), ui.request(state="s"))
    assert again.location.startswith(ui.url("/login?"))
    back = returned(browser.fill_in(browser.get(again.location), username=EMAIL, password=PASSWORD))
    assert back["state"] == "s"


def test_a_form_of_another_site_signs_nobody_in(ui: Hosted, browser: Browser, ann: CognitoIdpUser) -> None:
    page = open_page(ui, browser)
    fields = {"username": EMAIL, "password": PASSWORD}
    assert browser.fill_in(page, **fields, _csrf="").status_code == 403
    assert browser.fill_in(page, **fields, _csrf="another").status_code == 403
    assert Browser().fill_in(page, **fields).status_code == 403  # the field without the cookie
    assert "code" in returned(browser.fill_in(page, **fields))


def test_a_page_says_what_went_wrong_and_keeps_the_request(
    ui: Hosted, browser: Browser, ann: CognitoIdpUser, functions: Functions
) -> None:
    functions.failing = "PreAuthentication_Authentication"
    page = open_page(ui, browser, state='"><script>')
    assert "<script>" not in page.text
    page = browser.fill_in(page, username=EMAIL, password=PASSWORD)
    assert "PreAuthentication failed with error not &lt;now&gt;." in page.text
    functions.failing = ""
    page = browser.fill_in(page, username=EMAIL, password="wrong")
    assert "Incorrect username or password." in page.text
    page = browser.fill_in(page, username=EMAIL, password=PASSWORD)
    assert returned(page)["state"] == '"><script>'


def test_a_first_password_is_to_be_changed(ui: Hosted, browser: Browser) -> None:
    invited = ui.add_user(status=UserStatus.FORCE_CHANGE_PASSWORD)
    page = browser.fill_in(open_page(ui, browser), username=EMAIL, password=PASSWORD)
    assert "Change Password" in page.text
    refused = browser.fill_in(page, new_password="short", confirm_password="short")
    assert "Password not long enough" in refused.text
    refused = browser.fill_in(refused, new_password=f"{PASSWORD}2", confirm_password=PASSWORD)
    assert "The passwords do not match." in refused.text
    assert invited.status == UserStatus.FORCE_CHANGE_PASSWORD
    chosen = {"new_password": f"{PASSWORD}2", "confirm_password": f"{PASSWORD}2"}
    back = returned(browser.fill_in(refused, **chosen))
    assert claims_of(exchange(ui, back["code"]).get_json()["id_token"])["sub"] == invited.id
    assert (invited.status, invited.password) == (UserStatus.CONFIRMED, f"{PASSWORD}2")
    assert "session is expired" in browser.fill_in(refused, **chosen).text


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": ""},
        {"client_id": "unknown"},
        {"redirect_uri": ""},
        {"redirect_uri": CALLBACK + "#"},
        {"redirect_uri": CALLBACK.upper()},
        {"redirect_uri": "https://site.example/back"},
    ],
)
def test_an_untrusted_request_goes_nowhere(ui: Hosted, browser: Browser, changes: dict[str, str]) -> None:
    for path in ("/oauth2/authorize", "/login", "/logout"):
        response = browser.get(ui.url(path), ui.request(**changes))
        assert response.status_code == 400, path
        assert "Location" not in response.headers


def test_a_client_that_does_not_use_the_hosted_ui_goes_nowhere(ui: Hosted, browser: Browser) -> None:
    for setting in ("AllowedOAuthFlowsUserPoolClient", "SupportedIdentityProviders"):
        before = ui.site.extended_config.pop(setting)
        assert browser.get(ui.url("/oauth2/authorize"), ui.request()).status_code == 400
        ui.site.extended_config[setting] = before


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": ""}, "invalid_request"),
        ({"response_type": "code token"}, "invalid_request"),
        ({"response_type": "token"}, "unauthorized_client"),
        ({"scope": "openid animals/review"}, "invalid_scope"),
        ({"scope": "email"}, "invalid_scope"),
        ({"code_challenge": Pkce().challenge}, "invalid_request"),
        ({"code_challenge_method": "S256"}, "invalid_request"),
        ({"code_challenge": Pkce().challenge, "code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "short", "code_challenge_method": "S256"}, "invalid_request"),
        ({"identity_provider": "Unknown"}, "invalid_request"),
        ({"idp_identifier": "unknown.example"}, "invalid_request"),
    ],
)
def test_a_bad_request_returns_with_its_error(
    ui: Hosted, browser: Browser, changes: dict[str, str], error: str
) -> None:
    for path in ("/oauth2/authorize", "/login"):
        back = returned(browser.get(ui.url(path), ui.request(state="s", **changes)))
        assert (back["error"], back["state"]) == (error, "s")


def test_a_repeated_parameter_is_no_request(ui: Hosted, browser: Browser) -> None:
    url = ui.url("/oauth2/authorize?scope=openid&scope=email")
    query = "&".join(f"{name}={value}" for name, value in ui.request().items() if name != "redirect_uri")
    response = browser.get(f"{url}&{query}&redirect_uri=https://site.example/back%3Ffrom%3Dui")
    assert returned(response)["error"] == "invalid_request"
    assert browser.get(f"{url}&{query}&client_id=another").status_code == 400


def test_what_is_no_domain_is_not_answered(ui: Hosted, browser: Browser) -> None:
    for path in ("/oauth2", "/oauth2/token/", "/unknown"):
        assert browser.get(ui.url(path)).status_code == 404
    assert browser.get(ui.url("/login").replace("unit-oauth", "other")).status_code == 404
