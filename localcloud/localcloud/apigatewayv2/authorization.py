"""Asks the route's authorizer.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control.html
"""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from localcloud.apigatewayv2.errors import internal_server_error
from localcloud.apigatewayv2.iam_authorizer import IamAuthorizer
from localcloud.apigatewayv2.invocation import Invocation
from localcloud.apigatewayv2.jwt_authorizer import JwtAuthorizer
from localcloud.apigatewayv2.lambda_authorizer import LambdaAuthorizer, invoke_function
from localcloud.iam.sigv4 import Verifier
from localcloud.tokens.verifier import verify

LOG = logging.getLogger(__name__)

type Authorize = Callable[[Invocation, Mapping[str, Any]], dict[str, Any]]
"""Called with the invocation and its route; returns what `requestContext.authorizer` is.

Raises HttpApiError: 401 without valid credentials, 403 where they do not suffice.
"""

AUTHORIZERS: dict[str, Authorize] = {
    "NONE": lambda _invocation, _route: {},
    "JWT": JwtAuthorizer(verify),
    "CUSTOM": LambdaAuthorizer(invoke_function),
    "AWS_IAM": IamAuthorizer(Verifier("execute-api")),
}
"""What serves each AuthorizationType."""


def authorize(invocation: Invocation) -> None:
    """Let the request through, with what the authorizer passes on, or raise.

    Raises:
        HttpApiError: The authorizer refuses, or nothing here serves the route's type (500).
    """
    kind = invocation.route.get("authorizationType") or "NONE"
    serve = AUTHORIZERS.get(kind)
    if serve is None:
        LOG.error(
            "%s %s: no authorizer of type %s", invocation.api.api_id, invocation.route["routeKey"], kind
        )
        raise internal_server_error()
    invocation.authorizer = serve(invocation, invocation.route)
