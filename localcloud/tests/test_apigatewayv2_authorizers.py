"""The HTTP API's JWT and Lambda authorizers, with a verifier and a function made by hand."""

import json
from collections.abc import Mapping
from threading import Event
from typing import Any

import pytest
from rolo import Request
from werkzeug.datastructures import Headers

from localcloud.apigatewayv2 import lambda_authorizer
from localcloud.apigatewayv2.errors import HttpApiError
from localcloud.apigatewayv2.invocation import HttpApi, Invocation
from localcloud.apigatewayv2.jwt_authorizer import JwtAuthorizer, render_claims
from localcloud.apigatewayv2.lambda_authorizer import LambdaAuthorizer
from localcloud.tokens.verifier import InvalidTokenError, Reason

ISSUER = "https://issuer.test/pool"
ROUTE: dict[str, Any] = {"routeKey": "GET /animals/{id}", "authorizerId": "used"}
ARN = "arn:aws:execute-api:us-east-1:000000000000:a/$default/GET/animals/1"
JWT: dict[str, Any] = {
    "authorizerId": "used",
    "identitySource": ["$request.header.Authorization"],
    "jwtConfiguration": {"issuer": ISSUER, "audience": ["site", "partners"]},
}
FUNCTION: dict[str, Any] = {
    "authorizerId": "used",
    "identitySource": ["$request.header.X-Key", "$request.querystring.who"],
    "authorizerPayloadFormatVersion": "2.0",
    "enableSimpleResponses": True,
}


def invocation(
    authorizer: Mapping[str, Any], headers: Mapping[str, str] | None = None, query: str = ""
) -> Invocation:
    api = HttpApi(
        account_id="000000000000",
        region="us-east-1",
        api_id="a",
        cors=None,
        disabled=False,
        routes=[ROUTE],
        integrations={},
        authorizers={"used": authorizer},
        stages={},
    )
    return Invocation(
        api=api,
        stage={"stageName": "$default", "stageVariables": {"who": "me"}},
        request=Request("GET", "/animals/1"),
        encoded_path="/animals/1",
        raw_path="/animals/1",
        raw_query=query,
        headers=Headers(dict(headers or {})),
        body=b"not for authorizers",
        request_id="r",
        arrived=0,
        route=ROUTE,
        path_parameters={"id": "1"},
    )


def refusal(authorize: Any, call: Invocation, **route: Any) -> tuple[int, str, str | None]:
    with pytest.raises(HttpApiError) as caught:
        authorize(call, ROUTE | route)
    error = caught.value
    return error.status, error.message, error.headers.get("www-authenticate")


def with_claims(**claims: Any) -> JwtAuthorizer:
    """An authorizer for which `good` is a token with these claims."""

    def verify(token: str, issuer: str) -> dict[str, Any]:
        assert issuer == ISSUER
        if token != "good.good.good":
            raise InvalidTokenError(Reason.EXPIRED if token == "old.old.old" else Reason.MALFORMED)
        return claims

    return JwtAuthorizer(verify)


def bearing(token: str, **changes: Any) -> Invocation:
    return invocation(JWT | changes, {"Authorization": token})


@pytest.mark.parametrize("token", ["good.good.good", "Bearer good.good.good"])
@pytest.mark.parametrize(
    "claims", [{"aud": "site"}, {"aud": ["other", "partners"], "client_id": "x"}, {"client_id": "site"}]
)
def test_a_token_for_one_of_the_audiences_passes(token: str, claims: dict[str, Any]) -> None:
    passed_on = with_claims(**claims)(bearing(token), ROUTE)

    assert passed_on == {"jwt": {"claims": render_claims(claims), "scopes": None}}


def test_a_token_may_come_in_the_query() -> None:
    call = invocation(JWT | {"identitySource": ["$request.querystring.token"]}, query="token=good.good.good")
    assert with_claims(aud="site")(call, ROUTE)


@pytest.mark.parametrize("headers", [{}, {"Authorization": ""}, {"X-Authorization": "good.good.good"}])
def test_without_a_token_the_challenge_is_bare(headers: dict[str, str]) -> None:
    call = invocation(JWT, headers)
    assert refusal(with_claims(aud="site"), call) == (401, "Unauthorized", "Bearer")


@pytest.mark.parametrize(
    ("token", "description"),
    [
        ("garbage", "token contains an invalid number of segments"),
        ("Basic good.good.good", "the token is malformed"),
        ("bearer good.good.good", "the token is malformed"),
        ("old.old.old", "the token has expired"),
    ],
)
def test_an_invalid_token_is_401_and_the_challenge_says_why(token: str, description: str) -> None:
    challenge = f'Bearer scope="" error="invalid_token" error_description="{description}"'
    assert refusal(with_claims(aud="site"), bearing(token)) == (401, "Unauthorized", challenge)


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"aud": "other"},
        {"aud": "other", "client_id": "site"},
        {"aud": [], "client_id": "site"},
        {"aud": {"site": 1}},
        {"aud": None},
        {"client_id": "other"},
        {"aud": "sit"},
    ],
)
def test_a_token_for_others_is_401(claims: dict[str, Any]) -> None:
    status, _, challenge = refusal(with_claims(**claims), bearing("good.good.good"))
    assert status == 401
    assert challenge is not None
    assert 'error_description="the token does not have a valid audience"' in challenge


@pytest.mark.parametrize(
    "claims", [{"scope": "openid animals/read"}, {"scp": "animals/read"}, {"scp": ["x", "animals/read"]}]
)
def test_any_of_the_routes_scopes_suffices(claims: dict[str, Any]) -> None:
    route = ROUTE | {"authorizationScopes": ["animals/report", "animals/read"]}
    passed_on = with_claims(aud="site", **claims)(bearing("good.good.good"), route)

    assert "animals/read" in passed_on["jwt"]["scopes"]


@pytest.mark.parametrize("claims", [{}, {"scope": ""}, {"scope": "animals"}, {"scope": 1}, {"scp": {"a": 1}}])
def test_without_any_of_the_routes_scopes_it_is_403(claims: dict[str, Any]) -> None:
    authorize = with_claims(aud="site", **claims)
    refused = refusal(authorize, bearing("good.good.good"), authorizationScopes=["animals/read", "b"])

    assert refused == (403, "Forbidden", 'Bearer scope="animals/read b" error="insufficient_scope"')


def test_claims_become_texts() -> None:
    claims = {
        "cognito:groups": ["reporters", "reviewers"],
        "exp": 1787996002,
        "verified": True,
        "address": {"a": 1},
        "nothing": None,
    }
    assert render_claims(claims) == {
        "cognito:groups": "[reporters reviewers]",
        "exp": "1787996002",
        "verified": "true",
        "address": '{"a": 1}',
    }


@pytest.mark.parametrize("authorize", [with_claims(), LambdaAuthorizer(lambda *_: (b"", False))])
def test_a_deleted_authorizer_is_a_500(authorize: Any) -> None:
    assert refusal(authorize, bearing("good.good.good"), authorizerId="deleted")[0] == 500


class Function:
    """An authorizer's function: responses, fails or cannot be called, and keeps the events."""

    def __init__(self, response: Any, failed: bool = False) -> None:
        self.response = response
        self.failed = failed
        self.events: list[Any] = []
        self.authorize = LambdaAuthorizer(self)

    def __call__(self, call: Invocation, authorizer: Mapping[str, Any], event: bytes) -> tuple[bytes, bool]:
        self.events.append(json.loads(event))
        if isinstance(self.response, Exception):
            raise self.response
        return json.dumps(self.response).encode(), self.failed


def policy(resource: str = ARN, effect: str = "Allow") -> dict[str, Any]:
    statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": resource}
    return {"principalId": "me", "policyDocument": {"Version": "2012-10-17", "Statement": [statement]}}


def asking(key: str = "k", who: str = "me", **changes: Any) -> Invocation:
    return invocation(FUNCTION | changes, {"X-Key": key}, f"who={who}&x=1")


def test_a_simple_response_allows_and_passes_its_context_on() -> None:
    context = {"number": 1, "list": ["a"], "map": {"a": True}}
    function = Function({"isAuthorized": True, "context": context})

    assert function.authorize(asking(), ROUTE) == {"lambda": context}
    [event] = function.events
    assert {"type": "REQUEST", "version": "2.0", "routeArn": ARN, "identitySource": ["k", "me"]}.items() <= (
        event.items()
    )
    assert (event["routeKey"], event["pathParameters"]) == (ROUTE["routeKey"], {"id": "1"})
    assert not {"body", "isBase64Encoded"} & set(event)


def test_format_1_gets_the_identity_sources_as_one_text_and_answers_with_a_policy() -> None:
    function = Function(policy() | {"context": {"number": 1}})

    passed_on = function.authorize(asking(authorizerPayloadFormatVersion="1.0"), ROUTE)

    assert passed_on == {"lambda": {"number": "1"}}
    [event] = function.events
    assert (event["methodArn"], event["identitySource"], event["authorizationToken"]) == (ARN, "k,me", "k,me")
    assert (event["httpMethod"], event["resource"]) == ("GET", "/animals/{id}")


@pytest.mark.parametrize(
    ("response", "simple"),
    [
        ({"isAuthorized": False}, True),
        (policy(effect="Deny"), False),
        (policy(ARN.replace("GET", "POST")), False),
    ],
)
def test_a_no_is_403(response: Any, simple: bool) -> None:
    call = asking(enableSimpleResponses=simple)
    assert refusal(Function(response).authorize, call)[:2] == (403, "Forbidden")


def test_without_an_identity_source_it_is_401_and_the_function_is_not_called() -> None:
    function = Function({"isAuthorized": True})
    for call in (asking(key=""), asking(who=""), invocation(FUNCTION)):
        assert refusal(function.authorize, call)[:2] == (401, "Unauthorized")
    assert function.events == []


@pytest.mark.parametrize(
    ("response", "failed"),
    [
        (LookupError("no such function"), False),
        ({"errorMessage": "Task timed out"}, True),
        (None, True),
        ({}, False),
        ([], False),
        ({"isAuthorized": "true"}, False),
        ({"isAuthorized": True, "context": "x"}, False),
        (policy(), False),
    ],
)
def test_no_proper_answer_is_a_500_of_which_the_caller_learns_nothing(response: Any, failed: bool) -> None:
    call = asking()
    assert refusal(Function(response, failed).authorize, call)[:2] == (500, "Internal Server Error")
    assert call.logged["authorizer"]["error"]


def test_a_function_says_401_by_failing() -> None:
    function = Function({"errorMessage": "Unauthorized", "errorType": "Exception"}, failed=True)
    assert refusal(function.authorize, asking())[:2] == (401, "Unauthorized")


def test_a_function_that_takes_too_long_is_500(monkeypatch: pytest.MonkeyPatch) -> None:
    released = Event()
    monkeypatch.setattr(lambda_authorizer, "_LIMIT_SECONDS", 0.05)
    slow = LambdaAuthorizer(lambda *_: (b"{}", not released.wait(30)))
    try:
        assert refusal(slow, asking())[:2] == (500, "Internal Server Error")
    finally:
        released.set()


def test_answers_are_kept_by_every_identity_source_and_policies_evaluated_anew() -> None:
    function = Function(policy())
    settings: dict[str, Any] = {"authorizerResultTtlInSeconds": 60, "enableSimpleResponses": False}
    for key, who in [("k", "me"), ("k", "you"), ("l", "me"), ("k", "me")]:
        assert function.authorize(asking(key, who, **settings), ROUTE)

    elsewhere = asking(**settings)
    elsewhere.encoded_path = "/animals/2"
    assert refusal(function.authorize, elsewhere)[0] == 403
    assert len(function.events) == 3


@pytest.mark.parametrize(
    "settings",
    [{"authorizerResultTtlInSeconds": 0}, {}, {"authorizerResultTtlInSeconds": 60, "identitySource": []}],
)
def test_without_time_or_identity_nothing_is_kept(settings: dict[str, Any]) -> None:
    function = Function({"isAuthorized": True})
    for _ in range(2):
        assert function.authorize(asking(**settings), ROUTE)
    assert len(function.events) == 2
