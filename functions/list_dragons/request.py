"""Reading a query out of a proxy event, of a REST API or of an HTTP API.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from dragons.errors import FieldError, InvalidRequestError
from dragons.fields import RECORD_NAMES
from list_dragons.paging import from_token
from list_dragons.query import Query

DEFAULT_LIMIT = 50
MAX_LIMIT = 200
FILTERS = {name: RECORD_NAMES[name] for name in RECORD_NAMES if name != "description"}


def read_query(event: Mapping[str, Any]) -> Query:
    """Read the filters, the limit and the token of GET /dragons.

    Args:
        event: A proxy event of payload format 1.0 or 2.0.

    Raises:
        InvalidRequestError: An unknown or repeated parameter, a bad limit, a bad token; all are named.
    """
    parameters = _parameters(event)
    errors = [
        FieldError(name, "is not a filter of this route")
        for name in parameters
        if name not in FILTERS and name not in ("limit", "nextToken")
    ]
    errors += [
        FieldError(name, "is given more than once") for name, values in parameters.items() if len(values) > 1
    ]
    limit = parameters.get("limit", [str(DEFAULT_LIMIT)])[0]
    if not _is_limit(limit):
        errors.append(FieldError("limit", f"must be a whole number from 1 to {MAX_LIMIT}"))
    if errors:
        raise InvalidRequestError("Invalid request parameters", errors)
    filters = {FILTERS[name]: parameters[name][0] for name in FILTERS if name in parameters}
    token = parameters.get("nextToken")
    after = from_token(token[0], filters) if token else None
    return Query(filters, int(limit), after)


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
