"""Requests of GET and HEAD /dragons, and what is read out of them."""

from typing import Any

import pytest

from dragons.errors import InvalidRequestError
from list_dragons.query import Query
from list_dragons.request import read_request


def event(**parameters: str) -> dict[str, Any]:
    """A REST API's event."""
    return {
        "queryStringParameters": parameters or None,
        "multiValueQueryStringParameters": {k: [v] for k, v in parameters.items()} or None,
    }


def query(event: dict[str, Any]) -> Query:
    """What is asked of the dataset, or for a name."""
    asked = read_request(event)
    assert isinstance(asked, Query)
    return asked


def wrong(event: dict[str, Any]) -> dict[str, str]:
    """Which parameters are refused, and why."""
    with pytest.raises(InvalidRequestError) as caught:
        read_request(event)
    return {error.field: error.reason for error in caught.value.errors}
