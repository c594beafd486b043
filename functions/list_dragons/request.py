"""Reading a query out of a proxy event."""

from collections.abc import Mapping
from typing import Any

from dragons.fields import RECORD_NAMES
from dragons.paging import from_token
from dragons.query_string import read_page_request
from list_dragons.query import Position, Query

FILTERS = {name: RECORD_NAMES[name] for name in RECORD_NAMES if name != "description"}


def read_query(event: Mapping[str, Any]) -> Query:
    """Read the filters, the limit and the token of GET /dragons.

    Args:
        event: A proxy event of payload format 1.0 or 2.0.

    Raises:
        InvalidRequestError: An unknown or repeated parameter, a bad limit, a bad token; all are named.
    """
    asked = read_page_request(event, FILTERS, "is not a filter of this route")
    filters = {FILTERS[name]: value for name, value in asked.filters.items()}
    after = None if asked.token is None else Position(*from_token(asked.token, filters))
    return Query(filters, asked.limit, after)
