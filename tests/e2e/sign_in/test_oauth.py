"""OAuth 2.0: the authorization code with PKCE, refresh, client credentials, user info, sign-out."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from support.oauth import Client, Pkce, returned
from support.people import Person, claims_of, person

Aws = Callable[[str], Any]


def code_of(site: Client, who: Person, pkce: Pkce, **options: str) -> str:
    browser = requests.Session()
    page = site.authorize(browser, pkce, **options)
    assert page.status_code == 200, page.text
    return returned(site.sign_in(browser, page, who.email, who.password))["code"]


def tokens_of(site: Client, who: Person) -> dict[str, Any]:
    pkce = Pkce()
    answer = site.exchange(code_of(site, who, pkce), pkce)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_code_and_its_verifier_give_tokens(site: Client, outputs: dict[str, Any], reporter: Person) -> None:
    browser, pkce = requests.Session(), Pkce()
    page = site.authorize(browser, pkce, state="<&state>", nonce="a-nonce")
    back = returned(site.sign_in(browser, page, reporter.email, reporter.password))
    assert back["state"] == "<&state>"
    tokens = site.exchange(back["code"], pkce).json()
    assert tokens["token_type"] == "Bearer"
    identity, access = claims_of(tokens["id_token"]), claims_of(tokens["access_token"])
    assert (identity["sub"], identity["nonce"]) == (reporter.sub, "a-nonce")
    assert identity["iss"] == outputs["user_pool_issuer"]
    listed = requests.get(
        f"{outputs['http_api_url']}/dragons?limit=1",
        headers={"Authorization": f"Bearer {tokens['access_token']}"},
        timeout=60,
    )
    assert listed.status_code == 200
    assert {"openid", "email", "dragons/read", "dragons/report"} <= set(access["scope"].split())


def test_nobody_gets_a_scope_by_asking(
    site: Client, outputs: dict[str, Any], aws: Aws, reporter: Person
) -> None:
    """The page asks for dragons/review for everybody."""
    asked = tokens_of(site, reporter)
    assert "dragons/review" not in claims_of(asked["access_token"])["scope"].split()
    with person(aws, outputs, group="reviewers") as reviewer:
        granted = tokens_of(site, reviewer)
    assert "dragons/review" in claims_of(granted["access_token"])["scope"].split()


def test_a_code_is_good_once(site: Client, reporter: Person) -> None:
    pkce = Pkce()
    code = code_of(site, reporter, pkce)
    assert site.exchange(code, pkce).status_code == 200
    again = site.exchange(code, pkce)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


def test_of_many_who_use_a_code_at_once_one_gets_tokens(site: Client, reporter: Person) -> None:
    pkce = Pkce()
    code = code_of(site, reporter, pkce)
    with ThreadPoolExecutor(8) as callers:
        statuses = sorted(callers.map(lambda _: site.exchange(code, pkce).status_code, range(8)))
    assert statuses == [200] + [400] * 7


def test_a_code_is_good_for_its_verifier_and_its_client_alone(site: Client, reporter: Person) -> None:
    for changes in (
        {"code_verifier": Pkce().verifier},
        {"code_verifier": ""},
        {"redirect_uri": "http://localhost:3000/elsewhere"},
    ):
        pkce = Pkce()
        refused = site.exchange(code_of(site, reporter, pkce), pkce, **changes)
        assert refused.status_code == 400, changes
        assert "error" in refused.json()


def test_a_wrong_password_gives_no_code(site: Client, reporter: Person) -> None:
    browser = requests.Session()
    page = site.sign_in(browser, site.authorize(browser, Pkce()), reporter.email, "wrong")
    assert not page.is_redirect
    assert "Incorrect username or password" in page.text


def test_a_session_signs_in_again_until_it_is_ended(site: Client, reporter: Person) -> None:
    browser = requests.Session()
    site.sign_in(browser, site.authorize(browser, Pkce()), reporter.email, reporter.password)
    assert "code" in returned(site.authorize(browser, Pkce()))
    ended = browser.get(
        f"{site.hosted_ui_url}/logout",
        params={"client_id": site.client_id, "logout_uri": "https://elsewhere.example"},
        allow_redirects=False,
        timeout=60,
    )
    assert ended.status_code == 400
    browser.get(
        f"{site.hosted_ui_url}/logout",
        params={"client_id": site.client_id, "redirect_uri": site.redirect_uri, "response_type": "code"},
        allow_redirects=False,
        timeout=60,
    )
    assert not site.authorize(browser, Pkce()).is_redirect


def test_a_form_of_another_site_signs_nobody_in(site: Client, reporter: Person) -> None:
    page = site.authorize(requests.Session(), Pkce())
    answer = site.sign_in(requests.Session(), page, reporter.email, reporter.password)
    assert "code=" not in answer.headers.get("Location", "")


def test_signing_out_leads_to_the_clients_own_address(
    site: Client, outputs: dict[str, Any], aws: Aws, reporter: Person
) -> None:
    found = aws("cognito-idp").describe_user_pool_client(
        UserPoolId=outputs["user_pool_id"], ClientId=site.client_id
    )["UserPoolClient"]
    browser = requests.Session()
    site.sign_in(browser, site.authorize(browser, Pkce()), reporter.email, reporter.password)
    ended = browser.get(
        f"{site.hosted_ui_url}/logout",
        params={"client_id": site.client_id, "logout_uri": found["LogoutURLs"][0]},
        allow_redirects=False,
        timeout=60,
    )
    assert (ended.status_code, ended.headers["Location"]) == (302, found["LogoutURLs"][0])
    assert not site.authorize(browser, Pkce()).is_redirect


@pytest.mark.parametrize(
    "options",
    [
        {"redirect_uri": "https://elsewhere.example/callback"},
        {"client_id": "unknown"},
        {"redirect_uri": ""},
    ],
)
def test_an_untrusted_request_goes_nowhere(site: Client, options: dict[str, str]) -> None:
    answer = site.authorize(requests.Session(), Pkce(), **options)
    assert answer.status_code == 400
    assert "Location" not in answer.headers


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"response_type": "magic"}, "invalid_request"),
        ({"scope": "dragons/everything"}, "invalid_scope"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
    ],
)
def test_a_bad_request_returns_to_the_client_with_its_error(
    site: Client, options: dict[str, str], error: str
) -> None:
    answer = site.authorize(requests.Session(), Pkce(), **options)
    assert answer.is_redirect, answer.text
    assert returned(answer)["error"] == error


def test_a_refresh_token_gives_new_tokens_until_it_is_revoked(site: Client, reporter: Person) -> None:
    tokens = tokens_of(site, reporter)
    refresh = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    again = site.token(**refresh).json()
    assert claims_of(again["access_token"])["sub"] == reporter.sub
    assert "dragons/read" in claims_of(again["access_token"])["scope"].split()
    revoked = requests.post(
        f"{site.hosted_ui_url}/oauth2/revoke",
        data={"token": tokens["refresh_token"], "client_id": site.client_id},
        timeout=60,
    )
    assert revoked.status_code == 200
    refused = site.token(**refresh)
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")


def test_user_info_is_its_owners(site: Client, reporter: Person) -> None:
    url = f"{site.hosted_ui_url}/oauth2/userInfo"
    tokens = tokens_of(site, reporter)
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    answer = requests.get(url, headers=headers, timeout=60)
    assert (answer.json()["sub"], answer.json()["email"]) == (reporter.sub, reporter.email)
    for token in (tokens["id_token"], "garbage", reporter.tokens.access):
        refused = requests.get(url, headers={"Authorization": f"Bearer {token}"}, timeout=60)
        assert refused.status_code == 401, token[:8]


def test_the_address_that_terraform_prints_answers(outputs: dict[str, Any]) -> None:
    if "AWS_ENDPOINT_URL" not in os.environ:
        pytest.skip("on AWS the root of the domain has no page")
    page = requests.get(outputs["hosted_ui_url"], timeout=60)
    assert page.status_code == 200
    assert outputs["user_pool_client_id"] in page.text
    assert outputs["machine_client_id"] not in page.text


def test_discovery_leads_to_the_keys(outputs: dict[str, Any]) -> None:
    issuer = outputs["user_pool_issuer"]
    document = requests.get(f"{issuer}/.well-known/openid-configuration", timeout=60).json()
    assert document["issuer"] == issuer
    assert document["token_endpoint"] == f"{outputs['hosted_ui_url']}/oauth2/token"
    keys = requests.get(document["jwks_uri"], timeout=60).json()["keys"]
    assert {key["kty"] for key in keys} == {"RSA"}
    assert not any("d" in key for key in keys)


@pytest.fixture(scope="module")
def machine(outputs: dict[str, Any], aws: Aws) -> tuple[Client, str]:
    """The partners' client and its secret."""
    client_id = outputs["machine_client_id"]
    found = aws("cognito-idp").describe_user_pool_client(
        UserPoolId=outputs["user_pool_id"], ClientId=client_id
    )["UserPoolClient"]
    return Client(outputs["hosted_ui_url"], client_id, ""), found["ClientSecret"]


def test_a_machine_reads_with_its_own_credentials(
    outputs: dict[str, Any], machine: tuple[Client, str]
) -> None:
    client, secret = machine
    by_header = requests.post(
        f"{client.hosted_ui_url}/oauth2/token",
        data={"grant_type": "client_credentials", "scope": "dragons/read"},
        auth=(client.client_id, secret),
        timeout=60,
    )
    in_body = client.token(grant_type="client_credentials", client_secret=secret)
    for answer in (by_header, in_body):
        assert answer.status_code == 200, answer.text
        assert set(answer.json()) == {"access_token", "expires_in", "token_type"}
        assert claims_of(answer.json()["access_token"])["scope"] == "dragons/read"
        headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
        listed = requests.get(f"{outputs['http_api_url']}/dragons?limit=1", headers=headers, timeout=60)
        assert listed.status_code == 200, listed.text


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"client_secret": ""}, "invalid_client"),
        ({"scope": "dragons/review"}, "invalid_scope"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
def test_a_machine_gets_no_more(machine: tuple[Client, str], changes: dict[str, str], error: str) -> None:
    client, secret = machine
    answer = client.token(**{"grant_type": "client_credentials", "client_secret": secret} | changes)
    assert (answer.status_code, answer.json()["error"]) == (400, error)


def test_the_sites_client_gets_nothing_for_itself(site: Client) -> None:
    answer = site.token(grant_type="client_credentials")
    assert answer.status_code == 400
    assert answer.json()["error"] in ("unauthorized_client", "invalid_client")
