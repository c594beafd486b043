"""Authorizes a request before anything else is done with it: a handler for the REST API's chain.

Sources: https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
and https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html

A kind of authorizer is served by what is registered for it in `Authorization.authorizers`; a method whose
kind nobody serves is refused with AUTHORIZER_CONFIGURATION_ERROR.
"""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from localstack.services.apigateway.next_gen.execute_api import gateway_response

LOG = logging.getLogger(__name__)

type Authorize = Callable[[Any, Mapping[str, Any]], None]
"""Authorizes one invocation with one authorizer, or raises the gateway's exception that refuses it."""


class AuthorizerConfigurationError(gateway_response.AuthorizerConfigurationError):
    """The authorizer could not be asked, or did not respond as one. The caller is told nothing."""

    def __init__(self, reason: str, context: Any) -> None:
        super().__init__()
        log_failure(reason, context)


class AuthorizerFailureError(gateway_response.AuthorizerFailureError):
    """The authorizer failed. The caller is told nothing."""

    message: Any = None

    def __init__(self, reason: str, context: Any) -> None:
        super().__init__()
        log_failure(reason, context)


def log_failure(reason: str, context: Any) -> None:
    """Say in the log and in `$context.authorizer.error` why an authorizer did not decide."""
    LOG.error("Authorizer of %s %s: %s", context.api_id, context.resource["path"], reason)
    log_authorizer(context, error=reason)


def log_authorizer(context: Any, **values: Any) -> None:
    """Set the access log's `$context.authorizer` variables: error, integrationLatency, status, ..."""
    logged: Any = context.logging_context_variables or {}
    logged["authorizer"] = {**(logged.get("authorizer") or {}), **values}
    context.logging_context_variables = logged


class Authorization:
    """Finds a method's authorizer and lets it decide.

    Attributes:
        authorizers: Kind of authorizer (TOKEN, REQUEST, ...) to what serves it.
    """

    def __init__(self, authorizers: dict[str, Authorize]) -> None:
        self.authorizers = authorizers

    def __call__(self, chain: Any, context: Any, response: Any) -> None:  # noqa: ARG002 - a handler
        """Return if the caller may go on.

        Raises:
            BaseGatewayException: They may not, or the authorizer is broken.
        """
        method = context.resource_method
        kind = method.get("authorizationType") or "NONE"
        if kind == "NONE":
            return
        authorizer: Mapping[str, Any] = {"type": kind}
        if identifier := method.get("authorizerId"):
            authorizer = context.deployment.rest_api.authorizers.get(identifier) or {"type": "(deleted)"}
        authorize = self.authorizers.get(authorizer["type"])
        if authorize is None:
            raise AuthorizerConfigurationError(f"{authorizer['type']} is not supported here", context)
        authorize(context, authorizer)
