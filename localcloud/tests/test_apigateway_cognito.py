"""The REST API's Cognito authorizer, with a verifier made by hand: tokens are named, not signed."""

from types import SimpleNamespace
from typing import Any

import pytest
from localstack.services.apigateway.next_gen.execute_api.gateway_response import UnauthorizedError
from werkzeug.datastructures import Headers

from localcloud.apigateway.authorization import AuthorizerConfigurationError
from localcloud.apigateway.cognito_authorizer import CognitoAuthorizer, render_claims
from localcloud.tokens.verifier import InvalidTokenError, Reason

ARN = "arn:aws:cognito-idp:us-east-1:000000000000:userpool/"
TIMES = {"iat": 1544112503, "exp": 1544116103}
ID: dict[str, Any] = {"sub": "me", "token_use": "id", "aud": "site", "iss": "https://issuer/a", **TIMES}
ACCESS: dict[str, Any] = {"sub": "me", "token_use": "access", "scope": "openid animals/read"}
TOKENS: dict[str, dict[str, Any]] = {
    "id": ID,
    "access": ACCESS,
    "unscoped": {**ACCESS, "scope": ""},
    "odd": {"sub": "me"},
}
AUTHORIZER: dict[str, Any] = {
    "type": "COGNITO_USER_POOLS",
    "identitySource": "method.request.header.Authorization",
    "providerARNs": [ARN + "a", ARN + "${stageVariables.pool}", ARN + "deleted"],
}


def verify(token: str, *issuers: str) -> dict[str, Any]:
    assert issuers == ("https://issuer/a", "https://issuer/b")
    if token not in TOKENS:
        raise InvalidTokenError(Reason.EXPIRED if token == "old" else Reason.SIGNATURE)
    return TOKENS[token]


def find_issuer(pool_id: str) -> str | None:
    return None if pool_id == "deleted" else f"https://issuer/{pool_id}"


def authorize(header: str | None, scopes: list[str] | None = None, **changes: Any) -> Any:
    """Authorize a call; returns what `$context.authorizer` is then."""
    context = SimpleNamespace(
        invocation_request={"headers": Headers({"authorization": header} if header is not None else {})},
        stage_variables={"pool": "b"},
        resource_method={"authorizationScopes": scopes},
        context_variables={},
        logging_context_variables=None,
        api_id="a",
        resource={"path": "/animals"},
    )
    CognitoAuthorizer(verify, find_issuer)(context, AUTHORIZER | changes)
    return context.context_variables["authorizer"]


@pytest.mark.parametrize("header", ["id", "Bearer id"])
@pytest.mark.parametrize("scopes", [None, []])
def test_without_scopes_an_id_token_passes_with_its_claims(header: str, scopes: list[str] | None) -> None:
    assert authorize(header, scopes) == {
        "claims": {
            "sub": "me",
            "token_use": "id",
            "aud": "site",
            "iss": "https://issuer/a",
            "iat": "Thu Dec 06 16:08:23 UTC 2018",
            "exp": "Thu Dec 06 17:08:23 UTC 2018",
        }
    }


def test_with_scopes_an_access_token_with_any_of_them_passes() -> None:
    assert authorize("Bearer access", ["animals/report", "animals/read"])["claims"]["sub"] == "me"


@pytest.mark.parametrize(
    ("header", "scopes", "message"),
    [
        (None, None, "Unauthorized"),
        ("", None, "Unauthorized"),
        ("Bearer ", None, "Unauthorized"),
        ("bearer id", None, "Unauthorized"),
        ("Basic id", None, "Unauthorized"),
        ("forged", None, "Unauthorized"),
        ("old", None, "The incoming token has expired"),
        ("access", None, "Unauthorized"),
        ("odd", None, "Unauthorized"),
        ("id", ["animals/read"], "Unauthorized"),
        ("access", ["animals"], "Unauthorized"),
        ("unscoped", [""], "Unauthorized"),
        ("odd", ["animals/read"], "Unauthorized"),
    ],
)
def test_whatever_else_is_refused(header: str | None, scopes: list[str] | None, message: str) -> None:
    with pytest.raises(UnauthorizedError) as caught:
        authorize(header, scopes)
    assert caught.value.message == message


def test_an_expression_has_to_match_the_app_client() -> None:
    assert authorize("id", identityValidationExpression="site|other")
    with pytest.raises(UnauthorizedError):
        authorize("id", identityValidationExpression="sit")


@pytest.mark.parametrize(
    "change", [{"identityValidationExpression": "("}, {"identitySource": "method.request.body.token"}]
)
def test_a_malformed_definition_is_the_apis_own_fault(change: dict[str, Any]) -> None:
    with pytest.raises(AuthorizerConfigurationError):
        authorize("id", **change)


def test_claims_become_texts() -> None:
    claims = {
        "cognito:groups": ["reporters", "reviewers"],
        "email_verified": True,
        "auth_time": 1544112503,
        "address": {"formatted": "x"},
        "nothing": None,
    }
    assert render_claims(claims) == {
        "cognito:groups": "reporters,reviewers",
        "email_verified": "true",
        "auth_time": "1544112503",
        "address": '{"formatted": "x"}',
    }
