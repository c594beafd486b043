"""Reading the query string of a proxy event, of a REST API or of an HTTP API.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from dragons.errors import FieldError, InvalidRequestError

DEFAULT_LIMIT = 50
MAX_LIMIT = 200


@dataclass(frozen=True)
class PageRequest:
    """A page of an answer, as a caller asks for it.

    Attributes:
        filters: The filters that are given, by their names.
        limit: How many entries the page holds at most.
        token: What the page before gave to go on with; none for the first page.
        given: The names of all parameters that are given.
    """

    filters: Mapping[str, str]
    limit: int
    token: str | None
    given: frozenset[str]


def read_page_request(
    event: Mapping[str, Any],
    filters: Collection[str],
    unknown: str,
    required: Collection[str] = (),
    default_limit: int = DEFAULT_LIMIT,
) -> PageRequest:
    """Read the filters of a route, the limit and the token.

    Args:
        event: A proxy event of payload format 1.0 or 2.0.
        filters: The names of the route's filters.
        unknown: What is said of any other parameter.
        required: Those that a caller has to give.
        default_limit: The limit of a caller who gives none.

    Raises:
        InvalidRequestError: An unknown, missing or repeated parameter, or a bad limit; all are named.
    """
    parameters = _parameters(event)
    errors = [
        FieldError(name, unknown)
        for name in parameters
        if name not in filters and name not in ("limit", "nextToken")
    ]
    errors += [FieldError(name, "is missing") for name in required if name not in parameters]
    errors += [
        FieldError(name, "is given more than once") for name, values in parameters.items() if len(values) > 1
    ]
    limit = parameters.get("limit", [str(default_limit)])[0]
    if not _is_limit(limit):
        errors.append(FieldError("limit", f"must be a whole number from 1 to {MAX_LIMIT}"))
    if errors:
        raise InvalidRequestError("Invalid request parameters", errors)
    given = {name: parameters[name][0] for name in filters if name in parameters}
    return PageRequest(given, int(limit), parameters.get("nextToken", [None])[0], frozenset(parameters))


def _parameters(event: Mapping[str, Any]) -> dict[str, list[str]]:
    if event.get("version") == "2.0":  # it joins repeated parameters with commas: only the raw query tells
        return parse_qs(event["rawQueryString"], keep_blank_values=True)
    several = event.get("multiValueQueryStringParameters")
    if several is not None:
        return dict(several)
    single = event.get("queryStringParameters") or {}
    return {name: [value] for name, value in single.items()}


def _is_limit(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= MAX_LIMIT
