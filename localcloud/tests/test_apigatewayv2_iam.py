"""Routes of HTTP APIs that want a signature."""

from typing import Any
from urllib.parse import quote, unquote

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import example, given
from hypothesis import strategies as st
from rolo import Request

from localcloud.apigatewayv2.context_variables import context_variables
from localcloud.apigatewayv2.data_plane import invoke_stage
from localcloud.apigatewayv2.errors import HttpApiError
from localcloud.apigatewayv2.iam_authorizer import IamAuthorizer
from localcloud.apigatewayv2.invocation import HttpApi, Invocation
from localcloud.apigatewayv2.lambda_event import request_context
from localcloud.iam.policy import read_policy
from localcloud.iam.principals import Principal
from localcloud.iam.sigv4 import Verifier

ACCOUNT = "000000000000"
PATH = "/_aws/execute-api/a/guest/animals"
ARN = "arn:aws:execute-api:us-east-1:000000000000:a/$default/GET/guest/animals"
ROUTE = {"routeKey": "GET /guest/animals", "authorizationType": "AWS_IAM"}
COGNITO = "cognito-identity.amazonaws.com"
PROVIDER = "cognito-idp.us-east-1.amazonaws.com/pool"


def principal(resource: str = ARN, account: str = ACCOUNT, **more: Any) -> Principal:
    statement = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": resource} | more
    return Principal(
        "ASIAEXAMPLE",
        "secret",
        "token",
        account,
        "arn:aws:sts::000000000000:assumed-role/guests/session",
        "AROAEXAMPLE:session",
        lambda: [read_policy({"Statement": statement})],
        {
            f"{COGNITO}:sub": ("us-east-1:identity",),
            f"{COGNITO}:aud": ("us-east-1:pool",),
            f"{COGNITO}:amr": ("authenticated", PROVIDER),
        },
    )


def invocation(secret: str = "secret", path: str = PATH) -> Invocation:
    signed = AWSRequest("GET", f"http://127.0.0.1:4566{path}?limit=2")
    SigV4Auth(Credentials("ASIAEXAMPLE", secret, "token"), "execute-api", "us-east-1").add_auth(signed)
    headers = {"Host": "127.0.0.1:4566", **dict(signed.headers.items())}
    request = Request("GET", path, headers=headers, query_string="limit=2")
    request.environ["RAW_URI"] = f"{path}?limit=2"
    stages = {"$default": {"stageName": "$default"}}
    api = HttpApi(ACCOUNT, "us-east-1", "a", None, False, [ROUTE], {}, {}, stages)
    found = invoke_stage(api, request, path.removeprefix("/_aws/execute-api/a"))
    assert found is not None
    found.route = ROUTE
    return found


def authorize(call: Invocation, who: Principal | None) -> dict[str, Any]:
    return IamAuthorizer(Verifier("execute-api", lambda _: who))(call, ROUTE)


def test_a_signature_of_somebody_who_may_passes_and_says_who() -> None:
    call = invocation()
    call.authorizer = authorize(call, principal())

    assert request_context(call)["authorizer"] == {
        "iam": {
            "accessKey": "ASIAEXAMPLE",
            "accountId": ACCOUNT,
            "callerId": "AROAEXAMPLE:session",
            "cognitoIdentity": {
                "amr": ["authenticated", PROVIDER],
                "identityId": "us-east-1:identity",
                "identityPoolId": "us-east-1:pool",
            },
            "principalOrgId": None,
            "userArn": "arn:aws:sts::000000000000:assumed-role/guests/session",
            "userId": "AROAEXAMPLE:session",
        }
    }
    logged = context_variables(call)["identity"]
    assert logged["cognitoIdentityId"] == "us-east-1:identity"
    assert logged["cognitoAuthenticationType"] == "authenticated"
    assert logged["cognitoAuthenticationProvider"] == PROVIDER


@pytest.mark.parametrize(
    ("asked", "who", "reason"),
    [
        ({"secret": "x"}, principal(), "does not match"),
        ({}, None, "unknown"),
        ({}, principal(ARN.replace("GET", "POST")), "may not"),
        ({}, principal(Effect="Deny"), "may not"),
        ({"path": f"{PATH}/1"}, principal(), "may not"),
        ({"path": PATH.replace("/animals", "%2Fanimals")}, principal(), "may not"),
        ({"path": PATH.replace("/animals", "%252Fanimals")}, principal(), "may not"),
        ({}, principal(account="111111111111"), "may not"),
        ({}, principal(Condition={"IpAddress": {"aws:SourceIp": "::/0"}}), "not supported"),
    ],
)
def test_everybody_else_is_403_and_learns_nothing(
    asked: dict[str, str], who: Principal | None, reason: str
) -> None:
    call = invocation(**asked)  # signed now: a signature is good for five minutes
    with pytest.raises(HttpApiError) as caught:
        authorize(call, who)
    assert (caught.value.status, caught.value.message, caught.value.headers) == (403, "Forbidden", {})
    assert reason in call.logged["authorizer"]["error"]


@given(
    st.lists(st.text(st.sampled_from("/%25Fa é:*?.")) | st.text(st.characters(codec="utf-8")), min_size=1),
    st.sampled_from(["GET", "GET/GUEST"]),
    st.data(),
)
@example(["guest/animals"], "GET", None)
@example(["guest%2Fanimals"], "GET", None)
@example(["animals"], "GET/GUEST", None)
def test_each_path_has_an_arn_of_its_own_in_whatever_way_it_is_encoded(
    segments: list[str], method: str, data: Any
) -> None:
    def arn(encode: Any) -> str:
        request = Request(method, "/")
        path = "".join("/" + "".join(map(encode, segment)) for segment in segments)
        api = HttpApi(
            ACCOUNT, "us-east-1", "a", None, False, [], {}, {}, {"$default": {"stageName": "$default"}}
        )
        found = invoke_stage(api, request, path)
        assert found is not None
        return found.arn

    def by_chance(character: str) -> str:
        needed = data is None or character in "/%?" or data.draw(st.booleans())
        return quote(character, "") if needed else character

    called = arn(lambda character: quote(character, ""))
    assert called == arn(by_chance)
    stage, *parts = called.removeprefix("arn:aws:execute-api:us-east-1:000000000000:a/").split("/")
    assert (stage, *map(unquote, parts)) == ("$default", method, *segments)
