"""Routes of HTTP APIs that want a signature."""

from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from rolo import Request

from localcloud_plugin.apigatewayv2.context_variables import context_variables
from localcloud_plugin.apigatewayv2.data_plane import invoke_stage
from localcloud_plugin.apigatewayv2.errors import HttpApiError
from localcloud_plugin.apigatewayv2.iam_authorizer import IamAuthorizer
from localcloud_plugin.apigatewayv2.invocation import HttpApi, Invocation
from localcloud_plugin.apigatewayv2.lambda_event import request_context
from localcloud_plugin.iam.policy import read_policy
from localcloud_plugin.iam.principals import Principal
from localcloud_plugin.iam.sigv4 import Verifier

ACCOUNT = "000000000000"
PATH = "/_aws/execute-api/a/guest/dragons"
ARN = "arn:aws:execute-api:us-east-1:000000000000:a/$default/GET/guest/dragons"
ROUTE = {"routeKey": "GET /guest/dragons", "authorizationType": "AWS_IAM"}
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
    ("call", "who", "reason"),
    [
        (invocation(secret="x"), principal(), "does not match"),
        (invocation(), None, "unknown"),
        (invocation(), principal(ARN.replace("GET", "POST")), "may not"),
        (invocation(), principal(Effect="Deny"), "may not"),
        (invocation(path=f"{PATH}/1"), principal(), "may not"),
        (invocation(), principal(account="111111111111"), "may not"),
        (invocation(), principal(Condition={"IpAddress": {"aws:SourceIp": "::/0"}}), "not supported"),
    ],
)
def test_everybody_else_is_403_and_learns_nothing(
    call: Invocation, who: Principal | None, reason: str
) -> None:
    with pytest.raises(HttpApiError) as caught:
        authorize(call, who)
    assert (caught.value.status, caught.value.message, caught.value.headers) == (403, "Forbidden", {})
    assert reason in call.logged["authorizer"]["error"]
