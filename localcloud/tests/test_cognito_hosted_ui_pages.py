"""The hosted UI without JavaScript: people sign up, confirm, and forget passwords, form by form."""

import re
import time
from html import unescape
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moto.cognitoidp.models import CognitoIdpUser, UserStatus
from werkzeug.test import TestResponse

from localcloud.cognito_idp import messages
from localcloud.cognito_idp.expiring import Expiring
from localcloud.cognito_idp.hosted_ui import waiting
from localcloud.cognito_idp.users import find_user
from tests.hosted_ui import (
    EMAIL,
    PASSWORD,
    Browser,
    Functions,
    Hosted,
    claims_of,
    exchange,
    follow,
    open_page,
    returned,
)

FORMS = ("/login", "/signup", "/forgotPassword")
CODE_PAGES = ("/confirm", "/confirmForgotPassword")
NEW = f"{PASSWORD}2"
CHOSEN = {"new_password": NEW, "confirm_password": NEW}


@pytest.fixture
def ui(ui: Hosted) -> Hosted:
    """The domain of a pool that sends codes to new users."""
    ui.pool.extended_config["AutoVerifiedAttributes"] = ["email"]
    return ui


def newest_code() -> str:
    return str(messages.sent_to(EMAIL)[-1]["code"])


def wrong_code() -> str:
    return f"{(int(newest_code()) + 1) % 1_000_000:06}"


def open_next(browser: Browser, response: TestResponse, path: str) -> TestResponse:
    """The page that a form leads to."""
    assert response.status_code == 302, response.text
    assert path + "?" in response.location
    return browser.get(response.location)


def sign_up(ui: Hosted, browser: Browser, **changes: str) -> TestResponse:
    """From the client's request to the page that asks for the code."""
    page = follow(browser, open_page(ui, browser, **changes), "Sign up")
    return open_next(browser, browser.fill_in(page, username=EMAIL, password=PASSWORD), "/confirm")


def who_signed_in(ui: Hosted, response: TestResponse) -> str:
    """The `sub` of whom a redirect to the client brings a code for."""
    tokens = exchange(ui, returned(response)["code"]).get_json()
    return str(claims_of(tokens["id_token"])["sub"])


def alert(page: TestResponse) -> str:
    """What a page says went wrong."""
    assert page.status_code == 400, page.status
    [text] = re.findall(r'<p role="alert">([^<]*)</p>', page.text)
    return unescape(text)


def test_somebody_signs_up_and_is_signed_in(ui: Hosted, browser: Browser, functions: Functions) -> None:
    page = sign_up(ui, browser, state="<&>", nonce="n")
    assert "We have sent a code by email to a***@e***. Enter it below to confirm your account." in page.text
    page = browser.fill_in(page, code=wrong_code())
    assert alert(page) == "Invalid verification code provided, please try again."
    back = browser.fill_in(page, code=newest_code())
    assert returned(back)["state"] == "<&>"
    user = find_user(ui.pool, EMAIL)
    assert user is not None
    assert user.status == UserStatus.CONFIRMED
    assert user.attribute_lookup["email_verified"] == "true"
    assert who_signed_in(ui, back) == user.id
    assert functions.sources == [
        "PreSignUp_SignUp",
        "PostConfirmation_ConfirmSignUp",
        "TokenGeneration_HostedAuth",
    ]
    assert "code" in returned(browser.get(ui.url("/oauth2/authorize"), ui.request()))


def test_a_code_is_sent_again(ui: Hosted, browser: Browser) -> None:
    page = sign_up(ui, browser)
    first = newest_code()
    page = open_next(browser, browser.fill_in(page, "resend"), "/confirm")
    assert messages.sent_to(EMAIL)[-1]["triggerSource"] == "CustomMessage_ResendCode"
    if first != newest_code():
        assert "Invalid verification code" in alert(browser.fill_in(page, code=first))
    assert "code" in returned(browser.fill_in(page, code=newest_code()))


def test_the_page_leads_to_the_code(ui: Hosted, browser: Browser) -> None:
    page = sign_up(ui, browser)
    [link] = re.findall(r'No mail leaves this machine: <a href="([^"]*)">Read the code</a>', page.text)
    assert unescape(link) == f"{messages.PATH}?destination=ann%40example.org"


def test_who_was_not_confirmed_is_asked_for_a_code_at_sign_in(ui: Hosted, browser: Browser) -> None:
    sign_up(ui, Browser())
    page = open_page(ui, browser)
    refused = browser.fill_in(page, username=EMAIL, password="wrong")
    assert alert(refused) == "Incorrect username or password."
    assert f'value="{EMAIL}"' in refused.text
    page = open_next(browser, browser.fill_in(page, username=EMAIL, password=PASSWORD), "/confirm")
    assert "code" in returned(browser.fill_in(page, code=newest_code()))


def test_the_code_page_is_for_the_browser_that_has_the_password(ui: Hosted, browser: Browser) -> None:
    page = sign_up(ui, browser)
    stranger = Browser()
    for path in CODE_PAGES:
        assert stranger.get(ui.url(path), ui.request()).status_code == 400
    [csrf] = re.findall(r'name="_csrf" value="([^"]*)"', open_page(ui, stranger).text)
    fields = {"_csrf": csrf, "username": EMAIL, "code": newest_code(), **CHOSEN}
    for path in (*CODE_PAGES, "/resendcode"):
        sent = stranger.post(ui.url(path), fields, query_string=ui.request())
        assert (sent.status_code, "No code was sent from this browser" in sent.text) == (400, True)
    assert messages.sent_to(EMAIL)[-1]["code"] == fields["code"]
    assert "code" in returned(browser.fill_in(page, code=newest_code()))


def test_a_browser_waits_for_an_hour(ui: Hosted, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [time.time()]
    monkeypatch.setattr(waiting, "_WAITING", Expiring(waiting.SECONDS, lambda: now[0]))
    page = sign_up(ui, browser)
    now[0] += waiting.SECONDS
    assert "within an hour" in browser.fill_in(page, code=newest_code()).text


def test_a_refused_sign_up_says_why_and_keeps_the_form(
    ui: Hosted, browser: Browser, ann: CognitoIdpUser, functions: Functions
) -> None:
    page = follow(browser, open_page(ui, browser, state="s"), "Sign up")
    page = browser.fill_in(page, username=EMAIL, password=PASSWORD)
    assert alert(page) == "An account with the given email already exists."
    page = browser.fill_in(page, username="eve@example.org", password="short")
    assert alert(page) == "Password did not conform with policy: Password not long enough"
    assert 'value="eve@example.org"' in page.text
    assert "short" not in page.text
    assert alert(browser.fill_in(page, username="", password=PASSWORD)) == "Username should be an email."
    functions.failing = "PreSignUp_SignUp"
    page = browser.fill_in(page, username="eve@example.org", password=PASSWORD)
    assert alert(page) == "PreSignUp failed with error not <now>."
    assert find_user(ui.pool, "eve@example.org") is None
    functions.failing = ""
    sent = browser.fill_in(page, username="eve@example.org", password=PASSWORD)
    assert "state=s" in open_next(browser, sent, "/confirm").request.url


def test_who_is_confirmed_by_the_trigger_is_signed_in_at_once(
    ui: Hosted, browser: Browser, functions: Functions
) -> None:
    functions.decision = {"autoConfirmUser": True, "autoVerifyEmail": True}
    page = follow(browser, open_page(ui, browser), "Sign up")
    back = browser.fill_in(page, username=EMAIL, password=PASSWORD)
    user = find_user(ui.pool, EMAIL)
    assert user is not None
    assert who_signed_in(ui, back) == user.id


def test_where_no_code_is_sent_an_administrator_confirms(ui: Hosted, browser: Browser) -> None:
    ui.pool.extended_config["AutoVerifiedAttributes"] = []
    page = follow(browser, open_page(ui, browser), "Sign up")
    assert "ask an administrator" in browser.fill_in(page, username=EMAIL, password=PASSWORD).text


def test_a_pool_of_invited_users_signs_nobody_up(ui: Hosted, browser: Browser) -> None:
    ui.pool.extended_config["AdminCreateUserConfig"] = {"AllowAdminCreateUserOnly": True}
    assert "Sign up" not in open_page(ui, browser).text
    page = browser.get(ui.url("/signup"), ui.request())
    page = browser.fill_in(page, username=EMAIL, password=PASSWORD)
    assert alert(page) == "SignUp is not permitted for this user pool"


def test_a_pool_of_usernames_asks_for_the_address_too(ui: Hosted, browser: Browser) -> None:
    del ui.pool.extended_config["UsernameAttributes"]
    page = follow(browser, open_page(ui, browser), "Sign up")
    labels = re.findall(r"<label [^>]*>([^<]*)</label>", page.text)
    assert labels == ["Username", "Email", "Password"]
    fields = {"username": "ann", "password": PASSWORD, "requiredAttributes[email]": EMAIL}
    page = open_next(browser, browser.fill_in(page, **fields), "/confirm")
    assert "code" in returned(browser.fill_in(page, code=newest_code()))


def test_a_client_with_a_secret_has_the_pages_too(ui: Hosted, browser: Browser) -> None:
    ui.site.generate_secret = True
    page = sign_up(ui, browser)
    assert "code" in returned(browser.fill_in(page, code=newest_code()))


def test_a_forgotten_password_is_replaced(
    ui: Hosted, browser: Browser, ann: CognitoIdpUser, functions: Functions
) -> None:
    page = follow(browser, open_page(ui, browser, state="s"), "Forgot your password?")
    assert "Enter your Email below and we will send a message to reset your password" in page.text
    page = open_next(browser, browser.fill_in(page, username=EMAIL), "/confirmForgotPassword")
    assert "We have sent a password reset code by email to a***@e***." in page.text
    page = browser.fill_in(page, code=wrong_code(), **CHOSEN)
    assert alert(page) == "Invalid verification code provided, please try again."
    page = browser.fill_in(page, code=newest_code(), new_password=NEW, confirm_password=PASSWORD)
    assert alert(page) == "The passwords do not match."
    page = browser.fill_in(page, code=newest_code(), new_password="short", confirm_password="short")
    assert "Password not long enough" in alert(page)
    page = open_next(browser, browser.fill_in(page, code=newest_code(), **CHOSEN), "/login")
    assert functions.sources == ["PostConfirmation_ConfirmForgotPassword"]
    assert alert(browser.fill_in(page, username=EMAIL, password=PASSWORD))
    back = returned(browser.fill_in(page, username=EMAIL, password=NEW))
    assert (back["state"], "code" in back) == ("s", True)


def test_a_password_that_was_reset_has_to_be_replaced(
    ui: Hosted, browser: Browser, ann: CognitoIdpUser
) -> None:
    ann.status = UserStatus.RESET_REQUIRED
    page = browser.fill_in(open_page(ui, browser), username=EMAIL, password=PASSWORD)
    page = open_next(browser, page, "/confirmForgotPassword")
    page = open_next(browser, browser.fill_in(page, code=newest_code(), **CHOSEN), "/login")
    assert "code" in returned(browser.fill_in(page, username=EMAIL, password=NEW))


def test_who_does_not_exist_is_told_nothing_where_the_client_hides_it(ui: Hosted, browser: Browser) -> None:
    page = browser.get(ui.url("/forgotPassword"), ui.request())
    assert alert(browser.fill_in(page, username=EMAIL)) == "User does not exist."
    ui.site.extended_config["PreventUserExistenceErrors"] = "ENABLED"
    page = open_next(browser, browser.fill_in(page, username=EMAIL), "/confirmForgotPassword")
    assert "by email to a***@e***" in page.text
    page = browser.fill_in(page, code="123456", **CHOSEN)
    assert alert(page) == "Invalid code provided, please request a code again."


@pytest.mark.parametrize("path", [*FORMS, *CODE_PAGES, "/resendcode"])
def test_a_form_of_another_site_does_nothing(ui: Hosted, browser: Browser, path: str) -> None:
    sign_up(ui, browser)
    address = f"{ui.url(path)}?{urlencode(ui.request())}"
    fields = {"username": EMAIL, "password": PASSWORD, "code": newest_code(), **CHOSEN}
    for csrf in ("", "another", "\x00"):
        assert browser.post(address, fields | {"_csrf": csrf}).status_code == 403
    assert browser.post(address, fields).status_code == 403
    assert messages.sent_to(EMAIL)[-1]["code"] == fields["code"]
    user = find_user(ui.pool, EMAIL)
    assert user is not None
    assert user.status == UserStatus.UNCONFIRMED


@pytest.mark.parametrize("path", [*FORMS, *CODE_PAGES])
def test_the_pages_are_for_a_known_clients_request_alone(ui: Hosted, browser: Browser, path: str) -> None:
    for changes in ({"redirect_uri": "https://elsewhere.example"}, {"client_id": "unknown"}):
        for method in ("GET", "POST"):
            response = browser.open(method, ui.url(path), query_string=ui.request(**changes))
            assert (response.status_code, response.headers.get("Location")) == (400, None)
            assert "An error was encountered with the requested page." in response.text
    assert returned(browser.get(ui.url(path), ui.request(scope="none")))["error"] == "invalid_scope"


@pytest.mark.parametrize("path", FORMS)
def test_a_client_without_the_pools_own_users_takes_no_form_of_theirs(
    ui: Hosted, browser: Browser, ann: CognitoIdpUser, path: str
) -> None:
    page = browser.get(ui.url(path), ui.request())
    ui.site.extended_config["SupportedIdentityProviders"] = ["Other"]
    back = returned(browser.fill_in(page, username=EMAIL, password=PASSWORD))
    assert back["error"] == "invalid_request"
    assert "<form" not in browser.get(ui.url("/login"), ui.request()).text


@pytest.mark.parametrize("path", FORMS)
def test_a_page_keeps_itself_to_itself(ui: Hosted, browser: Browser, path: str) -> None:
    page = browser.get(ui.url(path), ui.request())
    policy = page.headers["Content-Security-Policy"]
    assert {"default-src 'none'", "style-src 'self'", "frame-ancestors 'none'"} <= set(policy.split("; "))
    assert page.headers["X-Frame-Options"] == "DENY"
    assert page.headers["Cache-Control"] == "no-store"
    [cookie] = page.headers.getlist("Set-Cookie")
    assert {"HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "style=" not in page.text
    assert "<script" not in page.text
    [style] = re.findall(r'<link rel="stylesheet" href="([^"]*)">', page.text)
    sheet = browser.get(style)
    assert (sheet.status_code, sheet.mimetype) == (200, "text/css")
    assert "url(" not in sheet.text


@pytest.mark.parametrize("path", FORMS)
def test_every_input_has_a_label_and_says_what_goes_into_it(ui: Hosted, browser: Browser, path: str) -> None:
    page = browser.get(ui.url(path), ui.request()).text
    inputs = [dict(re.findall(r'([\w-]+)="([^"]*)"', tag)) for tag in re.findall(r"<input [^>]*>", page)]
    shown = [each for each in inputs if each.get("type") != "hidden"]
    assert shown
    for each in shown:
        assert f'<label for="{each["id"]}">' in page
        assert each["autocomplete"]
        assert each.get("aria-describedby", each["id"]) in re.findall(r' id="([^"]*)"', page)
    assert len({each["id"] for each in shown}) == len(shown)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40), st.text(max_size=40), st.sampled_from(FORMS), st.text(max_size=20))
def test_whatever_is_typed_is_text(ui: Hosted, username: str, password: str, path: str, state: str) -> None:
    browser = Browser()
    plain = browser.get(ui.url(path), ui.request(state=state))
    page = browser.fill_in(plain, username=username, password=password)
    assert page.status_code == 400
    tags = sorted(re.findall(r"<(/?\w+)", page.text))
    assert tags == sorted([*re.findall(r"<(/?\w+)", plain.text), "p", "/p"])  # and why it was refused
