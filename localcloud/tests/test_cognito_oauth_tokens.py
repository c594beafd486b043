"""What apps ask of a user pool's domain: tokens for codes and for themselves, user info, revocation."""

import base64
import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from moto.cognitoidp.models import CognitoIdpUser
from werkzeug.test import TestResponse

from localcloud.cognito_idp import triggers
from localcloud.cognito_idp.expiring import Expiring
from localcloud.cognito_idp.hosted_ui import app_endpoints, authorization_codes
from localcloud.cognito_idp.hosted_ui.well_known import own_keys
from localcloud.cognito_idp.pools import issuer, public_keys
from localcloud.cognito_idp.sessions import SESSIONS
from tests.hosted_ui import (
    EMAIL,
    PASSWORD,
    Browser,
    Hosted,
    Pkce,
    claims_of,
    exchange,
    returned,
    sign_in,
    tokens_of,
)


def test_no_id_token_without_openid(ui: Hosted, ann: CognitoIdpUser) -> None:
    given = tokens_of(ui, scope="animals/read")
    assert set(given) == {"access_token", "refresh_token", "token_type", "expires_in"}
    again = exchange(ui, "", grant_type="refresh_token", refresh_token=given["refresh_token"])
    assert set(again.get_json()) == {"access_token", "token_type", "expires_in"}


def test_a_code_lasts_five_minutes(ui: Hosted, ann: CognitoIdpUser, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    codes: Expiring[Any] = Expiring(authorization_codes.SECONDS, lambda: now[0])
    monkeypatch.setattr(authorization_codes, "CODES", codes)
    monkeypatch.setattr(app_endpoints, "CODES", codes)
    early, late = (sign_in(ui, Browser())["code"] for _ in range(2))
    now[0] += 299
    assert exchange(ui, early).status_code == 200
    now[0] += 1
    assert exchange(ui, late).get_json() == {"error": "invalid_grant"}


def test_of_many_who_exchange_a_code_at_once_one_gets_tokens(ui: Hosted, ann: CognitoIdpUser) -> None:
    code = sign_in(ui, Browser())["code"]
    with ThreadPoolExecutor(8) as callers:
        statuses = sorted(callers.map(lambda _: exchange(ui, code).status_code, range(8)))
    assert statuses == [200] + [400] * 7


@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": Pkce().verifier},
        {"code_verifier": ""},
        {"redirect_uri": "https://site.example/back"},
        {"redirect_uri": ""},
    ],
)
def test_a_code_is_for_who_asked_and_used_up_by_who_did_not(
    ui: Hosted, browser: Browser, ann: CognitoIdpUser, changes: dict[str, str]
) -> None:
    pkce = Pkce()
    code = sign_in(ui, browser, code_challenge=pkce.challenge, code_challenge_method="S256")["code"]
    right = {"code_verifier": pkce.verifier}
    assert exchange(ui, code, **right | changes).status_code == 400
    assert exchange(ui, code, **right).get_json() == {"error": "invalid_grant"}


def test_a_challenge_cannot_be_taken_away(ui: Hosted, browser: Browser, ann: CognitoIdpUser) -> None:
    code = sign_in(ui, browser)["code"]
    assert exchange(ui, code, code_verifier=Pkce().verifier).get_json() == {"error": "invalid_grant"}


@pytest.mark.parametrize("gone", ["disabled", "deleted"])
def test_who_may_not_sign_in_gets_nothing(
    ui: Hosted, browser: Browser, ann: CognitoIdpUser, gone: str
) -> None:
    code = sign_in(ui, browser)["code"]
    given = tokens_of(ui)
    if gone == "disabled":
        ann.enabled = False
    else:
        del ui.pool.users[ann.username]
    assert exchange(ui, code).get_json() == {"error": "invalid_grant"}
    refreshed = exchange(ui, "", grant_type="refresh_token", refresh_token=given["refresh_token"])
    assert refreshed.get_json()["error"] == "invalid_grant"
    assert user_info(ui, given["access_token"]).status_code == 401
    again = browser.get(ui.url("/oauth2/authorize"), ui.request())
    assert again.location.startswith(ui.url("/login?"))
    page = browser.fill_in(browser.get(again.location), username=EMAIL, password=PASSWORD)
    assert page.status_code == 400


def user_info(ui: Hosted, token: str) -> TestResponse:
    return Browser().get(ui.url("/oauth2/userInfo"), headers={"Authorization": f"Bearer {token}"})


def test_user_info_follows_the_scopes(ui: Hosted, ann: CognitoIdpUser) -> None:
    given = tokens_of(ui, scope="openid email")
    shown = user_info(ui, given["access_token"]).get_json()
    assert shown == {"sub": ann.id, "username": ann.id, "email": EMAIL, "email_verified": "true"}
    assert user_info(ui, tokens_of(ui, scope="openid phone")["access_token"]).get_json() == {
        "sub": ann.id,
        "username": ann.id,
    }


def test_user_info_is_for_good_access_tokens_with_openid(ui: Hosted, ann: CognitoIdpUser) -> None:
    given, without = tokens_of(ui), tokens_of(ui, scope="animals/read")
    for token in (given["id_token"], without["access_token"], "garbage"):
        refused = user_info(ui, token)
        assert refused.status_code == 401
        assert refused.get_json()["error"] == "invalid_token"
        assert 'error="invalid_token"' in refused.headers["WWW-Authenticate"]
    assert Browser().get(ui.url("/oauth2/userInfo")).status_code == 400
    SESSIONS.revoke(given["refresh_token"])
    assert user_info(ui, given["access_token"]).status_code == 401


def revoke(ui: Hosted, token: str, **changes: str) -> TestResponse:
    return Browser().post(ui.url("/oauth2/revoke"), {"client_id": ui.site.id, "token": token} | changes)


def test_a_refresh_token_is_revoked_by_its_client_alone(ui: Hosted, ann: CognitoIdpUser) -> None:
    given = tokens_of(ui)
    machine = {"client_id": ui.machine.id, "client_secret": ui.machine.secret}
    token = given["refresh_token"]
    for response, status, error in (
        (revoke(ui, token, **machine), 400, "invalid_request"),
        (revoke(ui, token, client_id="unknown"), 401, "invalid_client"),
        (revoke(ui, given["access_token"]), 400, "unsupported_token_type"),
        (revoke(ui, ""), 400, "invalid_request"),
    ):
        assert (response.status_code, response.get_json()["error"]) == (status, error)
    assert SESSIONS.find(token)
    for _ in range(2):
        revoked = revoke(ui, token)
        assert (revoked.status_code, revoked.data) == (200, b"")
    refreshed = exchange(ui, "", grant_type="refresh_token", refresh_token=token)
    assert refreshed.get_json()["error"] == "invalid_grant"


def test_a_refresh_token_is_its_clients(ui: Hosted, ann: CognitoIdpUser) -> None:
    token = tokens_of(ui)["refresh_token"]
    machine = {"client_id": ui.machine.id, "client_secret": ui.machine.secret}
    refreshed = exchange(ui, "", grant_type="refresh_token", refresh_token=token, **machine)
    assert refreshed.get_json()["error"] == "invalid_grant"


def test_a_machine_says_who_it_is_in_one_way(ui: Hosted) -> None:
    client_id, secret = ui.machine.id, ui.machine.secret
    url, form = ui.url("/oauth2/token"), {"grant_type": "client_credentials"}

    def ask(auth: tuple[str, str] | None = None, **fields: str) -> Any:
        return Browser().post(url, form | fields, auth=auth).get_json()

    for given in (
        ask((client_id, secret)),
        ask((client_id, secret), client_id=client_id),
        ask(client_id=client_id, client_secret=secret),
    ):
        assert claims_of(given["access_token"])["scope"] == "animals/read"
        assert claims_of(given["access_token"])["sub"] == client_id
    assert ask((client_id, "wrong")) == ask(("unknown", secret)) == ask() == {"error": "invalid_client"}
    assert ask(client_id=client_id) == ask((client_id, "")) == {"error": "invalid_client"}
    assert ask((client_id, secret), client_secret=secret)["error"] == "invalid_request"
    assert ask((client_id, secret), scope="openid")["error"] == "invalid_scope"
    assert ask(client_id=ui.site.id, client_secret="any") == {"error": "invalid_client"}
    assert ask(client_id=ui.site.id) == {"error": "unauthorized_client"}


def test_the_token_endpoint_takes_forms_alone(ui: Hosted) -> None:
    url = ui.url("/oauth2/token")
    as_json = Browser().open("POST", url, json={"grant_type": "client_credentials"})
    assert as_json.get_json()["error"] == "invalid_request"
    assert Browser().get(url).status_code == 405
    repeated = Browser().post(url, {"grant_type": ["a", "b"], "client_id": ui.site.id})
    assert repeated.get_json()["error"] == "invalid_request"
    assert exchange(ui, "", grant_type="").get_json()["error"] == "invalid_request"
    assert exchange(ui, "", grant_type="password").get_json()["error"] == "unsupported_grant_type"


def test_other_origins_ask_the_apps_endpoints_and_read_no_page(ui: Hosted) -> None:
    origin = {"Origin": "https://site.example"}
    for path in ("/oauth2/token", "/oauth2/userInfo", "/oauth2/revoke"):
        asked = Browser().open("OPTIONS", ui.url(path), headers=origin)
        assert (asked.status_code, asked.headers["Access-Control-Allow-Origin"]) == (204, "*")
    page = Browser().get(ui.url("/login"), ui.request(), headers=origin)
    assert "Access-Control-Allow-Origin" not in page.headers
    assert page.headers["X-Frame-Options"] == "DENY"


def test_the_issuers_documents_are_for_pages_of_every_origin(ui: Hosted, browser: Browser) -> None:
    base = f"/{ui.pool.id}/.well-known"
    origin = {"Origin": "https://elsewhere.example"}
    for method in ("GET", "HEAD"):
        response = browser.open(method, f"{base}/jwks.json", headers=origin)
        assert (response.status_code, response.headers["Access-Control-Allow-Origin"]) == (200, "*")
    keys = browser.get(f"{base}/jwks.json").get_json()["keys"]
    assert [set(key) for key in keys] == [{"alg", "e", "kid", "kty", "n", "use"}]
    document = browser.get(f"{base}/openid-configuration").get_json()
    assert document["issuer"] == issuer(ui.pool)
    for path in ("/us-east-1_nobody/.well-known/jwks.json", f"{base}/other", f"{base}/jwks.json/"):
        assert browser.get(path).status_code == 404
    assert browser.post(f"{base}/jwks.json", {}).status_code == 404


def test_the_pools_own_keys_are_found_without_a_request(ui: Hosted) -> None:
    url = issuer(ui.pool)
    assert own_keys(url) == public_keys(ui.pool.id)
    for other in (f"{url}/", f"https://elsewhere.example/{ui.pool.id}", "", "http://127.0.0.1:1/pool"):
        assert own_keys(other) is None


def test_a_tokens_header_is_cognitos(ui: Hosted, ann: CognitoIdpUser) -> None:
    for token in (tokens_of(ui)[name] for name in ("id_token", "access_token")):
        header = json.loads(base64.urlsafe_b64decode(token.split(".")[0] + "=="))
        assert header == {"kid": public_keys(ui.pool.id)["keys"][0]["kid"], "alg": "RS256"}


BASIC = {
    "claimsToAddOrOverride": {"colour": "red"},
    "claimsToSuppress": ["email"],
    "groupOverrideDetails": {"groupsToOverride": ["reviewers"]},
}
FULL = {
    "idTokenGeneration": {"claimsToAddOrOverride": {"colour": "blue"}},
    "accessTokenGeneration": {
        "claimsToAddOrOverride": {"colour": "blue"},
        "scopesToAdd": ["animals/review"],
    },
}


@pytest.mark.parametrize(
    ("version", "colours", "scoped"),
    [(None, ("red", None), False), ("V1_0", ("red", None), False), ("V2_0", ("blue", "blue"), True)],
)
def test_a_trigger_of_the_first_version_changes_the_id_token_alone(
    ui: Hosted,
    ann: CognitoIdpUser,
    monkeypatch: pytest.MonkeyPatch,
    version: str | None,
    colours: tuple[str, str | None],
    scoped: bool,
) -> None:
    """Even where it responses as the second does: that is what forgetting `lambda_version` is on AWS."""
    events: list[dict[str, Any]] = []

    def invoke(_function: str, _pool: str, payload: bytes) -> tuple[bytes, bool]:
        events.append(json.loads(payload))
        response = {"claimsOverrideDetails": BASIC, "claimsAndScopeOverrideDetails": FULL}
        return json.dumps({"response": response}).encode(), False

    function = {"LambdaArn": "arn:aws:lambda:us-east-1:000000000000:function:tokens"}
    config = {"PreTokenGenerationConfig": function | {"LambdaVersion": version}} if version else {}
    plain = {"PreTokenGeneration": function["LambdaArn"]}
    ui.pool.extended_config["LambdaConfig"] = plain | config
    monkeypatch.setattr(triggers, "invoke", invoke)
    given = tokens_of(ui)
    identity, access = claims_of(given["id_token"]), claims_of(given["access_token"])
    assert (identity["colour"], access.get("colour")) == colours
    assert ("animals/review" in access["scope"].split()) is scoped
    assert ("scopes" in events[0]["request"]) is scoped
    told = "claimsAndScopeOverrideDetails" if scoped else "claimsOverrideDetails"
    assert (events[0]["version"], events[0]["response"]) == ("2" if scoped else "1", {told: None})


def test_auth_time_is_the_sign_ins(ui: Hosted, browser: Browser, ann: CognitoIdpUser) -> None:
    before = int(time.time())
    sign_in(ui, browser)
    code = returned(browser.get(ui.url("/oauth2/authorize"), ui.request()))["code"]
    assert before <= claims_of(exchange(ui, code).get_json()["id_token"])["auth_time"] <= time.time()
