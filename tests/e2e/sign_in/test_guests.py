"""Guests: credentials from the identity pool, a signature, and one route that takes it."""

import datetime
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import boto3
import botocore
import pytest
import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

from support.people import Person, claims_of
from support.system import Make

Aws = Callable[[str], Any]
ROUTE = "/guest/dragons?limit=2&family=red"


@dataclass(frozen=True)
class Signature:
    """How a request is signed.

    Attributes:
        credentials: Whose.
        region: The scope's region.
        service: The scope's service.
        age: How old it is.
    """

    credentials: Credentials
    region: str
    service: str = "execute-api"
    age: datetime.timedelta = datetime.timedelta()


def sign(signature: Signature, method: str, url: str, body: bytes = b"") -> dict[str, str]:
    """The headers that sign a request (Signature Version 4)."""
    request = AWSRequest(method, url, headers={"Host": urlsplit(url).netloc}, data=body)
    signer = SigV4Auth(signature.credentials, signature.service, signature.region)
    date = datetime.datetime.now(datetime.UTC) - signature.age
    request.context["timestamp"] = date.strftime("%Y%m%dT%H%M%SZ")
    request.headers["X-Amz-Date"] = request.context["timestamp"]
    if signature.credentials.token:
        request.headers["X-Amz-Security-Token"] = signature.credentials.token
    to_sign = signer.string_to_sign(request, signer.canonical_request(request))
    scope = f"{signature.credentials.access_key}/{signer.credential_scope(request)}"
    names = signer.signed_headers(signer.headers_to_sign(request))
    request.headers["Authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders={names}, "
        f"Signature={signer.signature(to_sign, request)}"
    )
    return {name: value for name, value in request.headers.items() if name != "Host"}


@pytest.fixture(scope="module")
def anybody() -> Any:
    """A client of the identity pool for somebody without credentials of AWS."""
    return boto3.client("cognito-identity", config=Config(signature_version=botocore.UNSIGNED))


def credentials_of(anybody: Any, pool_id: str, logins: dict[str, str] | None = None) -> Credentials:
    given = {"Logins": logins} if logins else {}
    identity = anybody.get_id(IdentityPoolId=pool_id, **given)["IdentityId"]
    keys = anybody.get_credentials_for_identity(IdentityId=identity, **given)["Credentials"]
    return Credentials(keys["AccessKeyId"], keys["SecretKey"], keys["SessionToken"])


@pytest.fixture(scope="module")
def region(outputs: dict[str, Any]) -> str:
    return str(outputs["report_dragon_arn"].split(":")[3])


@pytest.fixture(scope="module")
def guest(outputs: dict[str, Any], anybody: Any, region: str) -> Signature:
    """Somebody who never signed in."""
    return Signature(credentials_of(anybody, outputs["identity_pool_id"]), region)


def call(signature: Signature, method: str, url: str, body: bytes = b"") -> requests.Response:
    headers = sign(signature, method, url, body)
    return requests.request(method, url, data=body, headers=headers, timeout=60)


def test_a_guest_reads_the_list(outputs: dict[str, Any], guest: Signature) -> None:
    answer = call(guest, "GET", outputs["http_api_url"] + ROUTE)
    assert answer.status_code == 200, answer.text
    assert [dragon["family_str"] for dragon in answer.json()["dragons"]] == ["red", "red"]
    more = f"{outputs['http_api_url']}{ROUTE}&nextToken={answer.json()['nextToken']}"
    assert call(guest, "GET", more).json()["dragons"] != answer.json()["dragons"]


def test_a_guest_counts_the_dragons(outputs: dict[str, Any], guest: Signature) -> None:
    answer = call(guest, "HEAD", f"{outputs['http_api_url']}/guest/dragons?family=red")
    assert answer.status_code == 200
    assert int(answer.headers["X-Total-Count"]) > 0


def test_a_page_may_send_a_signature(outputs: dict[str, Any], allowed_origin: str) -> None:
    asked = {"Origin": allowed_origin, "Access-Control-Request-Method": "GET"}
    answer = requests.options(outputs["http_api_url"] + ROUTE, headers=asked, timeout=60)
    granted = set(answer.headers["Access-Control-Allow-Headers"].lower().split(","))
    assert {"authorization", "x-amz-date", "x-amz-security-token"} <= granted


def test_who_has_signed_in_reads_it_too(
    outputs: dict[str, Any], anybody: Any, region: str, reporter: Person
) -> None:
    names = {
        f"cognito-idp.{region}.amazonaws.com/{outputs['user_pool_id']}",
        claims_of(reporter.tokens.id)["iss"].partition("://")[2],  # as Amplify names it; on AWS they are one
    }
    for login in names:
        credentials = credentials_of(anybody, outputs["identity_pool_id"], {login: reporter.tokens.id})
        assert call(Signature(credentials, region), "GET", outputs["http_api_url"] + ROUTE).status_code == 200


def test_a_login_that_is_none_gives_no_credentials(
    outputs: dict[str, Any], anybody: Any, region: str, reporter: Person
) -> None:
    login = f"cognito-idp.{region}.amazonaws.com/{outputs['user_pool_id']}"
    for token in ("garbage", reporter.tokens.access, reporter.tokens.id[:-8] + "AAAAAAAA"):
        with pytest.raises(anybody.exceptions.NotAuthorizedException):
            anybody.get_id(IdentityPoolId=outputs["identity_pool_id"], Logins={login: token})


def test_guests_cannot_report(outputs: dict[str, Any], guest: Signature, make_report: Make) -> None:
    body = json.dumps(make_report()).encode()
    url = f"{outputs['rest_api_url']}/dragons"
    headers = sign(guest, "POST", url, body) | {"Content-Type": "application/json"}
    assert requests.post(url, data=body, headers=headers, timeout=60).status_code == 401


def test_a_signature_opens_no_route_that_wants_a_token(outputs: dict[str, Any], guest: Signature) -> None:
    answer = call(guest, "GET", f"{outputs['http_api_url']}/dragons")
    assert (answer.status_code, answer.json()) == (401, {"message": "Unauthorized"})


def test_a_signature_opens_no_way_to_the_partners_upstream(partners_url: str, guest: Signature) -> None:
    answer = call(guest, "GET", f"{partners_url}/status")
    assert (answer.status_code, answer.json()) == (401, {"message": "Unauthorized"})


SPOILT: dict[str, Callable[[Signature], Signature]] = {
    "another secret": lambda it: replace(
        it, credentials=Credentials(it.credentials.access_key, "x" * 40, it.credentials.token)
    ),
    "another session": lambda it: replace(
        it, credentials=Credentials(it.credentials.access_key, it.credentials.secret_key, "x" * 40)
    ),
    "no session": lambda it: replace(
        it, credentials=Credentials(it.credentials.access_key, it.credentials.secret_key)
    ),
    "an unknown key": lambda it: replace(it, credentials=Credentials("ASIA" + "Q" * 16, "x" * 40, "x" * 40)),
    "an hour old": lambda it: replace(it, age=datetime.timedelta(hours=1)),
    "an hour ahead": lambda it: replace(it, age=datetime.timedelta(hours=-1)),
    "another region": lambda it: replace(it, region="eu-west-1"),
    "another service": lambda it: replace(it, service="s3"),
}


@pytest.mark.parametrize("name", SPOILT)
def test_a_spoilt_signature_is_refused(outputs: dict[str, Any], guest: Signature, name: str) -> None:
    answer = call(SPOILT[name](guest), "GET", outputs["http_api_url"] + ROUTE)
    assert (answer.status_code, answer.json()) == (403, {"message": "Forbidden"})


def test_a_signature_is_good_for_its_request_alone(outputs: dict[str, Any], guest: Signature) -> None:
    headers = sign(guest, "GET", outputs["http_api_url"] + ROUTE)
    for path in ("/guest/dragons?limit=2&family=blue", "/guest/dragons"):
        assert requests.get(outputs["http_api_url"] + path, headers=headers, timeout=60).status_code == 403
    cut = headers | {"Authorization": re.sub("Signature=.", "Signature=", headers["Authorization"])}
    assert requests.get(outputs["http_api_url"] + ROUTE, headers=cut, timeout=60).status_code == 403


def test_a_guest_may_not_what_the_role_does_not_say(
    outputs: dict[str, Any], guest: Signature, aws: Aws
) -> None:
    """Another route that takes signatures is closed to the role of guests."""
    gateway = aws("apigatewayv2")
    api_id = re.findall(r"(?://|/execute-api/)(\w+)", outputs["http_api_url"])[-1]
    routes = {route["RouteKey"]: route for route in gateway.get_routes(ApiId=api_id)["Items"]}
    route = gateway.create_route(
        ApiId=api_id,
        RouteKey="GET /e2e/closed",
        AuthorizationType="AWS_IAM",
        Target=routes["GET /guest/dragons"]["Target"],
    )
    try:
        answer = call(guest, "GET", f"{outputs['http_api_url']}/e2e/closed")
        assert (answer.status_code, answer.json()) == (403, {"message": "Forbidden"})
    finally:
        gateway.delete_route(ApiId=api_id, RouteId=route["RouteId"])
