"""Reading what is asked of the journal out of a proxy event."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dragons.errors import FieldError, InvalidRequestError
from dragons.paging import from_token, to_token
from dragons.query_string import read_page_request
from dragons.schemas import schema


@dataclass(frozen=True)
class Query:
    """What a caller asks for.

    Attributes:
        dragon_name: Whose journal.
        limit: How many entries a page holds at most.
        after: The position of the last entry of the page before; none for the first page.
    """

    dragon_name: str
    limit: int
    after: str | None


def read_query(event: Mapping[str, Any]) -> Query:
    """Read the dragon's name, the limit and the token of GET /dragons/journal.

    Args:
        event: A proxy event of payload format 1.0 or 2.0.

    Raises:
        InvalidRequestError: An unknown, missing or repeated parameter, a name that no dragon can have, a bad
            limit, a bad token.
    """
    asked = read_page_request(
        event, ["dragonName"], "is not a parameter of this route", required=["dragonName"]
    )
    name = asked.filters["dragonName"]
    rules = schema("dragon")["properties"]["dragon_name_str"]
    if not rules["minLength"] <= len(name) <= rules["maxLength"]:
        reason = f"must have {rules['minLength']} to {rules['maxLength']} characters"
        raise InvalidRequestError("Invalid request parameters", [FieldError("dragonName", reason)])
    if asked.token is None:
        return Query(name, asked.limit, None)
    [after] = from_token(asked.token, _continued(name), fits=lambda position: len(position) == 1)
    return Query(name, asked.limit, after)


def next_token(query: Query, position: str) -> str:
    """Make the token that continues a query behind a position."""
    return to_token([position], _continued(query.dragon_name))


def _continued(dragon_name: str) -> dict[str, str]:
    """What a token is good for: no other route's query looks like it."""
    return {"journal": dragon_name}
