"""Reads a request's identity sources: what says who calls, and what an authorizer's results are cached by.

Source: https://docs.aws.amazon.com/apigateway/latest/api/API_CreateAuthorizer.html#apigw-CreateAuthorizer-request-identitySource
"""

from functools import partial
from typing import Any, NoReturn

from localcloud.gateway.variables import at_path, lookup_by_prefix, read_all


class UnknownIdentitySourceError(ValueError):
    """An expression that API Gateway does not take as an identity source."""


def read_identity_sources(expressions: str | None, context: Any) -> tuple[str, ...] | None:
    """Read the values of an authorizer's identity sources.

    Args:
        expressions: The authorizer's `identitySource`, separated by commas; None or blank if it has none.
        context: The invocation.

    Returns:
        tuple[str, ...] | None: One value an expression; None if any is absent or empty.

    Raises:
        UnknownIdentitySourceError: An expression is not an identity source's.
    """
    request = context.invocation_request

    def header(name: str) -> str:
        return ",".join(request["headers"].getlist(name))

    def parameter(name: str) -> str:
        return ",".join(request["multi_value_query_string_parameters"].get(name) or [])

    sources = {
        "method.request.header.": header,
        "method.request.multivalueheader.": header,
        "method.request.querystring.": parameter,
        "method.request.multivaluequerystring.": parameter,
        "stageVariables.": (context.stage_variables or {}).get,
        "context.": partial(at_path, context.context_variables),
        "": _refuse,
    }
    names = [each.strip() for each in (expressions or "").split(",") if each.strip()]
    return read_all(names, lookup_by_prefix(sources))


def _refuse(expression: str) -> NoReturn:
    raise UnknownIdentitySourceError(f"identitySource: {expression} is not an identity source")
