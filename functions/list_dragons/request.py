"""Reading what GET or HEAD /dragons asks for out of a proxy event."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dragons.errors import FieldError, InvalidRequestError
from dragons.fields import RECORD_NAMES
from dragons.http import method
from dragons.paging import from_token, to_token
from dragons.query_string import PageRequest, read_page_request
from list_dragons.encoding import OBJECT_KEY_BYTES, SORTED_NAME_BYTES, fits
from list_dragons.query import Asked, CountQuery, NamesQuery, Position, Query

FILTERS = {name: RECORD_NAMES[name] for name in RECORD_NAMES if name != "description"}
OPTIONS = {"order": "name", "count": "true"}
"""The parameters that are no filters, and the only value of each."""
COUNTED = ("dragonName", "family", "country")
"""The filters that dragons can be counted by."""

_UNORDERED = "cannot be combined with order=name or a prefix of names"
_UNCOUNTED = (
    "cannot be combined with count=true: count all dragons, or those of one dragonName, family or country"
)


def read_request(event: Mapping[str, Any]) -> Asked:
    """Read the filters, the options, the limit and the token.

    Args:
        event: A proxy event of payload format 1.0 or 2.0. HEAD asks what `count=true` does.

    Raises:
        InvalidRequestError: An unknown or repeated parameter, parameters that do not go together, a bad
            limit, a bad token; all are named.
    """
    asked = read_page_request(event, [*FILTERS, *OPTIONS], "is not a filter of this route")
    prefix, filters = _read_filters(asked)
    counts = "count" in asked.given or method(event) == "HEAD"
    wrong = [*_wrong_options(asked), *(_uncountable(asked, prefix) if counts else _unordered(asked, prefix))]
    if wrong:
        raise InvalidRequestError("Invalid request parameters", wrong)
    if counts:
        return CountQuery(filters)
    if prefix is not None:
        return _names_query(asked, prefix)
    return _query(asked, filters)


def next_token(asked: Asked, position: Sequence[str]) -> str:
    """Make the token that continues what was asked behind a position."""
    return to_token(position, _continued(asked.prefix) if isinstance(asked, NamesQuery) else asked.filters)


def _read_filters(asked: PageRequest) -> tuple[str | None, dict[str, str]]:
    """Tell how the names asked for begin, if that is asked for, and the filters, by the record's fields."""
    filters = {FILTERS[name]: value for name, value in asked.filters.items() if name in FILTERS}
    name = filters.get("dragon_name_str")
    if name is None:
        return "" if "order" in asked.given else None, filters
    if name.endswith("\\*"):
        return None, filters | {"dragon_name_str": name[:-2] + "*"}
    if name.endswith("*"):
        return name[:-1], filters
    return None, filters


def _wrong_options(asked: PageRequest) -> Iterator[FieldError]:
    for name, only in OPTIONS.items():
        if asked.filters.get(name, only) != only:
            yield FieldError(name, f"must be {only}")


def _unordered(asked: PageRequest, prefix: str | None) -> Iterator[FieldError]:
    if "order" in asked.given or prefix is not None:
        for name in FILTERS:
            if name in asked.given and name != "dragonName":
                yield FieldError(name, _UNORDERED)


def _uncountable(asked: PageRequest, prefix: str | None) -> Iterator[FieldError]:
    counted = [name for name in COUNTED if name in asked.given]
    for name in sorted(asked.given - {"count"}):
        if name not in counted or len(counted) > 1 or (name == "dragonName" and prefix is not None):
            yield FieldError(name, _UNCOUNTED)


def _names_query(asked: PageRequest, prefix: str) -> NamesQuery:
    def can_be(position: Sequence[str]) -> bool:
        name = position[0] if len(position) == 1 else ""
        return bool(name) and name.startswith(prefix) and fits(name, SORTED_NAME_BYTES)

    if asked.token is None:
        return NamesQuery(prefix, asked.limit)
    [after] = from_token(asked.token, _continued(prefix), fits=can_be)
    return NamesQuery(prefix, asked.limit, after)


def _query(asked: PageRequest, filters: Mapping[str, str]) -> Query:
    def can_be(position: Sequence[str]) -> bool:
        if len(position) != 2 or "dragon_name_str" in filters:  # a name has one dragon, and so no second page
            return False
        key, name = position
        return bool(key) and fits(key, OBJECT_KEY_BYTES) and fits(name)

    after = None if asked.token is None else Position(*from_token(asked.token, filters, fits=can_be))
    return Query(filters, asked.limit, after)


def _continued(prefix: str) -> dict[str, str]:
    """What a token of names is good for: no query by filters looks like it."""
    return {"order": "name", "prefix": prefix}
