"""Reads a request's identity sources: what says who calls, and what an authorizer's answer is cached by.

Source: https://docs.aws.amazon.com/apigateway/latest/api/API_CreateAuthorizer.html#apigw-CreateAuthorizer-request-identitySource
"""

from typing import Any

_LOCATIONS = {
    "method.request.header.": "header",
    "method.request.multivalueheader.": "header",
    "method.request.querystring.": "querystring",
    "method.request.multivaluequerystring.": "querystring",
    "stageVariables.": "stageVariables",
    "context.": "context",
}


class UnknownIdentitySourceError(ValueError):
    """An expression that API Gateway does not take as an identity source."""


def read_identity_sources(expressions: str | None, context: Any) -> tuple[str, ...] | None:
    """Read the values of an authorizer's identity sources.

    Args:
        expressions: the authorizer's `identitySource`, separated by commas; none or blank if it has none.
        context: the invocation.

    Returns:
        tuple[str, ...] | None: one value an expression; None if any is absent or empty.

    Raises:
        UnknownIdentitySourceError: an expression is not an identity source's.
    """
    names = [each.strip() for each in (expressions or "").split(",") if each.strip()]
    values = [_read(name, context) for name in names]
    return tuple(map(str, values)) if all(values) else None


def _read(expression: str, context: Any) -> Any:
    prefix = next((each for each in _LOCATIONS if expression.startswith(each)), None)
    if prefix is None:
        raise UnknownIdentitySourceError(f"identitySource: {expression} is not an identity source")
    name, request = expression.removeprefix(prefix), context.invocation_request
    match _LOCATIONS[prefix]:
        case "header":
            return ",".join(request["headers"].getlist(name))
        case "querystring":
            return ",".join(request["multi_value_query_string_parameters"].get(name) or [])
        case "stageVariables":
            return (context.stage_variables or {}).get(name)
        case _:
            return _at_path(context.context_variables, name)


def _at_path(variables: Any, path: str) -> Any:
    for name in path.split("."):
        variables = variables.get(name) if isinstance(variables, dict) else None
    return variables
