"""The paging token: good for its query, unchanged, and for an hour."""

import base64
import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragons.errors import InvalidRequestError
from dragons.paging import CLOCK_SKEW_SECONDS, LIFETIME_SECONDS, from_token, to_token
from list_dragons.query import NamesQuery, Position, Query
from list_dragons.request import FILTERS, next_token, read_request
from support.strategies import texts

positions = st.builds(Position, texts, texts)
filters_asked = st.dictionaries(st.sampled_from(sorted(FILTERS.values())), texts)
ages = st.integers(-CLOCK_SKEW_SECONDS, LIFETIME_SECONDS)
NOT_ONE = "is not a token of this query: start again without it"
EXPIRED = "has expired after an hour: start again without it"


def reason(token: str, query: dict[str, str], now: float = 1e9) -> str:
    """Why a token is refused."""
    with pytest.raises(InvalidRequestError, match=r"^Invalid nextToken$") as caught:
        from_token(token, query, clock=lambda: now)
    [error] = caught.value.errors
    assert error.field == "nextToken"
    return error.reason


@given(positions, filters_asked, ages)
def test_a_token_comes_back_as_the_position_it_was(
    position: Position, filters: dict[str, str], age: int
) -> None:
    token = to_token(position, filters, clock=lambda: 1e9)
    assert Position(*from_token(token, filters, clock=lambda: 1e9 + age)) == position


@given(positions, filters_asked, st.integers(LIFETIME_SECONDS + 1, 10**9))
def test_a_token_expires_after_an_hour(position: Position, filters: dict[str, str], age: int) -> None:
    token = to_token(position, filters, clock=lambda: 1e9)
    assert reason(token, filters, now=1e9 + age) == EXPIRED


@given(positions, filters_asked, st.integers(CLOCK_SKEW_SECONDS + 1, 10**9))
def test_a_token_from_the_future_is_none(position: Position, filters: dict[str, str], ahead: int) -> None:
    token = to_token(position, filters, clock=lambda: 1e9 + ahead)
    assert reason(token, filters) == NOT_ONE


@given(positions, filters_asked, filters_asked, ages)
def test_a_token_is_good_for_its_filters_alone(
    position: Position, filters: dict[str, str], others: dict[str, str], age: int
) -> None:
    if filters != others:
        token = to_token(position, filters, clock=lambda: 1e9 - age)
        assert reason(token, others) == NOT_ONE


@given(positions, filters_asked, st.data())
def test_a_changed_token_is_refused(position: Position, filters: dict[str, str], data: st.DataObject) -> None:
    token = to_token(position, filters, clock=lambda: 1e9)
    at = data.draw(st.integers(0, len(token) - 1))
    character = data.draw(st.characters(codec="ascii"))
    changed = data.draw(st.sampled_from([token[:at], token[:at] + character + token[at + 1 :]]))
    if changed != token:
        assert reason(changed, filters) == NOT_ONE


@given(positions, filters_asked, st.integers(1, 10**9))
def test_a_token_cannot_be_given_another_time(
    position: Position, filters: dict[str, str], later: int
) -> None:
    *parts, made, checksum = opened(to_token(position, filters, clock=lambda: 1e9))
    assert made == 10**9
    assert reason(closed([*parts, made + later, checksum]), filters, now=1e9 + later) == NOT_ONE


@given(st.text())
def test_any_text_as_a_token_is_refused_in_words(token: str) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        from_token(token, {})
    assert caught.value.body() == {
        "message": "Invalid nextToken",
        "errors": [{"field": "nextToken", "reason": NOT_ONE}],
    }


def opened(token: str) -> Any:
    return json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))


def closed(content: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


def forged(parts: list[Any], query: dict[str, str]) -> str:
    """What somebody makes who knows how checksums are made."""
    content = json.dumps([*parts, sorted(query.items())])
    return closed([*parts, hashlib.sha256(content.encode()).hexdigest()[:32]])


@pytest.mark.parametrize("made", [True, 1e9, "1000000000", None, 10**400, -(10**400), [10**9]])
def test_a_time_that_is_none_is_refused(made: Any) -> None:
    assert reason(forged(["k", "n", made], {}), {}) in (NOT_ONE, EXPIRED)


def test_a_forged_token_is_made_like_a_true_one() -> None:
    assert forged(["k", "n", 10**9], {}) == to_token(("k", "n"), {}, clock=lambda: 1e9)


@pytest.mark.parametrize(
    ("asked", "position"),
    [
        ({}, ["key"]),
        ({}, ["key", "name", "more"]),
        ({}, ["", "name"]),
        ({}, ["k" * 1025, "name"]),
        ({}, ["\ud800", "name"]),
        ({}, ["key", "\ud800"]),
        ({"dragonName": "Atlas"}, ["key", "Atlas"]),
        ({"dragonName": "At*"}, ["Bt"]),
        ({"dragonName": "At*"}, ["key", "Atlas"]),
        ({"order": "name"}, [""]),
        ({"order": "name"}, ["\ud800"]),
        ({"order": "name"}, ["n" * 1025]),
    ],
)
def test_a_position_that_the_query_cannot_have_is_no_token(
    asked: dict[str, str], position: list[str]
) -> None:
    query = read_request({"queryStringParameters": asked})
    assert isinstance(query, Query | NamesQuery)
    with pytest.raises(InvalidRequestError) as caught:
        read_request({"queryStringParameters": asked | {"nextToken": next_token(query, position)}})
    assert [error.reason for error in caught.value.errors] == [NOT_ONE]


@given(texts.filter(lambda text: "*" not in text[-1:]), texts)
def test_a_token_tells_a_prefix_from_a_name_and_from_no_filter(prefix: str, rest: str) -> None:
    asked = [{"dragonName": prefix}, {"dragonName": f"{prefix}*"}, {"dragonName": f"{prefix}\\*"}, {}]
    queries = [read_request({"queryStringParameters": each}) for each in asked]
    for query in queries:
        token = next_token(query, [prefix + rest])
        taken = []
        for other in asked:
            try:
                taken.append(read_request({"queryStringParameters": other | {"nextToken": token}}))
            except InvalidRequestError as error:
                assert [each.reason for each in error.errors] == [NOT_ONE]  # noqa: PT017 - of several
        assert taken == ([NamesQuery(prefix, 50, prefix + rest)] if isinstance(query, NamesQuery) else [])


def test_order_and_an_empty_prefix_ask_the_same_and_share_their_tokens() -> None:
    token = next_token(NamesQuery("", 50), ["Atlas"])
    for asked in ({"order": "name"}, {"dragonName": "*"}, {"order": "name", "dragonName": "*"}):
        query = read_request({"queryStringParameters": asked | {"nextToken": token}})
        assert query == NamesQuery("", 50, "Atlas")
