"""Finds a request's authorizer, and reads the identity sources that it wants of the request.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
"""

import logging
from collections.abc import Mapping
from typing import Any

from localcloud.apigatewayv2.errors import internal_server_error
from localcloud.apigatewayv2.invocation import Invocation
from localcloud.apigatewayv2.parameter_mapping import evaluate, request_lookup
from localcloud.gateway.variables import read_all

LOG = logging.getLogger(__name__)


def find_authorizer(invocation: Invocation, route: Mapping[str, Any]) -> Mapping[str, Any]:
    """The definition of a route's authorizer.

    Raises:
        HttpApiError: It has been deleted (500).
    """
    authorizer = invocation.api.authorizers.get(route.get("authorizerId") or "")
    if authorizer is None:
        LOG.error("%s %s: its authorizer is deleted", invocation.api.api_id, route["routeKey"])
        raise internal_server_error()
    return authorizer


def read_identity_sources(invocation: Invocation, authorizer: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The values of the authorizer's identity sources; None if the request lacks any of them."""
    lookup = request_lookup(invocation)
    return read_all(authorizer.get("identitySource") or [], lambda expression: evaluate(expression, lookup))
