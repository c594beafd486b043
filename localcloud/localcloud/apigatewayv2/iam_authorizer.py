"""Authorizes with a signature and the policies of whose it is: routes of type AWS_IAM.

Sources: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control-iam.html,
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html
and https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
(`requestContext.authorizer.iam`)

HTTP APIs have no resource policies, so a caller of another account has no way in. Every refusal is 403, a
request without a signature too, as seen of AWS.

Left out: `principalOrgId`, which is always null.
"""

import logging
from collections.abc import Mapping
from typing import Any

from localcloud.apigatewayv2.errors import HttpApiError
from localcloud.apigatewayv2.invocation import Invocation
from localcloud.gateway.policy import INVOKE
from localcloud.gateway.received_request import received_path
from localcloud.iam.policy import MalformedPolicyError
from localcloud.iam.principals import Principal
from localcloud.iam.sigv4 import ReceivedRequest, SignatureError, Verifier

LOG = logging.getLogger(__name__)

_COGNITO = "cognito-identity.amazonaws.com"


class IamAuthorizer:
    """Authorizes invocations.

    Args:
        verifier: Finds out who signed.
    """

    def __init__(self, verifier: Verifier) -> None:
        self._verifier = verifier

    def __call__(self, invocation: Invocation, route: Mapping[str, Any]) -> dict[str, Any]:
        """Verify the signature and evaluate the policies.

        Returns:
            dict[str, Any]: `{"iam": ...}`, who calls.

        Raises:
            HttpApiError: 403; they may not, or it is not known who they are.
        """
        try:
            principal = self._authorize(invocation)
        except (SignatureError, MalformedPolicyError, PermissionError) as error:
            LOG.warning("%s %s: %s", invocation.api.api_id, route["routeKey"], error)
            invocation.logged["authorizer"] = {"error": str(error)}
            raise HttpApiError(403, "Forbidden") from error
        return {"iam": _caller(principal)}

    def _authorize(self, invocation: Invocation) -> Principal:
        request, path = invocation.request, received_path(invocation.request)
        received = ReceivedRequest(
            request.method, path, invocation.raw_query, request.headers, invocation.body
        )
        principal = self._verifier.verify(received, invocation.api.region)
        own = principal.account_id == invocation.api.account_id
        if not (own and principal.may(INVOKE, invocation.arn)):
            raise PermissionError(f"{principal.arn} may not {INVOKE} {invocation.arn!r}")
        return principal


def _caller(principal: Principal) -> dict[str, Any]:
    return {
        "accessKey": principal.access_key,
        "accountId": principal.account_id,
        "callerId": principal.user_id,
        "cognitoIdentity": _cognito_identity(principal),
        "principalOrgId": None,
        "userArn": principal.arn,
        "userId": principal.user_id,
    }


def _cognito_identity(principal: Principal) -> dict[str, Any] | None:
    """Who they are to the identity pool that gave the credentials, if one did."""
    known = principal.context
    if f"{_COGNITO}:sub" not in known:
        return None
    return {
        "amr": list(known[f"{_COGNITO}:amr"]),
        "identityId": known[f"{_COGNITO}:sub"][0],
        "identityPoolId": known[f"{_COGNITO}:aud"][0],
    }
