"""Third parties: people of another OIDC issuer sign in, and an HTTP API takes another issuer's tokens."""

import json
import os
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from joserfc import jwt
from joserfc.jwk import RSAKey

from support.oauth import Client, Pkce, client_of, returned
from support.people import claims_of, new_email, new_password

Aws = Callable[[str], Any]
OAUTH = {
    "AllowedOAuthFlows": ["code"],
    "AllowedOAuthFlowsUserPoolClient": True,
}


@dataclass(frozen=True)
class Somebody:
    """A person of the third party: how they sign in there, and their name in our pool."""

    email: str
    password: str
    provider: str
    username: str


@pytest.fixture
def third_party(outputs: dict[str, Any], aws: Aws) -> Iterator[tuple[Client, Somebody]]:
    """A client that signs people in at another pool's issuer, and somebody known there."""
    cognito, name = aws("cognito-idp"), f"e2e{secrets.token_hex(4)}"
    pool = cognito.create_user_pool(PoolName=name, UsernameAttributes=["email"])["UserPool"]["Id"]
    ours = outputs["user_pool_id"]
    site = client_of(outputs, cognito, outputs["user_pool_client_id"])
    try:
        cognito.create_user_pool_domain(Domain=name, UserPoolId=pool)
        theirs = cognito.create_user_pool_client(
            UserPoolId=pool,
            ClientName=name,
            GenerateSecret=True,
            CallbackURLs=[f"{site.hosted_ui_url}/oauth2/idpresponse"],
            SupportedIdentityProviders=["COGNITO"],
            AllowedOAuthScopes=["openid", "email"],
            **OAUTH,
        )["UserPoolClient"]
        email, password = new_email(), new_password()
        attributes = [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}]
        sub = cognito.admin_create_user(
            UserPoolId=pool, Username=email, UserAttributes=attributes, MessageAction="SUPPRESS"
        )["User"]["Username"]
        cognito.admin_set_user_password(UserPoolId=pool, Username=email, Password=password, Permanent=True)
        cognito.create_identity_provider(
            UserPoolId=ours,
            ProviderName=name,
            ProviderType="OIDC",
            ProviderDetails={
                "client_id": theirs["ClientId"],
                "client_secret": theirs["ClientSecret"],
                "attributes_request_method": "GET",
                "oidc_issuer": outputs["user_pool_issuer"].replace(ours, pool),
                "authorize_scopes": "openid email",
            },
            AttributeMapping={"email": "email", "username": "sub"},
        )
        client = cognito.create_user_pool_client(
            UserPoolId=ours,
            ClientName=name,
            CallbackURLs=[site.redirect_uri],
            SupportedIdentityProviders=["COGNITO", name],
            AllowedOAuthScopes=["openid", "email", "dragons/read", "dragons/review"],
            **OAUTH,
        )["UserPoolClient"]["ClientId"]
        yield replace(site, client_id=client), Somebody(email, password, name, f"{name}_{sub}")
        cognito.delete_user_pool_client(UserPoolId=ours, ClientId=client)
        cognito.delete_identity_provider(UserPoolId=ours, ProviderName=name)
    finally:
        cognito.delete_user_pool_domain(Domain=name, UserPoolId=pool)
        cognito.delete_user_pool(UserPoolId=pool)


def test_a_third_partys_people_sign_in(
    third_party: tuple[Client, Somebody], outputs: dict[str, Any], aws: Aws
) -> None:
    client, somebody = third_party
    scope = "openid email dragons/read dragons/review"

    def sign_in() -> dict[str, Any]:
        browser, pkce = requests.Session(), Pkce()
        page = client.authorize(browser, pkce, scope=scope, identity_provider=somebody.provider)
        back = returned(client.sign_in(browser, page, somebody.email, somebody.password))
        answer = client.exchange(back["code"], pkce)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    first, second = sign_in(), sign_in()
    identity, access = claims_of(first["id_token"]), claims_of(first["access_token"])
    try:
        assert identity["cognito:username"] == somebody.username
        assert identity["email"] == somebody.email
        assert identity["identities"][0]["providerName"] == somebody.provider
        assert claims_of(second["id_token"])["sub"] == identity["sub"]
        scopes = access["scope"].split()
        assert "dragons/read" in scopes
        assert "dragons/review" not in scopes
        headers = {"Authorization": f"Bearer {first['access_token']}"}
        listed = requests.get(f"{outputs['http_api_url']}/dragons?limit=1", headers=headers, timeout=60)
        assert listed.status_code == 401  # a client of the test's own is not in the API's audience
        nameless = requests.post(
            f"{outputs['rest_api_url']}/dragons",
            json={},
            headers={"Authorization": first["id_token"]},
            timeout=60,
        )
        assert nameless.status_code == 400  # let in: the REST API asks for no client
        row = aws("dynamodb").get_item(
            TableName=outputs["reporters_table"], Key={"sub": {"S": identity["sub"]}}, ConsistentRead=True
        )
        assert row["Item"]["email"]["S"] == somebody.email
    finally:
        aws("cognito-idp").admin_delete_user(UserPoolId=outputs["user_pool_id"], Username=somebody.username)
        aws("dynamodb").delete_item(TableName=outputs["reporters_table"], Key={"sub": {"S": identity["sub"]}})


def test_nobody_arrives_from_a_third_party_who_was_not_sent_there(
    third_party: tuple[Client, Somebody],
) -> None:
    client, somebody = third_party
    browser = requests.Session()
    page = client.authorize(browser, Pkce(), identity_provider=somebody.provider)
    sent = parse_qs(urlsplit(page.url).query)["state"][0]
    for who, state in ((browser, "forged"), (requests.Session(), sent)):
        answer = who.get(
            f"{client.hosted_ui_url}/oauth2/idpresponse",
            params={"code": "any", "state": state},
            allow_redirects=False,
            timeout=60,
        )
        assert not answer.headers.get("Location", "").startswith(client.redirect_uri)


class Issuer:
    """An OIDC issuer of the test's own: a discovery document and one key."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": secrets.token_hex(4), "use": "sig", "alg": "RS256"})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def token(self, **changes: Any) -> str:
        """A token for the audience `e2e` with the scope `dragons/read`."""
        now = int(time.time())
        claims = {"iss": self.url, "sub": "x", "aud": ["e2e"], "iat": now, "exp": now + 300}
        header = {"alg": "RS256", "kid": self.key.kid}
        return jwt.encode(header, claims | {"scope": "dragons/read"} | changes, self.key)

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                documents: dict[str, Any] = {
                    "/.well-known/openid-configuration": {
                        "issuer": issuer.url,
                        "jwks_uri": f"{issuer.url}/keys",
                    },
                    "/keys": {"keys": [issuer.key.as_dict(private=False)]},
                }
                found = documents.get(self.path)
                self.send_response(200 if found else 404)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(found).encode())

            def log_message(self, *_: Any) -> None:
                """Stay silent."""

        return Handler


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    if os.environ.get("AWS_ENDPOINT_URL") is None:
        pytest.skip("AWS takes https issuers only, and could not reach one of this machine")
    made = Issuer()
    yield made
    made.close()


def test_an_http_api_takes_the_tokens_of_any_issuer(
    issuer: Issuer, outputs: dict[str, Any], aws: Aws
) -> None:
    gateway, path = aws("apigatewayv2"), f"/e2e/{secrets.token_hex(4)}"
    api_id = re.findall(r"(?://|/execute-api/)(\w+)", outputs["http_api_url"])[-1]
    routes = {route["RouteKey"]: route for route in gateway.get_routes(ApiId=api_id)["Items"]}
    authorizer = gateway.create_authorizer(
        ApiId=api_id,
        Name=path.replace("/", "-"),
        AuthorizerType="JWT",
        IdentitySource=["$request.header.Authorization"],
        JwtConfiguration={"Issuer": issuer.url, "Audience": ["e2e"]},
    )["AuthorizerId"]
    route = gateway.create_route(
        ApiId=api_id,
        RouteKey=f"GET {path}",
        AuthorizationType="JWT",
        AuthorizerId=authorizer,
        AuthorizationScopes=["dragons/read"],
        Target=routes["GET /dragons"]["Target"],
    )["RouteId"]

    def status(token: str) -> int:
        headers = {"Authorization": f"Bearer {token}"}
        return requests.get(outputs["http_api_url"] + path, headers=headers, timeout=60).status_code

    try:
        assert status(issuer.token()) == 200
        assert status(issuer.token(aud="other")) == 401
        assert status(issuer.token(iss=outputs["user_pool_issuer"])) == 401
        assert status(issuer.token(exp=int(time.time()) - 1)) == 401
        assert status(issuer.token(scope="other")) == 403
        assert status(issuer.token(scope=None, scp=["dragons/read"])) == 200
    finally:
        gateway.delete_route(ApiId=api_id, RouteId=route)
        gateway.delete_authorizer(ApiId=api_id, AuthorizerId=authorizer)
