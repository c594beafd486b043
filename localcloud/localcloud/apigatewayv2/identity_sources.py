"""Finds a request's authorizer, and reads the identity sources that it wants of the request.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
"""

import logging
from collections.abc import Mapping
from typing import Any

from localcloud.apigatewayv2.errors import internal_server_error
from localcloud.apigatewayv2.invocation import Invocation
from localcloud.apigatewayv2.parameter_values import evaluate, request_lookup

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
    values = [evaluate(expression, lookup) for expression in authorizer.get("identitySource") or []]
    present = tuple(value for value in values if value)
    return present if len(present) == len(values) else None
