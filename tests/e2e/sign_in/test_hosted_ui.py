"""From a stranger to a reporter by the hosted UI's pages alone, in a browser without JavaScript."""

from typing import Any

import requests

from support.mail import code_sent_to
from support.oauth import Client, Pkce, returned
from support.people import claims_of, new_email, new_password
from support.system import poll


def tokens_of(site: Client, back: requests.Response, pkce: Pkce) -> dict[str, Any]:
    answer = site.exchange(returned(back)["code"], pkce)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_stranger_signs_up_and_comes_back_as_a_reporter(
    site: Client, outputs: dict[str, Any], newcomer: tuple[str, str]
) -> None:
    email, password = newcomer
    browser, pkce = requests.Session(), Pkce()
    page = site.open_link(browser, site.authorize(browser, pkce, state="<&state>"), "Sign up")
    assert "Sign up with a new account" in page.text
    page = site.fill_in(browser, page, username=email, password=password)
    assert "We have sent a code by email to e***@e***" in page.text
    back = site.fill_in(browser, page, code=code_sent_to(email))
    assert returned(back)["state"] == "<&state>"
    tokens = tokens_of(site, back, pkce)
    assert claims_of(tokens["id_token"])["email"] == email
    assert claims_of(tokens["id_token"])["cognito:groups"] == ["reporters"]
    listed = requests.get(
        f"{outputs['http_api_url']}/dragons?limit=1",
        headers={"Authorization": f"Bearer {tokens['access_token']}"},
        timeout=60,
    )
    assert listed.status_code == 200, listed.text
    assert "code" in returned(site.authorize(browser, Pkce()))  # without a page


def test_who_left_before_the_code_came_confirms_at_the_next_sign_in(
    site: Client, newcomer: tuple[str, str]
) -> None:
    email, password = newcomer
    browser = requests.Session()
    page = site.open_link(browser, site.authorize(browser, Pkce()), "Sign up")
    site.fill_in(browser, page, username=email, password=password)
    code_sent_to(email)
    browser, pkce = requests.Session(), Pkce()
    page = site.sign_in(browser, site.authorize(browser, pkce), email, password)
    assert "Confirm your account" in page.text
    back = site.fill_in(browser, page, code=code_sent_to(email))
    assert tokens_of(site, back, pkce)["access_token"]


def test_a_forgotten_password_is_set_anew_and_the_old_one_is_none(
    site: Client, newcomer: tuple[str, str]
) -> None:
    (email, password), chosen = newcomer, new_password()
    browser, pkce = requests.Session(), Pkce()
    page = site.open_link(browser, site.authorize(browser, pkce), "Sign up")
    page = site.fill_in(browser, page, username=email, password=password)
    first = code_sent_to(email)
    site.fill_in(browser, page, code=first)

    browser = requests.Session()
    page = site.open_link(browser, site.authorize(browser, pkce), "Forgot your password?")
    page = site.fill_in(browser, page, username=email)
    assert "We have sent a password reset code by email" in page.text

    def another() -> str | None:
        code = code_sent_to(email)
        return code if code != first else None

    code = poll(another, "the code to reset the password")
    page = site.fill_in(browser, page, code=code, new_password=chosen, confirm_password=chosen)
    refused = site.sign_in(browser, page, email, password)
    assert "Incorrect username or password" in refused.text
    back = site.sign_in(browser, refused, email, chosen)
    assert tokens_of(site, back, pkce)["access_token"]


def test_a_refused_address_is_told_what_to_do(site: Client) -> None:
    browser = requests.Session()
    page = site.open_link(browser, site.authorize(browser, Pkce()), "Sign up")
    email = new_email().replace("example.org", "mailinator.com")
    refused = site.fill_in(browser, page, username=email, password=new_password())
    assert "addresses at mailinator.com are not accepted" in refused.text
    weak = site.fill_in(browser, page, username=new_email(), password="weak")
    assert "Password did not conform with policy" in weak.text


def test_an_app_in_a_browser_exchanges_its_code_from_its_own_origin(site: Client) -> None:
    headers = {
        "Origin": "http://localhost:5000",
        "Access-Control-Request-Method": "POST",
        "Sec-Fetch-Site": "cross-site",
    }
    for path in ("token", "revoke", "userInfo"):
        url = f"{site.hosted_ui_url}/oauth2/{path}"
        asked = requests.options(url, headers=headers, timeout=60)
        assert asked.ok, path
        assert asked.headers["Access-Control-Allow-Origin"] == "*"
        sent = requests.post(url, data={"client_id": site.client_id}, headers=headers, timeout=60)
        assert sent.status_code in (400, 401), path
        assert sent.headers["Access-Control-Allow-Origin"] == "*"
